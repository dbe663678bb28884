namespace MailPlugin.Queue;

/// <summary>The way into the queue.</summary>
internal interface IOutbox
{
    /// <summary>
    /// Stores messages with their idempotency marks in one commit. When the task completes they are on disk. A message whose mark is known
    /// already is not stored: it is answered with the earlier receipt, or as a conflict. Recipients that are suppressed are stored as such. When the quota does not hold all that are new, none is stored.
    /// </summary>
    /// <returns>One answer for each message, in order.</returns>
    /// <exception cref="DatabaseUnavailableException">Nothing was stored.</exception>
    Task<IReadOnlyList<EnqueueAnswer>> EnqueueAsync(IReadOnlyList<NewMessage> messages, QueueQuota quota, CancellationToken cancellationToken);

    /// <summary>What was answered under this mark, if it is not older than 24 hours.</summary>
    Task<EnqueueAnswer?> FindAnswerAsync(IdempotencyMark mark, DateTimeOffset now, CancellationToken cancellationToken);
}

internal sealed record EnqueueAnswer(EnqueueResult Result, string Id, string MessageId, MessageStatus Status, string? Reason)
{
    /// <summary>Recipients of a message just stored to which nothing will be sent.</summary>
    public IReadOnlyList<Recipient> Suppressed { get; init; } = [];
}

internal enum EnqueueResult
{
    Stored,

    /// <summary>Stored before, under the same idempotency mark.</summary>
    Replayed,

    /// <summary>The idempotency key belongs to another body.</summary>
    Conflict,

    /// <summary>The quota is used up.</summary>
    QueueFull,
}

/// <summary>How much may wait.</summary>
internal sealed record QueueQuota(long Messages, long Bytes)
{
    public static QueueQuota None { get; } = new(long.MaxValue, long.MaxValue);
}
