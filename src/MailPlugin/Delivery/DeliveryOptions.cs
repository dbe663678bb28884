namespace MailPlugin.Delivery;

/// <summary>How delivery works (<c>MailPlugin:Limits:…</c>).</summary>
internal sealed record DeliveryOptions
{
    /// <summary>Long enough for two renewals to fail; short enough for what a node had in hand when it died.</summary>
    public static readonly TimeSpan SharedLease = TimeSpan.FromSeconds(60);

    /// <summary>Where each claim and each commit costs round trips, of this process and of a database that others use too: a third of them for a time that nobody notices.</summary>
    public static readonly TimeSpan SharedGather = TimeSpan.FromMilliseconds(5);

    /// <summary>How long after a claim that took something the next one waits, and outcomes for others, so that fewer have more.</summary>
    public TimeSpan Gather { get; init; }

    /// <summary>How long a claim holds without being renewed: after that another node may send the message.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What sessions in flight get when the host stops.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages of one source that may be in flight at once.</summary>
    public int MaxPerSource { get; init; } = 1_000;

    /// <summary>Bytes of contents in memory, whatever the number of messages in flight.</summary>
    public long ContentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>The longest look away: a lost signal or a clock set back costs no more than this.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
