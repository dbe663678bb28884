using MailPlugin.Abstractions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GreetingPlugin;

/// <summary>A plugin as small as one can be that still serves a page and starts and stops with the host.</summary>
public sealed class Entry : IHostPlugin
{
    public void ConfigureServices(IServiceCollection services, HostPluginContext context)
    {
        services.AddSingleton<IStartupFilter>(new GreetingPage(context));
        services.AddSingleton<IHostedService, Greeter>();
    }
}
