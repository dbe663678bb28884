using System.Buffers;

namespace MailPlugin.Smtp;

/// <summary>
/// The bytes of a message: header block, empty line, body, with CRLF line ends. A CR or LF that stands alone is made a CRLF on the way
/// out, and the last line is ended where it is not: neither can end the message early at a server that reads loosely.
/// </summary>
/// <remarks>A content may be read more than once (a transaction with too many recipients goes in parts), never concurrently.</remarks>
public abstract class SmtpContent
{
    static readonly byte[] EmptyLine = [(byte)'\r', (byte)'\n'];

    private protected SmtpContent() { }

    /// <summary>The number of bytes before line ends are repaired.</summary>
    public abstract long Length { get; }

    /// <summary>Content in memory; not copied, so it must not change until the outcome is there.</summary>
    public static SmtpContent FromMemory(ReadOnlyMemory<byte> content) => new MemoryContent(content, default);

    /// <summary>A header block without its empty line, which is sent between, and a body; not copied.</summary>
    public static SmtpContent FromMessage(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> body) => new MemoryContent(header, body) { Between = EmptyLine };

    /// <summary>A header block without its empty line, which is sent between, and a body in pieces; not copied.</summary>
    public static SmtpContent FromMessage(ReadOnlyMemory<byte> header, ReadOnlySequence<byte> body)
        => body.IsSingleSegment ? FromMessage(header, body.First) : new SequenceContent(body) { Header = header, Between = EmptyLine };
}

internal sealed class MemoryContent(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) : SmtpContent
{
    internal ReadOnlyMemory<byte> First => first;

    internal ReadOnlyMemory<byte> Between { get; init; }

    internal ReadOnlyMemory<byte> Second => second;

    public override long Length => (long)first.Length + Between.Length + second.Length;
}

internal sealed class SequenceContent(ReadOnlySequence<byte> content) : SmtpContent
{
    internal ReadOnlyMemory<byte> Header { get; init; }

    internal ReadOnlyMemory<byte> Between { get; init; }

    internal ReadOnlySequence<byte> Content => content;

    public override long Length => Header.Length + Between.Length + content.Length;
}
