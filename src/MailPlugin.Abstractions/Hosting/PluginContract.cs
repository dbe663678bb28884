namespace MailPlugin.Abstractions;

/// <summary>The version of this assembly's contract between host and plugin.</summary>
public static class PluginContract
{
    /// <summary>
    /// <c>major.minor</c>. The minor grows when something is added, the major when something a plugin relies on is changed.
    /// A host loads a plugin whose minimum and maximum contract enclose this version.
    /// </summary>
    public static Version Version { get; } = new(1, 0);
}
