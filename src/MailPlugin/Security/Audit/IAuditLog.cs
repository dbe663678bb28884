namespace MailPlugin.Security.Audit;

/// <summary>Who changed what, and when. Never a secret's value.</summary>
internal interface IAuditLog
{
    Task WriteAsync(string who, string action, string? target, string? detail, CancellationToken cancellationToken);

    /// <summary>Newest first, older than <paramref name="before"/> when it is set.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAsync(long? before, int limit, CancellationToken cancellationToken);
}

internal sealed record AuditEntry(long Id, DateTimeOffset At, string Who, string Action, string? Target, string? Detail);
