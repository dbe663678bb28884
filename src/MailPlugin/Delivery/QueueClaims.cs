using MailPlugin.Nodes;
using MailPlugin.Queue;
using MailPlugin.Settings;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>Takes from the queue what there is room for, and says how long to wait when there is nothing to take. The worker's own: one claim at a time.</summary>
internal sealed partial class QueueClaims(
    IDeliveryQueue queue, TransportLines lines, ISettingsSource settings, DeliverySwitch @switch, HoldClock holds, InFlight inFlight, INodes nodes, QueueOutage outage, RetryOptions retry,
    DeliveryOptions options, TimeProvider clock, ILogger<QueueClaims> logger)
{
    static readonly TimeSpan RateLook = TimeSpan.FromSeconds(1);

    readonly LaneShares _shares = new();
    DateTimeOffset _latest;

    /// <summary>For the start of the one process that owns the queue.</summary>
    public async Task<int> TakeOverAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var freed = await queue.FreeLeasesAsync(now, cancellationToken);
        await queue.FollowClockAsync(new(now, TimeSpan.Zero, LongestWait), cancellationToken);
        return freed;
    }

    /// <returns>What was taken; if that is nothing, how long nothing is to be done, as far as is known.</returns>
    public async Task<(IReadOnlyList<DeliveryJob> Jobs, TimeSpan Wait)> NextAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await FollowClockAsync(now, cancellationToken);
        var enabled = lines.Enabled;
        if (nodes.Rank == 0)
        {
            // The others follow what the first one writes: two that see it differently would each undo the other's.
            await holds.UpdateAsync(Holds(enabled), now, cancellationToken);
        }

        if (!MaySend)
        {
            outage.NotAsked();
            return ([], options.Patience);
        }

        var room = enabled.ToDictionary(transport => transport.Id, transport => lines.Get(transport).Room, StringComparer.Ordinal);
        var (total, unbound) = (room.Values.Sum(), lines.RoomUnbound);
        if (total == 0)
        {
            return ([], WhenRoom(enabled));
        }

        var asked = (clock.GetTimestamp(), now);
        var lease = new Lease(Lease.NewToken(), now + options.Lease);
        var claimed = await queue.ClaimAsync(
            new(now, lease, _shares.Divide(total), total, transport => transport.Length == 0 ? unbound : room.GetValueOrDefault(transport), inFlight.RoomOf), cancellationToken);
        outage.Succeeded();
        var jobs = new List<DeliveryJob>();
        foreach (var message in claimed.Messages)
        {
            inFlight.Add(message);
            var job = new DeliveryJob(message);
            job.KeepContent(claimed.Contents.GetValueOrDefault(message.Key), asked);
            jobs.Add(job);
        }

        // Something is due that has no room (its source has its share in flight): an outcome will wake the loop.
        return (jobs, claimed.NextDue is { } due && due > now ? due - now : options.Patience);
    }

    /// <summary>No wait of the schedule's is longer than this.</summary>
    TimeSpan LongestWait => retry.Longest * (1 + retry.Jitter);

    bool MaySend => settings.Current.Settings.Enabled && !@switch.IsPaused;

    /// <summary>Somebody may have set the clock since the last look: back, then waits are as long as they were; ahead, then leases still hold.</summary>
    async Task FollowClockAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _latest)
        {
            var back = _latest - now;
            var moved = await queue.FollowClockAsync(new(now, back, LongestWait), cancellationToken);
            LogClockSetBack(back, moved);
        }

        _latest = now;
        await inFlight.RenewIfLateAsync(cancellationToken);
    }

    /// <summary>Which routes stand still through no fault of their messages: then the messages do not age.</summary>
    IEnumerable<string> Holds(IReadOnlyList<TransportSettings> enabled)
    {
        if (!MaySend)
        {
            yield return HoldClock.Everything;
            yield break;
        }

        var suspended = enabled.Where(transport => lines.Get(transport).Health.Report().Condition == TransportCondition.Suspended).Select(transport => transport.Id).ToList();
        foreach (var id in suspended)
        {
            yield return id;
        }

        if (suspended.Count == enabled.Count)
        {
            yield return HoldClock.AnyTransport;
        }
    }

    TimeSpan WhenRoom(IReadOnlyList<TransportSettings> enabled)
    {
        var probe = enabled.Select(transport => lines.Get(transport).Health.ProbeIn).Min();
        var wait = probe is { } until && until > TimeSpan.Zero ? until : options.Patience;
        return enabled.Any(transport => lines.Get(transport).WaitsForRate) && wait > RateLook ? RateLook : wait;
    }

    [LoggerMessage(EventId = 2007, Level = LogLevel.Warning, Message = "The clock was set back by {Time}; {Count} messages no longer wait for the old time")]
    partial void LogClockSetBack(TimeSpan time, int count);
}
