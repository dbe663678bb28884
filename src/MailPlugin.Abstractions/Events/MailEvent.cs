namespace MailPlugin.Abstractions;

/// <summary>An outcome for one recipient.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Id">The message's id.</param>
/// <param name="MessageId">Its Message-ID header.</param>
/// <param name="Recipient">The recipient's address.</param>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="Transport">Id of the transport that was used, if one was.</param>
/// <param name="Reply">The reply or error that decided it, if there was one.</param>
/// <param name="Source">The submission's source.</param>
public sealed record MailEvent(
    MailEventKind Kind, string Id, string MessageId, string Recipient, DateTimeOffset At, string? Transport, string? Reply, string? Source);

/// <summary>What happened to a recipient.</summary>
public enum MailEventKind
{
    /// <summary>The relay took responsibility.</summary>
    Accepted,

    /// <summary>It will be tried again.</summary>
    Deferred,

    /// <summary>It was refused for good, or its time ran out.</summary>
    Failed,

    /// <summary>It was not tried: the recipient is suppressed.</summary>
    Suppressed,
}
