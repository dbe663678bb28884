namespace MailPlugin.Queue;

/// <summary>Addresses to which nothing is sent.</summary>
internal interface ISuppressionStore
{
    /// <summary>Newest first, behind <paramref name="after"/>. What has ended is left out.</summary>
    Task<IReadOnlyList<Suppression>> ListAsync(SuppressionPosition? after, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    Task PutAsync(Suppression suppression, CancellationToken cancellationToken);

    /// <returns>Whether it was there.</returns>
    Task<bool> RemoveAsync(string address, CancellationToken cancellationToken);
}

/// <summary>The last suppression of a page.</summary>
internal sealed record SuppressionPosition(DateTimeOffset CreatedAt, string Address);
