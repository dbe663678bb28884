using System.Threading.RateLimiting;

namespace MailPlugin.Security.SignIns;

/// <summary>Bounds guessing: attempts per address, and over all addresses together.</summary>
internal sealed class SignInLimiter : IDisposable
{
    readonly PartitionedRateLimiter<string> _perAddress = PartitionedRateLimiter.Create<string, string>(
        address => RateLimitPartition.GetTokenBucketLimiter(address, _ => Bucket(10, 6)));

    readonly TokenBucketRateLimiter _overall = new(Bucket(100, 60));

    /// <summary>How long to wait, when this attempt is one too many.</summary>
    public TimeSpan? Refuse(string? address)
    {
        using var own = _perAddress.AttemptAcquire(address ?? "");
        using var all = _overall.AttemptAcquire();
        return own.IsAcquired && all.IsAcquired ? null : TimeSpan.FromSeconds(10);
    }

    public void Dispose()
    {
        _perAddress.Dispose();
        _overall.Dispose();
    }

    static TokenBucketRateLimiterOptions Bucket(int burst, int perMinute) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perMinute,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1),
        QueueLimit = 0,
    };
}
