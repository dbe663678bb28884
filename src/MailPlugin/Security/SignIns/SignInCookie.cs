using MailPlugin.Http.Pipeline;
using MailPlugin.Options;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary>The cookie that carries a sign-in's token.</summary>
internal sealed class SignInCookie(MailPluginOptions options)
{
    const string Name = OwnCookie.Prefix;

    public static string? Read(HttpContext context) =>
        context.Request.Cookies.TryGetValue(Name, out var token) && token.Length > 0 ? token : null;

    public void Write(HttpContext context, string token) => context.Response.Cookies.Append(Name, token, Options(context, SignInDesk.Longest));

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

    CookieOptions Options(HttpContext context, TimeSpan? age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps || options.PublicUrl?.Scheme == Uri.UriSchemeHttps,

        // No path: the browser takes the folder of the address that it called (RFC 6265 5.1.4), which is the API's base as it sees it, whatever a proxy
        // put before it or took off.
        Path = null,
        MaxAge = age,
        IsEssential = true,
    };
}
