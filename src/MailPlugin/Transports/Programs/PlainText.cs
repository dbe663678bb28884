using System.Globalization;
using System.Text;

namespace MailPlugin.Transports.Programs;

/// <summary>Words of a program made harmless: what could break a line, hide text or turn its direction is shown as an escape.</summary>
internal static class PlainText
{
    /// <summary>Lines, without empty ones at the end.</summary>
    public static string Lines(string text) => Clean(text.ReplaceLineEndings("\n").TrimEnd());

    /// <summary>Everything in one line, at most this long.</summary>
    public static string OneLine(string text, int maxLength)
    {
        var line = string.Join(" / ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return Clip(line, maxLength);
    }

    public static string Clip(string text, int maxLength) =>
        text.Length <= maxLength ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[maxLength - 2]) ? maxLength - 2 : maxLength - 1), "…");

    static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' => clean.Append('\n'),
                '\t' => clean.Append(' '),
                _ when IsHarmful(rune) && rune.IsBmp => clean.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ when IsHarmful(rune) => clean.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
                _ => clean.Append(rune.ToString()),
            };
        }

        return clean.ToString();
    }

    static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
