using System.Net;
using MailPlugin.Http.Pipeline;
using MailPlugin.Options;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.OAuth.Authorization;

/// <summary>
/// Where providers send browsers back to: it has to be registered there, letter by letter. So it follows from the configuration and not from the name that a caller gives the host.
/// </summary>
internal static class RedirectAddress
{
    /// <summary>From <c>PublicUrl</c>; without it from a request that came by a trusted proxy or to this machine's loopback. Else null: nobody has said what this host is called.</summary>
    public static Uri? Of(HttpContext context, MailPluginOptions options)
    {
        var request = context.Request;
        var origin = options.PublicUrl is { } url ? url.GetLeftPart(UriPartial.Authority)
            : context.Features.Get<MountPoint>() is { IsByTrustedProxy: true } || IsLoopback(request.Host.Host) ? $"{request.Scheme}://{request.Host.ToUriComponent()}" : null;
        return Uri.TryCreate(origin + MountPoint.LinkTo(context, "oauth/callback"), UriKind.Absolute, out var address) && origin is not null ? address : null;
    }

    static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
