using System.Buffers;
using System.Buffers.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Base64 in lines of 76 characters (RFC 2045 section 6.8). No CRLF after the last line.</summary>
static class Base64Lines
{
    const int LineBytes = 57;
    const int LineCharacters = 76;
    const int LinesAtOnce = 200;

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, LineBytes * LinesAtOnce)];
            bytes = bytes[piece.Length..];
            var target = output.GetSpan(((piece.Length / LineBytes) + 1) * (LineCharacters + 2));
            var length = 0;
            while (!piece.IsEmpty)
            {
                var line = piece[..Math.Min(piece.Length, LineBytes)];
                piece = piece[line.Length..];
                Base64.EncodeToUtf8(line, target[length..], out _, out var written);
                length += written;
                if (!piece.IsEmpty || !bytes.IsEmpty)
                {
                    target[length++] = (byte)'\r';
                    target[length++] = (byte)'\n';
                }
            }

            output.Advance(length);
        }
    }
}
