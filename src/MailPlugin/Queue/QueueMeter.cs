namespace MailPlugin.Queue;

internal static class QueueMeter
{
    /// <summary>Name of the meter that everything of this plugin is measured under.</summary>
    public const string Name = "MailPlugin";
}
