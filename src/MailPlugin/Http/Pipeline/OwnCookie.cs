namespace MailPlugin.Http.Pipeline;

/// <summary>What tells the plugin's cookies from its host's.</summary>
internal static class OwnCookie
{
    public const string Prefix = "mailplugin";
}
