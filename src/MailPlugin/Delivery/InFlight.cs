using System.Collections.Concurrent;
using MailPlugin.Queue;

namespace MailPlugin.Delivery;

/// <summary>
/// What this process holds of the queue: how much of each source, and the leases. A lease ends by the clock on the wall, which can be set; so leases are renewed as time passes, and once more
/// before a claim when the clock has gone on without that. What is held is therefore never claimed a second time by the process that holds it.
/// </summary>
internal sealed class InFlight(IDeliveryQueue queue, QueueGauge gauge, DeliveryOptions options, TimeProvider clock)
{
    readonly ConcurrentDictionary<long, HeldMessage> _held = new();
    readonly ConcurrentDictionary<string, int> _bySource = new(StringComparer.Ordinal);
    long _renewedAt = clock.GetUtcNow().UtcTicks;

    public int Count => _held.Count;

    /// <summary>How often leases are renewed: a renewal that fails once or twice costs nothing.</summary>
    public TimeSpan RenewEvery => options.Lease / 3;

    public void Add(ClaimedMessage message)
    {
        _held[message.Key] = new(message.Key, message.Lease.Token);
        _bySource.AddOrUpdate(message.Source, 1, (_, count) => count + 1);
        gauge.Sending = _held.Count;
    }

    public void Remove(ClaimedMessage message)
    {
        if (!_held.TryRemove(new(message.Key, new(message.Key, message.Lease.Token))))
        {
            return;
        }

        _bySource.AddOrUpdate(message.Source, 0, (_, count) => count - 1);
        _bySource.TryRemove(new(message.Source, 0));
        gauge.Sending = _held.Count;
    }

    /// <summary>How many more of a source may be in flight.</summary>
    public int RoomOf(string source) => options.MaxPerSource - _bySource.GetValueOrDefault(source);

    /// <summary>To be called before a claim: nothing that is held may be due by then.</summary>
    /// <exception cref="DatabaseUnavailableException">They cannot be renewed: then nothing may be claimed.</exception>
    public Task RenewIfLateAsync(CancellationToken cancellationToken) =>
        clock.GetUtcNow().UtcTicks - Interlocked.Read(ref _renewedAt) > (RenewEvery * 2).Ticks ? RenewAsync(cancellationToken) : Task.CompletedTask;

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var held = _held.Values.ToList();
        if (held.Count > 0)
        {
            await queue.ExtendAsync(held, now, options.Lease, cancellationToken);
        }

        Interlocked.Exchange(ref _renewedAt, now.UtcTicks);
    }
}
