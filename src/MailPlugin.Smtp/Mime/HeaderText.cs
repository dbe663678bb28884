using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Free text in a header: an unstructured value, or the phrase of a display name. ASCII stays readable, the rest becomes encoded words.</summary>
static class HeaderText
{
    const int LongestPlainWord = 900;
    const int LongestQuoted = 60;

    /// <summary>Writes an unstructured value (RFC 5322 section 2.2.1), with the blank before it.</summary>
    public static void WriteUnstructured(ref HeaderWriter header, ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && text.Length < header.Room && IsPlain(text) && text[0] != ' ' && text[^1] != ' ' && !text.Contains('\t'))
        {
            header.Raw(" "u8);
            header.Raw(text);
            return;
        }

        var (start, end) = SpanToEncode(text);
        WritePlain(ref header, text[..start], first: true);
        if (start < end)
        {
            EncodedWord.Write(ref header, text[start..end]);
        }

        WritePlain(ref header, text[end..], first: false);
    }

    /// <summary>Writes a display name (RFC 5322 section 3.2.5), with the blank before it.</summary>
    public static void WritePhrase(ref HeaderWriter header, ReadOnlySpan<char> name, bool first)
    {
        if (name.Length > LongestQuoted || !IsPlain(name) || name.Contains('\t'))
        {
            EncodedWord.Write(ref header, name);
            return;
        }

        if (IsAtoms(name))
        {
            header.Word(name, mayFold: !first);
            return;
        }

        Span<char> quoted = stackalloc char[(LongestQuoted * 2) + 2];
        var length = Quote(name, quoted);
        header.Word(quoted[..length], mayFold: !first);
    }

    /// <summary>Puts text between quotes (RFC 5322 section 3.2.4); gives the length.</summary>
    public static int Quote(ReadOnlySpan<char> text, Span<char> target)
    {
        var length = 0;
        target[length++] = '"';
        foreach (var c in text)
        {
            if (c is '"' or '\\')
            {
                target[length++] = '\\';
            }

            target[length++] = c;
        }

        target[length++] = '"';
        return length;
    }

    // What looks like an encoded word must be one, or readers would decode what was never encoded.
    static bool IsPlain(ReadOnlySpan<char> text) => Ascii.IsValid(text) && text.IndexOf("=?") < 0;

    static bool IsAtoms(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (' ' or '-' or '_' or '\'' or '+' or '&' or '!' or '/'))
            {
                return false;
            }
        }

        return name[0] != ' ' && name[^1] != ' ' && name.IndexOf("  ") < 0;
    }

    // From the first to the last word that cannot stand as it is; what surrounds them ("Re: ") stays readable.
    static (int Start, int End) SpanToEncode(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && (text[0] == ' ' || text[^1] == ' '))
        {
            return (0, text.Length);
        }

        var start = -1;
        var end = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (!IsPlain(word) || word.Length > LongestPlainWord || word.Contains('\t'))
            {
                start = start < 0 ? range.Start.Value : start;
                end = range.End.Value;
            }
        }

        if (start < 0)
        {
            return (text.Length, text.Length);
        }

        // One blank separates encoded words from plain ones; further blanks belong to what is encoded, where no reader drops them.
        while (start > 1 && text[start - 1] == ' ' && text[start - 2] == ' ')
        {
            start--;
        }

        while (end < text.Length - 1 && text[end] == ' ' && text[end + 1] == ' ')
        {
            end++;
        }

        // The blank before the encoded words is written with them.
        return (start, end);
    }

    static void WritePlain(ref HeaderWriter header, ReadOnlySpan<char> text, bool first)
    {
        while (!text.IsEmpty)
        {
            // A run of blanks goes with the word after it, so that no folded line is blank.
            var word = text.IndexOfAnyExcept(' ');
            if (word < 0)
            {
                return;
            }

            var end = text[word..].IndexOf(' ');
            end = end < 0 ? text.Length : word + end;
            if (!first && end + (word == 0 ? 1 : 0) > header.Room)
            {
                header.Fold();
            }

            if (word == 0)
            {
                header.Raw(" "u8);
            }

            header.Raw(text[..end]);
            text = text[end..];
            first = false;
        }
    }
}
