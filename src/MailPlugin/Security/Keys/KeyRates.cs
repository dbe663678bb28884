using System.Threading.RateLimiting;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.Keys;

/// <summary>Holds each key to the rate that it was made with.</summary>
internal sealed class KeyRates : IDisposable
{
    readonly PartitionedRateLimiter<ApiKey> _perKey = PartitionedRateLimiter.Create<ApiKey, string>(key => key.RatePerMinute is { } rate
        ? RateLimitPartition.GetTokenBucketLimiter(key.Id, _ => Bucket(rate))
        : RateLimitPartition.GetNoLimiter(""));

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<ApiKey>() is not { RatePerMinute: { } rate } key)
        {
            return next(context);
        }

        using var place = _perKey.AttemptAcquire(key);
        return place.IsAcquired ? next(context) : Problem.RateLimited(PeriodOf(rate)).ExecuteAsync(context);
    }

    public void Dispose() => _perKey.Dispose();

    /// <summary>A minute's worth at once, refilled evenly.</summary>
    static TokenBucketRateLimiterOptions Bucket(int rate) => new()
    {
        TokenLimit = rate,
        TokensPerPeriod = Math.Max(1, rate / 60),
        ReplenishmentPeriod = PeriodOf(rate),
        QueueLimit = 0,
    };

    static TimeSpan PeriodOf(int rate) => TimeSpan.FromSeconds(rate < 60 ? 60.0 / rate : 1);
}
