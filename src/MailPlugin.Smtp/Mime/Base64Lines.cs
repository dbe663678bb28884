using System.Buffers;
using System.Buffers.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Base64 in lines of 76 characters (RFC 2045 section 6.8), from bytes or from a stream. No CRLF after the last line.</summary>
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

    public static async ValueTask WriteAsync(IBufferWriter<byte> output, Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LineBytes * LinesAtOnce);
        try
        {
            var isFirst = true;
            int read;
            do
            {
                read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, LineBytes * LinesAtOnce), LineBytes * LinesAtOnce, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                if (read > 0 && !isFirst)
                {
                    output.Write("\r\n"u8);
                }

                Write(output, buffer.AsSpan(0, read));
                isFirst = false;
            }
            while (read == LineBytes * LinesAtOnce);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
