using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.Pipeline;

/// <summary>Where the plugin is mounted in this host: a feature of every request that the branch handles.</summary>
/// <param name="BasePath">Full path of the API as callers see it, such as <c>/api/mail</c>.</param>
internal sealed record MountPoint(string BasePath)
{
    public static string BasePathOf(HttpContext context) => context.Features.Get<MountPoint>()?.BasePath ?? "";

    /// <summary>Path of a resource of the API, for <c>Location</c>.</summary>
    public static string LinkTo(HttpContext context, string resource) => $"{BasePathOf(context)}/{resource}";
}
