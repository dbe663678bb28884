using System.Buffers;

namespace MailPlugin.Smtp.Mime;

/// <summary>Quoted-printable for text (RFC 2045 section 6.7): line ends of any kind become CRLF, lines stay within 76 characters.</summary>
static class QuotedPrintable
{
    const int Line = 76;

    // Printable ASCII without '=', blank and tab; bytes that need care only at the ends of a line are looked at there.
    static readonly SearchValues<byte> Literal = SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Where(c => c != '=').Select(c => (byte)c)]);

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var end = text.IndexOfAny((byte)'\r', (byte)'\n');
            WriteLine(output, end < 0 ? text : text[..end]);
            if (end < 0)
            {
                return;
            }

            output.Write("\r\n"u8);
            text = text[(end + LineEnds.Length(text[end..]))..];
        }
    }

    static void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<byte> line)
    {
        while (!line.IsEmpty)
        {
            var target = output.GetSpan(Line + 2);
            var column = 0;

            // A line of one dot ends a message for careless relays, "From " begins one for mailbox files (RFC 2049 section 3).
            if (line[0] == '.' || line.StartsWith("From "u8))
            {
                Hex.Write(target, (byte)'=', line[0]);
                column = 3;
                line = line[1..];
            }

            while (!line.IsEmpty)
            {
                // The last column belongs to the '=' of a soft line end, unless the line ends here.
                var window = line.Length <= Line - column ? line : line[..(Line - 1 - column)];
                var run = window.IndexOfAnyExcept(Literal);
                run = run < 0 ? window.Length : run;
                if (run == line.Length && line[^1] is (byte)' ' or (byte)'\t')
                {
                    run--;
                }

                line[..run].CopyTo(target[column..]);
                column += run;
                line = line[run..];
                if (line.IsEmpty || column + 3 > Line - 1 || run == window.Length)
                {
                    break;
                }

                Hex.Write(target[column..], (byte)'=', line[0]);
                column += 3;
                line = line[1..];
            }

            if (!line.IsEmpty)
            {
                "=\r\n"u8.CopyTo(target[column..]);
                column += 3;
            }

            output.Advance(column);
        }
    }
}
