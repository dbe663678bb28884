namespace MailPlugin.Settings.Transfer;

/// <summary>What a pasted text is.</summary>
internal enum ImportFormat
{
    Auto,
    Owncloud,
    Thingsboard,
    Hyperbdr,
    Dce,
    Env,
    Url,
    Msmtprc,
    Mailplugin,
}
