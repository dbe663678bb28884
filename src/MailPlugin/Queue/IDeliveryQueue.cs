using System.Collections.ObjectModel;

namespace MailPlugin.Queue;

/// <summary>
/// The way out of the queue. A claim gives messages to one worker under a lease; whoever writes an outcome shows the lease's token, so that a
/// worker that was thought dead cannot overwrite what its successor did.
/// </summary>
internal interface IDeliveryQueue
{
    /// <summary>Takes messages that are due, each lane up to its share, streams of a lane in turn.</summary>
    Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>A message that was stored as claimed; null when the lease does not hold it.</summary>
    Task<ClaimedMessage?> FindClaimedAsync(string id, Lease lease, CancellationToken cancellationToken);

    /// <summary>The bytes of a message that is held; null when they are gone.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be read now, or is no longer held: nothing of it is to be sent.</exception>
    Task<MessageContent?> ReadContentAsync(HeldMessage held, CancellationToken cancellationToken);

    /// <summary>Writes outcomes in one commit, with the counts that statistics read.</summary>
    /// <returns>For each outcome what the message has come to; null where the lease was no longer held and nothing was written.</returns>
    Task<IReadOnlyList<MessageStatus?>> RecordAsync(IReadOnlyList<MessageOutcome> outcomes, CancellationToken cancellationToken);

    /// <summary>Keeps leases that are still needed from running out.</summary>
    Task ExtendAsync(IReadOnlyCollection<HeldMessage> messages, DateTimeOffset now, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>Makes every claimed message due at once. For the start of the one process that owns the queue; where there may be others it does nothing.</summary>
    /// <returns>How many there were.</returns>
    Task<int> FreeLeasesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Puts times right that a clock which was set back has left ahead. What was to leave at once is due; what was deferred waits as long as it would have, and never longer than any wait can be.
    /// What waits for a time that somebody named goes on waiting.
    /// </summary>
    /// <returns>How many there were.</returns>
    Task<int> FollowClockAsync(ClockChange change, CancellationToken cancellationToken);
}

/// <param name="Now">What is due by then.</param>
/// <param name="Lease">Token and end of the lease for all that is taken.</param>
/// <param name="Shares">How many at most of each lane, by <see cref="MailPlugin.Abstractions.MailPriority"/>'s stored number: high, normal, bulk.</param>
/// <param name="Total">How many at most in all; what a lane leaves others may take.</param>
/// <param name="RoomAt">How many messages bound to this transport (empty: to none) may be taken: what is behind a slow one would wait in vain for another.</param>
/// <param name="RoomOf">How many more of this source may be in flight.</param>
internal sealed record ClaimRequest(
    DateTimeOffset Now, Lease Lease, IReadOnlyList<int> Shares, int Total, Func<string, int> RoomAt, Func<string, int> RoomOf);

/// <param name="Messages">What was taken.</param>
/// <param name="NextDue">When to look again, if nothing wakes the worker earlier; null: nothing waits.</param>
internal sealed record ClaimResult(IReadOnlyList<ClaimedMessage> Messages, DateTimeOffset? NextDue)
{
    /// <summary>The bytes of those that are small, by their keys, where they cost nothing but the way. They say nothing of the lease: whoever uses them later than it may have ended reads them anew.</summary>
    public IReadOnlyDictionary<long, MessageContent> Contents { get; init; } = ReadOnlyDictionary<long, MessageContent>.Empty;
}

/// <param name="Now">What the clock says now.</param>
/// <param name="SetBack">By how much it was set back; zero: not known.</param>
/// <param name="LongestWait">No deferred message waits longer.</param>
internal sealed record ClockChange(DateTimeOffset Now, TimeSpan SetBack, TimeSpan LongestWait);

internal sealed record HeldMessage(long Key, long Token);

/// <summary>A message's bytes as they were composed.</summary>
internal sealed record MessageContent(ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Body);
