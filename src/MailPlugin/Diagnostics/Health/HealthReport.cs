namespace MailPlugin.Diagnostics.Health;

/// <summary>The worst of the findings, and all of them.</summary>
internal sealed record HealthReport(HealthStatus Status, IReadOnlyList<HealthFinding> Checks);

/// <param name="Name">What was looked at.</param>
/// <param name="Detail">What is wrong; null when nothing is.</param>
internal sealed record HealthFinding(string Name, HealthStatus Status, string? Detail)
{
    /// <summary>The queue's alone.</summary>
    public QueueAge? Queue { get; init; }

    /// <summary>How the last message on a transport ended; null when there was none since the start, or the settings changed.</summary>
    public LastResult? LastResult { get; init; }

    /// <summary>What the last look at a transport showed; null while none was needed.</summary>
    public ProbeResult? Probe { get; init; }
}

/// <param name="OldestQueuedSeconds">Since when the message that waits longest has been due.</param>
internal sealed record QueueAge(long Waiting, long OldestQueuedSeconds);

internal sealed record LastResult(DateTimeOffset At, bool Ok, string? Problem);

/// <summary>From good to bad.</summary>
internal enum HealthStatus
{
    Healthy,
    Degraded,
    Unhealthy,
}
