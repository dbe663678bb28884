using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace MailPlugin.Smtp;

/// <summary>
/// Text from the other side, made harmless once and for all: what could break a line, hide text or turn its direction is shown as an escape,
/// so that neither a log nor a page can be written to by a server. Where it is no UTF-8 its bytes are shown, as <c>\xE9</c>: nothing that was said is lost.
/// </summary>
public static class ServerText
{
    internal static string Decode(ReadOnlySpan<byte> bytes)
        => !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Encoding.ASCII.GetString(bytes)
            : Clean(Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Bytes(bytes));

    /// <summary>One line of text, in which nothing can do harm.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(IsHarmful(rune) ? Escape(rune) : rune.ToString());
        }

        return clean.ToString();
    }

    static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var shown = new StringBuilder(bytes.Length * 2);
        foreach (var one in bytes)
        {
            _ = one < 0x80 ? shown.Append((char)one) : shown.Append(CultureInfo.InvariantCulture, $"\\x{one:X2}");
        }

        return shown.ToString();
    }

    static string Escape(Rune rune) => rune.IsBmp
        ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}")
        : string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");

    static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
