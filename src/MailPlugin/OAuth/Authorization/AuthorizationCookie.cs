using MailPlugin.Http.Pipeline;
using MailPlugin.Options;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.OAuth.Authorization;

/// <summary>Ties the way back to the browser that left: <c>SameSite=Lax</c>, because the way back comes from another site.</summary>
internal static class AuthorizationCookie
{
    const string Name = OwnCookie.Prefix + "-oauth";

    public static string? Read(HttpContext context) => context.Request.Cookies.TryGetValue(Name, out var value) && value.Length > 0 ? value : null;

    public static void Write(HttpContext context, MailPluginOptions options, string value) => context.Response.Cookies.Append(Name, value, Options(context, options, AuthorizationDesk.Patience));

    public static void Clear(HttpContext context, MailPluginOptions options) => context.Response.Cookies.Delete(Name, Options(context, options, null));

    static CookieOptions Options(HttpContext context, MailPluginOptions options, TimeSpan? age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps || options.PublicUrl?.Scheme == Uri.UriSchemeHttps,
        Path = MountPoint.LinkTo(context, "oauth"),
        MaxAge = age,
        IsEssential = true,
    };
}
