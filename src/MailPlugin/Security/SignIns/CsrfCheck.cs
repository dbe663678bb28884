using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary>
/// A request that comes with the cookie and changes something must carry the sign-in's token: another site can make a browser
/// send the cookie, but cannot read the token. Requests with a key need none.
/// </summary>
internal static class CsrfCheck
{
    const string Header = "X-CSRF-Token";

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var caller = context.Features.Get<ICookieCaller>();
        var safe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        return safe || caller is null || caller.Accepts(context.Request.Headers[Header].ToString())
            ? next(context)
            : Problem.Of("csrf-invalid").ExecuteAsync(context);
    }
}
