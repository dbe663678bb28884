using System.Net;
using MailPlugin.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace MailPlugin.Http.Pipeline;

/// <summary>
/// Takes scheme, host, caller and prefix from a proxy that the options name, and from nobody else: whoever calls directly could claim any address, and
/// so escape the bounds on guessing keys.
/// </summary>
internal static class TrustedProxies
{
    const string Prefix = "X-Forwarded-Prefix";

    public static void UseTrustedProxies(this IApplicationBuilder app, MailPluginOptions options)
    {
        app.Use((context, next) =>
        {
            var isTrusted = IsTrusted(context.Connection.RemoteIpAddress, options.TrustedProxies);
            context.Features.Set(MountPoint.Of(context, options, isTrusted ? PrefixOf(context) : "") with { IsByTrustedProxy = isTrusted });
            return next(context);
        });
        if (options.TrustedProxies.Count == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,

            // As many hops as are trusted.
            ForwardLimit = null,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var network in options.TrustedProxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }

    static string PrefixOf(HttpContext context)
    {
        var prefix = context.Request.Headers[Prefix].ToString().TrimEnd('/');
        return prefix.Length > 0 && OptionReader.IsUrlPath(prefix) ? prefix : "";
    }

    static bool IsTrusted(IPAddress? address, IReadOnlyList<IPNetwork> trusted)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && trusted.Any(network => network.Contains(plain));
    }
}
