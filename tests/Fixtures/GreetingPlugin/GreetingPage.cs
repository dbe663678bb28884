using MailPlugin.Abstractions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace GreetingPlugin;

internal sealed class GreetingPage(HostPluginContext context) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map("/greeting", branch => branch.Run(http =>
            http.Response.WriteAsync($"Hello from {context.Manifest.Id} in {Path.GetFileName(context.Folder)}")));
        next(app);
    };
}
