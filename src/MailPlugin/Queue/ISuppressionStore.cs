namespace MailPlugin.Queue;

/// <summary>Addresses to which nothing is sent.</summary>
internal interface ISuppressionStore
{
    /// <summary>Which of these are suppressed now, by <see cref="Recipient.KeyOf"/>.</summary>
    Task<IReadOnlyDictionary<string, Suppression>> FindAsync(IReadOnlyCollection<string> addresses, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Newest first, behind <paramref name="after"/>. What has ended is left out.</summary>
    Task<IReadOnlyList<Suppression>> ListAsync(SuppressionPosition? after, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    Task PutAsync(Suppression suppression, CancellationToken cancellationToken);

    /// <returns>Whether it was there.</returns>
    Task<bool> RemoveAsync(string address, CancellationToken cancellationToken);
}

/// <summary>The last suppression of a page.</summary>
internal sealed record SuppressionPosition(DateTimeOffset CreatedAt, string Address);
