using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
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

    /// <summary>Null when the plugin can be loaded at all, else why not.</summary>
    public static string? WhyNot(string plugin)
    {
        if (plugin != "MailPlugin")
        {
            return null;
        }

        var assembly = Path.Combine(Repository.MailPlugin, "MailPlugin.dll");
        if (!File.Exists(assembly))
        {
            return "plugins/MailPlugin is not built";
        }

        if (!File.Exists(Path.Combine(Repository.MailPlugin, "wwwroot", "mail", "index.html")))
        {
            return "MailPlugin has no page yet";
        }

        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return metadata.TypeDefinitions.Any(type => metadata.StringComparer.Equals(metadata.GetTypeDefinition(type).Name, "MailPluginEntry"))
            ? null
            : "MailPlugin.dll has no MailPluginEntry yet";
    }
}

/// <summary>A theory about one guest, skipped with the reason while that guest does not exist.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuestTheoryAttribute : TheoryAttribute
{
    public GuestTheoryAttribute(string plugin) => Skip = GuestPlugins.WhyNot(plugin);
}

/// <summary>A fact about one guest, skipped with the reason while that guest does not exist.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuestFactAttribute : FactAttribute
{
    public GuestFactAttribute(string plugin) => Skip = GuestPlugins.WhyNot(plugin);
}
