using System.Buffers;
using System.Text;

namespace MailPlugin.Storage.Postgres;

/// <summary>PostgreSQL keeps no text with U+0000 and none that is not Unicode; a relay may say both. SQLite takes them, so they are replaced here and not refused.</summary>
internal static class PostgresText
{
    static readonly SearchValues<char> Suspects = SearchValues.Create(['\0', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAny(Suspects) < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Half a surrogate pair comes as U+FFFD by itself.
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }
}
