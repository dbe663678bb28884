namespace MailPlugin.Transports.Programs;

/// <summary>A message as programs read it: header, empty line, body, every line ended by LF alone.</summary>
internal static class PipeContent
{
    public static byte[] Of(OutgoingMessage message)
    {
        var bytes = new byte[message.Header.Length + 1 + message.Body.Length];
        var length = Write(message.Header.Span, bytes);
        bytes[length++] = (byte)'\n';
        length += Write(message.Body.Span, bytes.AsSpan(length));
        return bytes[..length];
    }

    /// <summary>The same for a part of it.</summary>
    public static byte[] Lines(ReadOnlyMemory<byte> part)
    {
        var bytes = new byte[part.Length];
        return bytes[..Write(part.Span, bytes)];
    }

    /// <summary>CRLF, and a CR that stands alone, become LF. Never longer than the source.</summary>
    static int Write(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var length = 0;
        while (from.IndexOf((byte)'\r') is var end and >= 0)
        {
            from[..end].CopyTo(to[length..]);
            length += end;
            to[length++] = (byte)'\n';
            from = from[(end + (end + 1 < from.Length && from[end + 1] == '\n' ? 2 : 1))..];
        }

        from.CopyTo(to[length..]);
        return length + from.Length;
    }
}
