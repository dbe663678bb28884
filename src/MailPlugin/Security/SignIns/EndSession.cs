using System.Security.Claims;
using MailPlugin.Http.Problems;
using MailPlugin.Security.HostSignIn;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary><c>DELETE /session</c>: signs out.</summary>
internal static class EndSession
{
    public static async Task<IResult> HandleAsync(HttpContext context, ClaimsPrincipal caller, SignInDesk desk, SignInCookie cookie)
    {
        if (context.Features.Get<ICookieCaller>() is HostAdmin)
        {
            // The host signed them in, and only the host can sign them out.
            return Problem.Of("host-sign-in");
        }

        if (caller.FindFirstValue(CallerClaims.SignIn) is { } id)
        {
            await desk.EndAsync(id, context.RequestAborted);
            cookie.Clear(context);
        }

        return Results.NoContent();
    }
}
