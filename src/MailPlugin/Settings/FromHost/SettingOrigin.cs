using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace MailPlugin.Settings.FromHost;

/// <summary>Where a key of the configuration comes from, in the words of whoever wrote it.</summary>
/// <param name="Text">For people.</param>
/// <param name="File">The file's full path, when it is one.</param>
internal sealed record SettingOrigin(string Text, string? File = null)
{
    public static SettingOrigin Of(IConfiguration configuration, string key) =>
        Find(configuration, key) switch
        {
            EnvironmentVariablesConfigurationProvider => new($"environment {Variable(key) ?? key.Replace(":", "__", StringComparison.Ordinal)}"),
            FileConfigurationProvider { Source: var source } => new($"file {source.Path}", source.Path is { } path ? source.FileProvider?.GetFileInfo(path).PhysicalPath : null),
            CommandLineConfigurationProvider => new($"command line --{key}"),
            { } other => new($"{other.GetType().Name.Replace("ConfigurationProvider", "", StringComparison.Ordinal)} {key}"),
            null => new($"configuration {key}"),
        };

    /// <summary>The provider that has the last word.</summary>
    static IConfigurationProvider? Find(IConfiguration configuration, string key)
    {
        foreach (var provider in (configuration as IConfigurationRoot)?.Providers.Reverse() ?? [])
        {
            if (provider.TryGet(key, out _))
            {
                return provider is ChainedConfigurationProvider chained ? Find(chained.Configuration, key) ?? provider : provider;
            }
        }

        return null;
    }

    /// <summary>The variable's name as it was written: case and a prefix such as <c>ASPNETCORE_</c> are not in the key.</summary>
    static string? Variable(string key)
    {
        var names = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.Replace("__", ":", StringComparison.Ordinal).EndsWith(key, StringComparison.OrdinalIgnoreCase)).ToList();
        return names.MinBy(name => name.Length);
    }
}
