using System.Text;

namespace MailPlugin.Smtp;

/// <summary>Tells by the first bytes of a port what is spoken there.</summary>
internal static class PortSpeech
{
    const int LongestText = 120;

    internal static SmtpPortSpeech Of(ReadOnlySpan<byte> first)
    {
        if (first.IsEmpty)
        {
            return SmtpPortSpeech.Silence;
        }

        if (first is [0x15 or 0x16, 3, ..])
        {
            return SmtpPortSpeech.Tls;
        }

        var text = Encoding.Latin1.GetString(first[..Math.Min(first.Length, LongestText)]);
        return text switch
        {
            ['2' or '3' or '4' or '5', >= '0' and <= '9', >= '0' and <= '9', ..] when text.Length == 3 || text[3] is ' ' or '-' or '\r' or '\n'
                => text.Contains("FTP", StringComparison.OrdinalIgnoreCase) ? SmtpPortSpeech.Ftp : SmtpPortSpeech.Smtp,
            _ when Begins("+OK") || Begins("-ERR") => SmtpPortSpeech.Pop3,
            _ when Begins("* OK") || Begins("* BYE") || Begins("* PREAUTH") => SmtpPortSpeech.Imap,
            _ when Begins("SSH-") => SmtpPortSpeech.Ssh,
            _ when Begins("HTTP/") || Begins("<html") || Begins("<!doctype") => SmtpPortSpeech.Http,
            _ => SmtpPortSpeech.Other,
        };

        bool Begins(string words) => text.StartsWith(words, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The first line, harmless and short.</summary>
    internal static string TextOf(ReadOnlySpan<byte> first)
    {
        var end = first.IndexOfAny((byte)'\r', (byte)'\n');
        var line = first[..Math.Min(end < 0 ? first.Length : end, LongestText)];
        return ServerText.Decode(line);
    }
}
