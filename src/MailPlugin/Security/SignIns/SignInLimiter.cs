using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace MailPlugin.Security.SignIns;

/// <summary>Bounds guessing: attempts per address; of wrong keys over all addresses, how many are looked into and written to the audit log.</summary>
internal sealed class SignInLimiter : IDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    readonly PartitionedRateLimiter<string> _perAddress = PartitionedRateLimiter.Create<string, string>(
        origin => RateLimitPartition.GetTokenBucketLimiter(origin, _ => Bucket(10, 1)));

    readonly TokenBucketRateLimiter _overall = new(Bucket(100, 10));

    /// <summary>How long to wait, when this attempt is one too many.</summary>
    public TimeSpan? Refuse(IPAddress? address) => Wait(_perAddress.AttemptAcquire(Origin(address)));

    /// <summary>The same for an attempt with a wrong key: strangers must not keep those out who have a right one.</summary>
    public TimeSpan? RefuseWrong() => Wait(_overall.AttemptAcquire());

    public void Dispose()
    {
        _perAddress.Dispose();
        _overall.Dispose();
    }

    static TimeSpan? Wait(RateLimitLease lease)
    {
        using var taken = lease;
        return taken.IsAcquired ? null : Period;
    }

    /// <summary>Whoever has one IPv6 address has its whole /64.</summary>
    static string Origin(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    static TokenBucketRateLimiterOptions Bucket(int burst, int perPeriod) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perPeriod,
        ReplenishmentPeriod = Period,
        QueueLimit = 0,
    };
}
