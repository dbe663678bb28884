using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary><c>GET /session</c>: who the caller is.</summary>
internal static class GetSession
{
    public static IResult Handle(HttpContext context, ClaimsPrincipal caller)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new Answer(
            caller.Name(), [.. caller.FindAll(CallerClaims.Scope).Select(claim => claim.Value)], context.Features.Get<ICookieCaller>()?.CsrfToken));
    }

    /// <param name="Who">Such as <c>key:ops</c>.</param>
    /// <param name="Scopes">What the caller may do.</param>
    /// <param name="CsrfToken">For X-CSRF-Token; null for callers with a key.</param>
    internal sealed record Answer(string Who, IReadOnlyList<string> Scopes, string? CsrfToken);
}
