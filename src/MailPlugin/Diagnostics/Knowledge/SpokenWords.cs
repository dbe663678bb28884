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

    /// <param name="text">What was said.</param>
    /// <param name="enhancedStatus">Its enhanced status.</param>
    /// <param name="addresses">Whether addresses stay: a mailbox may be called anything, and greylisted@example.org is not greylisting.</param>
    public static string Of(string text, string? enhancedStatus, bool addresses = true)
    {
        var source = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        var plain = new StringBuilder(source.Length);
        foreach (var range in source.SplitAny(' ', '\t', '\r', '\n'))
        {
            var word = source[range];
            if (word.IsEmpty || (!addresses && IsAddress(word)) || (enhancedStatus is not null && word.SequenceEqual(enhancedStatus)))
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

    static bool IsAddress(ReadOnlySpan<char> word) => word.IndexOf('@') is > 0 and var at && at < word.Length - 1;
}
