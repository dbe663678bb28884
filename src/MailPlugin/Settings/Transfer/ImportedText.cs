using System.Globalization;

namespace MailPlugin.Settings.Transfer;

/// <summary>Values as people and programs write them.</summary>
internal static class ImportedText
{
    public static bool? Flag(string text) => text.Trim().ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" or "enable" or "enabled" => true,
        "false" or "no" or "off" or "0" or "disable" or "disabled" or "null" or "none" or "" => false,
        _ => null,
    };

    public static int? Number(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Stars or dots in the place of a password.</summary>
    public static bool IsMasked(string text) => text.Length > 1 && text.All(letter => letter is '*' or '•' or '●' or '·');

    /// <summary>A host with or without a port, IPv6 in brackets.</summary>
    public static (string Host, int? Port) HostAndPort(string text)
    {
        text = text.Trim();
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var close)
        {
            return (text[1..close], text[(close + 1)..] is [':', .. var behind] ? Number(behind) : null);
        }

        // More than one colon is an IPv6 address that nobody put in brackets.
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && colon == text.LastIndexOf(':') && Number(text[(colon + 1)..]) is { } port
            ? (text[..colon], port)
            : (text, null);
    }

    /// <summary>A method of login by any of its names.</summary>
    public static SmtpAuthChoice? Auth(string text) => text.Trim().ToLowerInvariant().Replace("_", "-", StringComparison.Ordinal) switch
    {
        "plain" => SmtpAuthChoice.Plain,
        "login" => SmtpAuthChoice.Login,
        "cram-md5" or "crammd5" => SmtpAuthChoice.CramMd5,
        "scram-sha-1" => SmtpAuthChoice.ScramSha1,
        "scram-sha-256" => SmtpAuthChoice.ScramSha256,
        "ntlm" => SmtpAuthChoice.Ntlm,
        "on" or "auto" or "automatic" => SmtpAuthChoice.Auto,
        _ => null,
    };
}
