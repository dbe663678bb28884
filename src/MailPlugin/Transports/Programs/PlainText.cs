using MailPlugin.Smtp;

namespace MailPlugin.Transports.Programs;

/// <summary>Words of a program made harmless: what could break a line, hide text or turn its direction is shown as an escape.</summary>
internal static class PlainText
{
    /// <summary>Lines, without empty ones at the end.</summary>
    public static string Lines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(line => ServerText.Clean(line.Replace('\t', ' '))));

    /// <summary>Everything in one line, at most this long.</summary>
    public static string OneLine(string text, int maxLength)
    {
        var line = string.Join(" / ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return Clip(line, maxLength);
    }

    public static string Clip(string text, int maxLength) =>
        text.Length <= maxLength ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[maxLength - 2]) ? maxLength - 2 : maxLength - 1), "…");
}
