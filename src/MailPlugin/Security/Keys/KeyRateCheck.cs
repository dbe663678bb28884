using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.Keys;

/// <summary>Answers 429 to a key that is used more often than it may be. The page's sign-in and what is open to everybody are not counted.</summary>
internal sealed class KeyRateCheck(RequestDelegate next, KeyRates rates)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<ApiKey>() is { } key && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null && rates.Refuse(key) is { } wait
            ? Problem.RateLimited(wait).ExecuteAsync(context)
            : next(context);
}
