using MailPlugin.Abstractions;

namespace MailPlugin.Host.Loading;

/// <summary>
/// Loads every plugin of a folder, in the order of the folders' names. A plugin that cannot be used costs one line in the log and
/// nothing else: what it had registered is taken back, and the host starts without it.
/// </summary>
/// <remarks>
/// This ends when the services are registered. A plugin that fails later fails as any code of the host would: a registration that
/// cannot be built, or an <see cref="IHostedService.StartAsync"/> that throws, stops the host's start. A plugin that wants the host to
/// survive such a fault catches it itself and answers its own routes with an error.
/// </remarks>
internal sealed class PluginLoader(IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
{
    readonly List<LoadedPlugin> _loaded = [];
    readonly List<RefusedPlugin> _refused = [];
    FrameworkAssemblies? _framework;

    /// <param name="root">The plugins folder; null when the host has none.</param>
    public PluginReport LoadAll(string? root)
    {
        foreach (var folder in FindFolders(root))
        {
            var before = services.ToArray();
            try
            {
                _loaded.Add(Load(folder));
            }
            catch (Exception e) when (e is PluginRefusedException or PluginManifestException)
            {
                TakeBack(before);
                _refused.Add(new RefusedPlugin(folder, e.Message, Cause: (e as PluginRefusedException)?.InnerException));
            }
        }

        return new PluginReport(_loaded, _refused);
    }

    IReadOnlyList<string> FindFolders(string? root)
    {
        try
        {
            return root is null ? [] : PluginCatalog.FindPlugins(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _refused.Add(new RefusedPlugin(root!, $"the plugins folder cannot be read: {e.Message}", e));
            return [];
        }
    }

    LoadedPlugin Load(string folder)
    {
        var manifest = PluginManifestReader.ReadFile(Path.Combine(folder, PluginCatalog.ManifestName));
        RefuseDuplicate(manifest);
        RefuseOtherContract(manifest);
        var plugin = PluginEntry.Create(manifest, folder, Framework());
        try
        {
            plugin.ConfigureServices(services, new HostPluginContext(manifest, folder, configuration, environment));
        }
        catch (Exception e)
        {
            throw new PluginRefusedException($"{nameof(IHostPlugin.ConfigureServices)} of {manifest.EntryType} threw {PluginEntry.Describe(e)}", e);
        }

        return new LoadedPlugin(manifest, folder);
    }

    void RefuseDuplicate(PluginManifest manifest)
    {
        if (_loaded.Find(other => other.Manifest.Id == manifest.Id) is { } other)
        {
            throw new PluginRefusedException($"the id {manifest.Id} is already taken by the plugin in {other.Folder}");
        }
    }

    static void RefuseOtherContract(PluginManifest manifest)
    {
        if (PluginContract.Version < manifest.MinimumContract || PluginContract.Version > manifest.MaximumContract)
        {
            throw new PluginRefusedException(
                $"it works with contract {manifest.MinimumContract} to {manifest.MaximumContract}, and this host has {PluginContract.Version}");
        }
    }

    FrameworkAssemblies Framework()
    {
        try
        {
            return _framework ??= FrameworkAssemblies.OfThisProcess();
        }
        catch (InvalidOperationException e)
        {
            throw new PluginRefusedException(e.Message, e);
        }
    }

    // The whole list, not only what was added: a plugin may have replaced or removed a registration before it threw.
    void TakeBack(ServiceDescriptor[] before)
    {
        services.Clear();
        foreach (var descriptor in before)
        {
            services.Add(descriptor);
        }
    }
}
