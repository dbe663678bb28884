using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Abstractions;

/// <summary>
/// The entry of a plugin. The host makes one instance with the public parameterless constructor, in the plugin's own load
/// context, and calls it once, before its service provider is built.
/// </summary>
public interface IHostPlugin
{
    /// <summary>
    /// Registers what the host is to know of the plugin. A plugin is a guest: it adds services of its own and, for routes, one
    /// <c>IStartupFilter</c>; it changes no option and no registration of the host.
    /// </summary>
    /// <param name="services">The host's services, not yet built.</param>
    /// <param name="context">Where the plugin was found and what the host says of itself.</param>
    /// <remarks>
    /// An exception leaves the host running without this plugin; services registered before it was thrown are taken back. What fails
    /// later fails as the host's own code would: a registration that cannot be built, or a hosted service whose <c>StartAsync</c> throws,
    /// stops the host's start. A plugin that the host is to survive without catches that itself and answers its own routes with an error.
    /// </remarks>
    void ConfigureServices(IServiceCollection services, HostPluginContext context);
}
