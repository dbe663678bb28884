using MailPlugin.Abstractions;
using MailPlugin.Host.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.Host.Tests.Guest;

/// <summary>The plugins that are held to be guests, by name, and what each may leave in the host's container.</summary>
internal static class GuestPlugins
{
    static readonly Dictionary<string, Type[]> MayRegister = new()
    {
        ["GreetingPlugin"] = [typeof(IStartupFilter), typeof(IHostedService)],
        ["MailPlugin"] = [typeof(IMailSubmission), typeof(IMailEvents), typeof(IStartupFilter), typeof(IHostedService)],
    };

    /// <summary>What the plugin may register of types that others know, each at most once.</summary>
    public static IReadOnlyList<Type> AllowedServices(string plugin) => MayRegister[plugin];

    public static void Add(PluginsFolder plugins, string plugin)
    {
        if (plugin == "MailPlugin")
        {
            plugins.AddCopy(Repository.MailPlugin, plugin);
        }
        else
        {
            plugins.Add(plugin);
        }
    }
}
