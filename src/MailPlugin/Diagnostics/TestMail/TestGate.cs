using System.Threading.RateLimiting;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>Bounds tests, so that they become neither a port scanner nor a flood: a few at once, some a minute.</summary>
internal sealed class TestGate : IDisposable
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    readonly ConcurrencyLimiter _atOnce = new(new() { PermitLimit = 4, QueueLimit = 4 });

    readonly PartitionedRateLimiter<string> _perCaller = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(
        caller, _ => new() { TokenLimit = 30, TokensPerPeriod = 30, ReplenishmentPeriod = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <summary>A place, to be given back by disposing of it; null when there is none.</summary>
    public async ValueTask<IDisposable?> EnterAsync(string caller, CancellationToken cancellationToken)
    {
        using var rate = _perCaller.AttemptAcquire(caller);
        if (!rate.IsAcquired)
        {
            return null;
        }

        var place = await _atOnce.AcquireAsync(1, cancellationToken);
        if (place.IsAcquired)
        {
            return place;
        }

        place.Dispose();
        return null;
    }

    public void Dispose()
    {
        _atOnce.Dispose();
        _perCaller.Dispose();
    }
}
