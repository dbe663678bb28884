namespace MailPlugin.Host.Loading;

/// <summary>The two lines a host needs: load the plugins before its services are built, say afterwards what became of them.</summary>
internal static partial class PluginHosting
{
    public static void AddPlugins(this WebApplicationBuilder builder)
    {
        var root = PluginCatalog.FindRoot(builder.Environment.ContentRootPath, builder.Configuration[PluginCatalog.PathKey]);
        builder.Services.AddSingleton(new PluginLoader(builder.Services, builder.Configuration, builder.Environment).LoadAll(root));
    }

    /// <summary>Logs what <see cref="AddPlugins"/> did; the host's own logging exists only from here on.</summary>
    public static void ReportPlugins(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MailPlugin.Host.Plugins");
        var report = app.Services.GetRequiredService<PluginReport>();
        foreach (var (manifest, folder) in report.Loaded)
        {
            LogLoaded(logger, manifest.Name, manifest.Version, folder);
        }

        foreach (var (folder, reason, cause) in report.Refused)
        {
            LogRefused(logger, cause, folder, reason);
        }

        if (report is { Loaded.Count: 0, Refused.Count: 0 })
        {
            LogNone(logger, app.Environment.ContentRootPath);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Plugin {Name} {Version} loaded from {Folder}")]
    static partial void LogLoaded(ILogger logger, string name, string version, string folder);

    [LoggerMessage(2, LogLevel.Error, "The plugin in {Folder} was not loaded: {Reason}")]
    static partial void LogRefused(ILogger logger, Exception? cause, string folder, string reason);

    [LoggerMessage(3, LogLevel.Warning, "No plugin found: neither {ContentRoot} nor a folder above it has plugins/*/plugin.json, or Plugins:Path names an empty folder")]
    static partial void LogNone(ILogger logger, string contentRoot);
}
