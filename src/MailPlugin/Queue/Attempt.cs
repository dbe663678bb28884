namespace MailPlugin.Queue;

/// <summary>One try to hand a message, or the rest of its recipients, to one transport.</summary>
/// <param name="Reply">The reply or error that says most about it.</param>
/// <param name="Why">Why this transport.</param>
internal sealed record Attempt(DateTimeOffset At, string Transport, AttemptOutcome Outcome, string? Reply, long DurationMs, string? TranscriptId, string? Why);

/// <summary>What an attempt came to. The numbers are stored.</summary>
internal enum AttemptOutcome
{
    Accepted = 0,
    Captured = 1,

    /// <summary>Some recipients were accepted, some not.</summary>
    Partial = 2,
    Deferred = 3,
    Failed = 4,

    /// <summary>The content went out and no reply came: it may have arrived, and is tried again.</summary>
    Uncertain = 5,
}
