using System.Text;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>
/// A server's words made comparable: bounded, lower case, single spaces, without the enhanced status that some servers repeat at the head of every line. One pass, so that
/// a hostile reply costs no more than a long one.
/// </summary>
internal static class SpokenWords
{
    /// <summary>Of longer texts the beginning counts: what a server has to say it says there.</summary>
    public const int MaxLength = 4096;

    public static string Of(string text, string? enhancedStatus)
    {
        var source = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        var plain = new StringBuilder(source.Length);
        foreach (var range in source.SplitAny(' ', '\t', '\r', '\n'))
        {
            var word = source[range];
            if (word.IsEmpty || (enhancedStatus is not null && word.SequenceEqual(enhancedStatus)))
            {
                continue;
            }

            if (plain.Length > 0)
            {
                plain.Append(' ');
            }

            foreach (var character in word)
            {
                plain.Append(character switch
                {
                    '’' or '‘' => '\'',
                    '“' or '”' => '"',
                    _ => char.ToLowerInvariant(character),
                });
            }
        }

        return plain.ToString();
    }
}
