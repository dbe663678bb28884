using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>The local-part: a dot-string or a quoted string (RFC 5321 section 4.1.2), with the characters of RFC 6531 beyond ASCII.</summary>
static class AddressLocalPart
{
    const int MaximumBytes = 64;

    static readonly SearchValues<char> Atext = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~");

    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? localPart, [NotNullWhen(false)] out string? error)
    {
        localPart = null;
        error = text.IsEmpty ? "must have a name before the @"
            : text[0] == '"' ? Unquote(text, out localPart)
            : CheckDotString(text);
        if (error is not null)
        {
            return false;
        }

        // The form with the fewest quotes is the one to transmit (RFC 5321 section 4.1.2): "a.b"@x and a.b@x are one mailbox.
        localPart = localPart is null ? text.ToString() : CheckDotString(localPart) is null ? localPart : Quote(localPart);
        error = Encoding.UTF8.GetByteCount(localPart) > MaximumBytes ? $"must have at most {MaximumBytes} bytes before the @" : null;
        return error is null;
    }

    static string? CheckDotString(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == '.' || text[^1] == '.' || text.IndexOf("..") >= 0)
        {
            return "must not begin or end with a dot, or have two in a row, before the @";
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii ? rune.Value != '.' && !Atext.Contains((char)rune.Value) : !IsUsableBeyondAscii(rune))
            {
                return rune.Value == '@' ? "must have one @ only" : $"must not contain {Name(rune)} before the @ outside quotes";
            }
        }

        return null;
    }

    static string? Unquote(ReadOnlySpan<char> text, out string? content)
    {
        content = null;
        if (text.Length < 2 || text[^1] != '"')
        {
            return "must close the quotes right before the @";
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '"')
            {
                return "must write a quote within quotes as \\\"";
            }

            if (text[i] == '\\' && (++i == text.Length - 1 || text[i] > '~'))
            {
                return "must have an ASCII character after a backslash";
            }

            plain.Append(text[i]);
        }

        content = plain.ToString();
        foreach (var rune in content.AsSpan().EnumerateRunes())
        {
            if (!rune.IsAscii && !IsUsableBeyondAscii(rune))
            {
                return $"must not contain {Name(rune)}";
            }
        }

        return null;
    }

    static string Quote(string content)
    {
        var quoted = new StringBuilder(content.Length + 4).Append('"');
        foreach (var c in content)
        {
            _ = c is '"' or '\\' ? quoted.Append('\\').Append(c) : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    // Blanks and invisible marks of other scripts are always mistakes or tricks in an address; U+FFFD stands for broken UTF-16.
    static bool IsUsableBeyondAscii(Rune rune)
        => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate);

    static string Name(Rune rune) => rune.Value switch
    {
        ' ' => "a blank",
        '<' or '>' => "angle brackets",
        > '~' => $"U+{rune.Value:X4}",
        _ => $"'{rune}'",
    };
}
