using System.Security.Cryptography;
using System.Text;
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
        var signIn = context.Features.Get<SignIn>();
        var safe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        return safe || signIn is null || Matches(context.Request.Headers[Header].ToString(), signIn.CsrfToken)
            ? next(context)
            : Problem.Of("csrf-invalid").ExecuteAsync(context);
    }

    static bool Matches(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
