namespace MailPlugin.Queue;

/// <summary>Lets go of what is old. Each step is small, so that sending never waits for it.</summary>
internal interface IQueueRetention
{
    /// <summary>Deletes contents of finished messages that are older than this.</summary>
    /// <returns>How many; less than <paramref name="limit"/>: no more.</returns>
    Task<int> DropContentsAsync(DateTimeOffset olderThan, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes finished messages that are older than this.</summary>
    Task<int> DropMessagesAsync(DateTimeOffset olderThan, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes idempotency marks, suppressions and counts whose time is over, and sums old counts up.</summary>
    Task<int> TidyAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives free pages back to the file system, a few at a time.</summary>
    /// <returns>Whether there are more.</returns>
    Task<bool> ShrinkAsync(CancellationToken cancellationToken);

    /// <summary>Clears away what deleted contents left in files that only the database itself reads.</summary>
    Task SweepAsync(CancellationToken cancellationToken);

    /// <summary>Bytes that the database uses, free pages not counted, or that the messages have whose contents it keeps; and how many messages it has.</summary>
    Task<(long Bytes, long Messages)> MeasureAsync(CancellationToken cancellationToken);
}
