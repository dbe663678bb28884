namespace MailPlugin.Submission;

/// <summary>How much a message and the queue may hold (<c>MailPlugin:Limits:…</c>).</summary>
internal sealed record SubmissionLimits
{
    public const int MaxRecipients = 1_000;
    public const int MaxHeaders = 50;
    public const int MaxBatch = 1_000;
    public const int MaxRequestBytes = 36 * 1024 * 1024;
    public const int MaxAttachments = 100;
    public const int MaxMetadata = 50;

    /// <summary>Bytes of a composed message.</summary>
    public long MessageBytes { get; init; } = 25L * 1024 * 1024;

    /// <summary>Messages that may wait.</summary>
    public long QueueMessages { get; init; } = 2_000_000;

    /// <summary>Bytes that may wait.</summary>
    public long QueueBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Free bytes on the disk below which nothing more is accepted.</summary>
    public long DiskFloor { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long a caller waits for the commit at most.</summary>
    public TimeSpan CommitWait { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>When a message that names no end is given up.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromDays(5);

    public TimeSpan LongestExpiry { get; init; } = TimeSpan.FromDays(366);
}
