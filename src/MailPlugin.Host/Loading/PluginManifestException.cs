namespace MailPlugin.Host.Loading;

/// <summary>A <c>plugin.json</c> that cannot be used: every fault, each naming its property.</summary>
internal sealed class PluginManifestException(IReadOnlyList<string> faults, Exception? cause = null)
    : Exception("plugin.json: " + string.Join("; ", faults), cause)
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
