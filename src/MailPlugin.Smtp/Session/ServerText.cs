using System.Globalization;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>
/// Text from the other side, made harmless once and for all: what could break a line, hide text or turn its direction is shown as an escape,
/// so that neither a log nor a page can be written to by a server.
/// </summary>
public static class ServerText
{
    internal static string Decode(ReadOnlySpan<byte> bytes)
        => bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Clean(Encoding.UTF8.GetString(bytes)) : Encoding.ASCII.GetString(bytes);

    /// <summary>One line of text, in which nothing can do harm.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsHarmful(c))
            {
                clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    static bool IsHarmful(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
