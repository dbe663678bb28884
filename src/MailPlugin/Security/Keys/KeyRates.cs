using System.Collections.Concurrent;

namespace MailPlugin.Security.Keys;

/// <summary>
/// Holds each key to its own <see cref="ApiKey.RatePerMinute"/>: so many at once, then evenly through the minute. A request costs one; what
/// carries several messages costs as many, so that a batch is no way around the rate.
/// </summary>
internal sealed class KeyRates(TimeProvider clock)
{
    readonly ConcurrentDictionary<string, Rate> _rates = new(StringComparer.Ordinal);

    /// <summary>How long to wait when this request is one too many; else it is counted.</summary>
    public TimeSpan? Refuse(ApiKey key) => RateOf(key)?.Refuse(clock.GetTimestamp());

    /// <summary>Counts what a request turned out to carry beyond the one that it was counted for. Later requests wait for it.</summary>
    public void Charge(ApiKey key, int more) => RateOf(key)?.Charge(more);

    Rate? RateOf(ApiKey key) => key.RatePerMinute is { } perMinute
        ? _rates.GetOrAdd(key.Id, static (_, of) => new(of.perMinute, of.clock), (perMinute, clock))
        : null;

    /// <summary>Knows one thing: when all that was taken will have been due.</summary>
    sealed class Rate(int perMinute, TimeProvider clock)
    {
        readonly Lock _lock = new();
        readonly double _step = clock.TimestampFrequency * 60.0 / perMinute;
        readonly double _minute = clock.TimestampFrequency * 60.0;
        double _due = clock.GetTimestamp();

        public TimeSpan? Refuse(long now)
        {
            lock (_lock)
            {
                var due = Math.Max(_due, now) + _step;

                // A millionth of a step of grace: the sums are not exact.
                var early = due - now - _minute;
                if (early > _step / 1_000_000)
                {
                    return TimeSpan.FromSeconds(early / clock.TimestampFrequency);
                }

                _due = due;
                return null;
            }
        }

        public void Charge(int more)
        {
            lock (_lock)
            {
                _due += more * _step;
            }
        }
    }
}
