using System.Security.Claims;
using MailPlugin.Security.HostSignIn;
using MailPlugin.Security.Keys;
using MailPlugin.Security.SignIns;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security;

/// <summary>Whether a caller who was let in some time ago still would be: answers that go on for hours must end with the key or sign-in that opened them.</summary>
internal sealed class CallerStanding(KeyRegister keys, SignInDesk desk, TimeProvider clock)
{
    /// <summary>Only a request of its own can ask the host again.</summary>
    static readonly TimeSpan HostSignIn = TimeSpan.FromMinutes(5);

    /// <param name="context">The request, already authenticated.</param>
    /// <param name="since">When that was.</param>
    public async Task<bool> HoldsAsync(HttpContext context, DateTimeOffset since)
    {
        if (context.Features.Get<ICookieCaller>() is HostAdmin)
        {
            return clock.GetUtcNow() - since < HostSignIn;
        }

        if (context.User.FindFirstValue(CallerClaims.SignIn) is not null)
        {
            return SignInCookie.Read(context) is { } token && await IsOpenAsync(token, context.RequestAborted);
        }

        return context.User.FindFirstValue(CallerClaims.Key) is { } id && keys.FindById(id) is not null;
    }

    async Task<bool> IsOpenAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.IsOpenAsync(token, cancellationToken);
        }
        catch (DatabaseUnavailableException)
        {
            // Nobody can vouch for them now; a request of their own is told why.
            return false;
        }
    }
}
