using MailPlugin.Abstractions;

namespace MailPlugin.Host.Loading;

/// <summary>What became of each folder under <c>plugins/</c>, in the order in which they were tried.</summary>
internal sealed record PluginReport(IReadOnlyList<LoadedPlugin> Loaded, IReadOnlyList<RefusedPlugin> Refused);

/// <summary>A plugin whose services are in the host's container.</summary>
internal sealed record LoadedPlugin(PluginManifest Manifest, string Folder);

/// <summary>A plugin the host goes on without.</summary>
/// <param name="Folder">Where it was found.</param>
/// <param name="Reason">One sentence for the person who reads the log.</param>
/// <param name="Cause">The exception behind it, where there is one.</param>
internal sealed record RefusedPlugin(string Folder, string Reason, Exception? Cause);
