using System.Globalization;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>A place in the log, between two entries.</summary>
internal sealed record LogPlace(string File, long Offset)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}@{Offset}");

    public static LogPlace? Parse(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? new(text[..at], offset) : null;
    }
}
