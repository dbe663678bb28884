namespace MailPlugin.Abstractions;

/// <summary>The content of <c>plugin.json</c>.</summary>
/// <remarks>A property that is not listed here, missing or against its rule makes the host go on without the plugin and say why.</remarks>
public sealed record PluginManifest
{
    /// <summary>Unique among the plugins of a host: <c>[a-z0-9-]{1,64}</c>.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin's own version, semantic versioning.</summary>
    public required string Version { get; init; }

    /// <summary>File name of the assembly, inside the plugin's folder.</summary>
    public required string Assembly { get; init; }

    /// <summary>Full name of a public type in <see cref="Assembly"/> that implements <see cref="IHostPlugin"/>.</summary>
    public required string EntryType { get; init; }

    /// <summary>The oldest contract (<see cref="PluginContract.Version"/>) that the plugin can work with, <c>major.minor</c>.</summary>
    public required Version MinimumContract { get; init; }

    /// <summary>
    /// The newest contract that the plugin can work with, <c>major.minor</c>. Minors only add, so a plugin may name one that does not
    /// exist yet (<c>1.99</c>) and go on loading when the host's contract grows.
    /// </summary>
    public required Version MaximumContract { get; init; }

    /// <summary>Pages that the plugin serves, for a host's menu.</summary>
    public IReadOnlyList<PluginPage> Pages { get; init; } = [];
}

/// <summary>A page of a plugin.</summary>
/// <param name="Title">For people.</param>
/// <param name="Path">Path on the host, with one leading slash; no query and no fragment.</param>
public sealed record PluginPage(string Title, string Path);
