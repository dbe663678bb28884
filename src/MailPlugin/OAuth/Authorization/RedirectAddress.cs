using MailPlugin.Http.Pipeline;
using MailPlugin.Options;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.OAuth.Authorization;

/// <summary>Where providers send browsers back to: it has to be registered there, letter by letter.</summary>
internal static class RedirectAddress
{
    /// <summary>From <c>PublicUrl</c>, else from what the request says (and a trusted proxy).</summary>
    public static Uri Of(HttpContext context, MailPluginOptions options)
    {
        var origin = options.PublicUrl is { } url ? url.GetLeftPart(UriPartial.Authority) : $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}";
        return new(origin + MountPoint.LinkTo(context, "oauth/callback"));
    }
}
