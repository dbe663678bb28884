using System.Threading.RateLimiting;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>Bounds tests and diagnoses, so that they become neither a port scanner nor a flood: a few at once, some a minute.</summary>
internal sealed class TestGate : IDisposable
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    readonly ConcurrencyLimiter _atOnce = new(new() { PermitLimit = 4, QueueLimit = 4 });

    readonly PartitionedRateLimiter<string> _perCaller = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(
        caller, _ => new() { TokenLimit = 30, TokensPerPeriod = 30, ReplenishmentPeriod = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <summary>A place, to be given back by disposing of it; null when there is none.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="cost">How many tests it counts for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IDisposable?> EnterAsync(string caller, int cost, CancellationToken cancellationToken)
    {
        using var rate = _perCaller.AttemptAcquire(caller, cost);
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
