using System.Globalization;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>
/// The parts of SASLprep (RFC 4013) that change what is hashed: other blanks become a blank, what is invisible goes, the rest is NFKC.
/// What SASLprep would forbid is left to the server to refuse.
/// </summary>
internal static class SaslPrep
{
    internal static string Apply(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var mapped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\u00ad' or '\u034f' or '\u1806' or '\u2060' or '\ufeff' or (>= '\u180b' and <= '\u180d') or (>= '\u200b' and <= '\u200d') or (>= '\ufe00' and <= '\ufe0f'))
            {
                continue;
            }

            mapped.Append(CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c);
        }

        return mapped.ToString().Normalize(NormalizationForm.FormKC);
    }
}
