using System.Buffers;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>How a text travels (RFC 2045 section 6): as it is when every relay leaves it alone, quoted-printable when it is mostly ASCII, else base64.</summary>
static class TextEncoding
{
    static readonly SearchValues<byte> Fragile = SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(c => c is not ('\t' or '\r' or '\n')).Append(0x7F).Select(c => (byte)c)]);

    public static TransferEncoding Choose(ReadOnlySpan<byte> text, TransferEncoding widest)
    {
        var isAscii = Ascii.IsValid(text);
        if ((isAscii || widest == TransferEncoding.EightBit) && IsRobust(text))
        {
            return isAscii ? TransferEncoding.SevenBit : TransferEncoding.EightBit;
        }

        // Quoted-printable triples a byte, base64 makes four of three: they meet where one byte in six is not ASCII.
        return isAscii || CountBeyondAscii(text) < text.Length / 6 ? TransferEncoding.QuotedPrintable : TransferEncoding.Base64;
    }

    public static ReadOnlySpan<byte> Name(TransferEncoding encoding) => encoding switch
    {
        TransferEncoding.SevenBit => "7bit"u8,
        TransferEncoding.EightBit => "8bit"u8,
        TransferEncoding.QuotedPrintable => "quoted-printable"u8,
        _ => "base64"u8,
    };

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text, TransferEncoding encoding)
    {
        switch (encoding)
        {
            case TransferEncoding.QuotedPrintable:
                QuotedPrintable.Write(output, text);
                break;
            case TransferEncoding.Base64:
                using (var canonical = new PooledBytes(text.Length + 64))
                {
                    LineEnds.Write(canonical, text);
                    Base64Lines.Write(output, canonical.Span);
                }

                break;
            default:
                LineEnds.Write(output, text);
                break;
        }
    }

    // No line too long, none that a relay or a mailbox file would change: blanks at the end, a dot or "From " at the start.
    static bool IsRobust(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(Fragile))
        {
            return false;
        }

        while (true)
        {
            var end = text.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? text : text[..end];
            if (!line.IsEmpty
                && (line.Length > HeaderRules.MaximumLine || line[^1] is (byte)' ' or (byte)'\t' || line[0] == '.' || line.StartsWith("From "u8)))
            {
                return false;
            }

            if (end < 0)
            {
                return true;
            }

            text = text[(end + 1)..];
        }
    }

    static int CountBeyondAscii(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (true)
        {
            var next = text.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (next < 0)
            {
                return count;
            }

            var run = text[next..].IndexOfAnyInRange((byte)0, (byte)0x7F);
            run = run < 0 ? text.Length - next : run;
            count += run;
            text = text[(next + run)..];
        }
    }
}
