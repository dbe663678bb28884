namespace MailPlugin.Templates;

/// <summary>What templates need to know of the settings, which they do not know themselves.</summary>
internal interface IMailSetup
{
    /// <summary>The name in the settings' From: the brand where the layout names none.</summary>
    string? SenderName { get; }

    bool HasTransport(string id);
}
