using MailPlugin.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace MailPlugin.Hosting;

/// <summary>
/// Mounts API and page ahead of the host's own middleware, so that none of it decides on them. <c>Map</c> rather than <c>UseWhen</c>: a path
/// below that nobody knows ends here, it does not fall through to the host.
/// </summary>
internal sealed class MountBranches(MailPluginOptions options, PluginRuntime runtime) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map(options.BasePath, branch => branch.Run(runtime.HandleApiAsync));
        app.Map(options.PagePath.TrimEnd('/'), branch => branch.Run(runtime.HandlePageAsync));
        next(app);
    };
}
