namespace MailPlugin;

/// <summary>What everything of this plugin is measured under; the protocol library has a meter of its own.</summary>
internal static class PluginMeter
{
    public const string Name = "MailPlugin";
}
