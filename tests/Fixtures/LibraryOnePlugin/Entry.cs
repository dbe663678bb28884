using FixtureLibrary;
using MailPlugin.Abstractions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LibraryOnePlugin;

/// <summary>Uses FixtureLibrary 1.0, which the other library plugin has in another version.</summary>
public sealed class Entry : IHostPlugin, IStartupFilter
{
    // Asked while the plugin is loaded, so that a missing library shows at once.
    public void ConfigureServices(IServiceCollection services, HostPluginContext context) =>
        services.AddSingleton<IStartupFilter>(Answer().Length > 0 ? this : throw new InvalidOperationException());

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map("/library-one", branch => branch.Run(http => http.Response.WriteAsync(Answer())));
        next(app);
    };

    static string Answer() => $"{Library.Old()} of version {typeof(Library).Assembly.GetName().Version}";
}
