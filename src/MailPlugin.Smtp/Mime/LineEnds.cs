using System.Buffers;

namespace MailPlugin.Smtp.Mime;

/// <summary>Line ends: CRLF, a bare CR and a bare LF each end a line, and only CRLF ever leaves (RFC 5322 section 2.3).</summary>
static class LineEnds
{
    /// <summary>Length of the line end that the bytes begin with.</summary>
    public static int Length(ReadOnlySpan<byte> atLineEnd) => atLineEnd.Length > 1 && atLineEnd[0] == '\r' && atLineEnd[1] == '\n' ? 2 : 1;

    /// <summary>Copies, every line end made CRLF.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            // What needs no change is copied in one piece.
            var clean = 0;
            var found = 0;
            while (true)
            {
                found = text[clean..].IndexOfAny((byte)'\r', (byte)'\n');
                if (found < 0 || Length(text[(clean + found)..]) == 1)
                {
                    break;
                }

                clean += found + 2;
            }

            if (found < 0)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..(clean + found)]);
            output.Write("\r\n"u8);
            text = text[(clean + found + 1)..];
        }
    }
}
