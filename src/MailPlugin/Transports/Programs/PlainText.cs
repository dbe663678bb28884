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
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '\n' => clean.Append(letter),
                '\t' => clean.Append(' '),
                _ when IsHarmful(letter) => clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}"),
                _ => clean.Append(letter),
            };
        }

        return clean.ToString();
    }

    static bool IsHarmful(char letter) => CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
