using MailPlugin.Options;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.Pipeline;

/// <summary>Where the plugin is mounted in this host: a feature of every request that the branch handles.</summary>
/// <param name="BasePath">Full path of the API as callers see it, such as <c>/api/mail</c>.</param>
internal sealed record MountPoint(string BasePath)
{
    /// <summary>Whether a proxy that the options name handed the request on, so that the host it came for is that proxy's word.</summary>
    public bool IsByTrustedProxy { get; init; }

    /// <param name="context">A request that the branch handles.</param>
    /// <param name="options">Whose public address, where there is one, says what a proxy takes off.</param>
    /// <param name="prefix">What a proxy says that it took off.</param>
    public static MountPoint Of(HttpContext context, MailPluginOptions options, string prefix = "")
    {
        var taken = options.PublicUrl is { } url ? url.AbsolutePath.TrimEnd('/') : prefix;
        return new(taken + (context.Request.PathBase.Value ?? options.BasePath));
    }

    public static string BasePathOf(HttpContext context) => context.Features.Get<MountPoint>()?.BasePath ?? "";

    /// <summary>Path of a resource of the API, for <c>Location</c>.</summary>
    public static string LinkTo(HttpContext context, string resource) => $"{BasePathOf(context)}/{resource}";
}
