namespace MailPlugin.Host.Loading;

/// <summary>Finds the plugins folder and, in it, the folders that hold a plugin.</summary>
internal static class PluginCatalog
{
    public const string PathKey = "Plugins:Path";
    public const string ManifestName = "plugin.json";
    const string FolderName = "plugins";

    /// <summary>
    /// The configured path (relative to the content root), else the folder <c>plugins</c> in the content root or its nearest
    /// ancestor that has one: the same host works from its source folder and from where it was published to.
    /// </summary>
    public static string? FindRoot(string contentRoot, string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return Path.GetFullPath(configured, Path.GetFullPath(contentRoot));
        }

        for (var folder = new DirectoryInfo(contentRoot); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, FolderName);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Full paths of the folders with a manifest, by name: the order in which they are loaded.</summary>
    /// <exception cref="IOException">The plugins folder is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The plugins folder may not be read.</exception>
    public static IReadOnlyList<string> FindPlugins(string root) =>
        [.. Directory.EnumerateDirectories(root)
            .Where(folder => File.Exists(Path.Combine(folder, ManifestName)))
            .OrderBy(Path.GetFileName, StringComparer.Ordinal)];
}
