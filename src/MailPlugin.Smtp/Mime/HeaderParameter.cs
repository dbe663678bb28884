using System.Buffers;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Parameters of Content-Type and Content-Disposition: a token, a quoted string, or where that cannot be, extended values with continuations (RFC 2231).</summary>
static class HeaderParameter
{
    const int LongestQuoted = 50;

    static readonly SearchValues<byte> AttributeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&+-.^_`{|}~"u8);

    /// <summary>Writes a semicolon and the parameter.</summary>
    public static void Write(ref HeaderWriter header, string name, string value)
    {
        header.Raw(";"u8);
        if (value.Length > LongestQuoted || !IsQuotable(value))
        {
            WriteExtended(ref header, name, value);
            return;
        }

        Span<char> quoted = stackalloc char[(LongestQuoted * 2) + 2];
        var length = MediaType.IsToken(value) && name is not ("name" or "filename") ? Copy(value, quoted) : HeaderText.Quote(value, quoted);
        header.Blank(name.Length + 1 + length);
        header.Raw(name);
        header.Raw("="u8);
        header.Raw(quoted[..length]);
    }

    // Readers disagree about backslashes, percent signs and encoded words within quotes; all agree about RFC 2231.
    static bool IsQuotable(string value)
        => Ascii.IsValid(value) && !value.AsSpan().ContainsAny("\"\\%") && !value.Contains("=?", StringComparison.Ordinal) && !HeaderRules.HasControl(value)
            && !value.StartsWith(' ') && !value.EndsWith(' ');

    static int Copy(string value, Span<char> target)
    {
        value.CopyTo(target);
        return value.Length;
    }

    static void WriteExtended(ref HeaderWriter header, string name, string value)
    {
        const string Charset = "utf-8''";
        var whole = Charset.Length + EncodedLength(value);
        if (name.Length + 2 + whole < HeaderWriter.PreferredLine - 2)
        {
            header.Blank(name.Length + 2 + whole);
            header.Raw(name);
            header.Raw("*="u8);
            header.Raw(Charset);
            Encode(ref header, value);
            return;
        }

        var rest = value.AsSpan();
        for (var section = 0; !rest.IsEmpty; section++)
        {
            header.Raw(section == 0 ? "" : ";");
            header.Fold();
            header.Raw($" {name}*{section}*=");
            header.Raw(section == 0 ? Charset : "");
            var taken = Take(rest, header.Room - 1);
            Encode(ref header, rest[..taken]);
            rest = rest[taken..];
        }
    }

    static int Take(ReadOnlySpan<char> value, int room)
    {
        var taken = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            var length = rune.IsAscii && AttributeCharacters.Contains((byte)rune.Value) ? 1 : rune.Utf8SequenceLength * 3;
            if (length > room)
            {
                break;
            }

            room -= length;
            taken += rune.Utf16SequenceLength;
        }

        return taken;
    }

    static int EncodedLength(ReadOnlySpan<char> value)
    {
        var length = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            length += rune.IsAscii && AttributeCharacters.Contains((byte)rune.Value) ? 1 : rune.Utf8SequenceLength * 3;
        }

        return length;
    }

    static void Encode(ref HeaderWriter header, ReadOnlySpan<char> value)
    {
        Span<byte> bytes = stackalloc byte[4];
        Span<byte> escaped = stackalloc byte[3];
        foreach (var rune in value.EnumerateRunes())
        {
            foreach (ref readonly var b in bytes[..rune.EncodeToUtf8(bytes)])
            {
                if (AttributeCharacters.Contains(b))
                {
                    header.Raw(new ReadOnlySpan<byte>(in b));
                }
                else
                {
                    Hex.Write(escaped, (byte)'%', b);
                    header.Raw(escaped);
                }
            }
        }
    }
}
