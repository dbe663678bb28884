using System.Buffers;

namespace MailPlugin.Smtp.Mime;

/// <summary>A message as it leaves, its header block and its body apart, so that From and DKIM can be finished at delivery. Every line ends with CRLF; no bare CR or LF occurs.</summary>
/// <remarks>The bytes are on loan from a pool: they are valid until <see cref="Dispose"/>. Safe for concurrent reading.</remarks>
public sealed class ComposedMessage : IDisposable
{
    readonly PooledBytes header;
    readonly PooledSegments body;
    readonly ReadOnlySequence<byte> sequence;
    bool isDisposed;

    internal ComposedMessage(string messageId, PooledBytes header, PooledSegments body, bool isBody7Bit)
    {
        MessageId = messageId;
        this.header = header;
        this.body = body;
        sequence = body.Sequence;
        NeedsSmtpUtf8 = !System.Text.Ascii.IsValid(header.Span);
        Is7Bit = isBody7Bit && !NeedsSmtpUtf8;
        Size = header.Length + 2 + body.Length;
    }

    /// <summary>The Message-ID, with its angle brackets.</summary>
    public string MessageId { get; }

    /// <summary>Whether every byte is ASCII. If not, the relay must offer 8BITMIME.</summary>
    public bool Is7Bit { get; }

    /// <summary>Whether a header field needs SMTPUTF8 (RFC 6531), because the local-part of an address in it is not ASCII.</summary>
    public bool NeedsSmtpUtf8 { get; }

    /// <summary>Bytes of the whole: header block, empty line, body.</summary>
    public long Size { get; }

    /// <summary>The header fields, each with its CRLF; without the empty line that separates them from the body. <see cref="HeaderBlock"/> reads and changes it.</summary>
    public ReadOnlyMemory<byte> Header
    {
        get
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return header.Memory;
        }
    }

    /// <summary>The body; it ends with CRLF.</summary>
    public ReadOnlySequence<byte> Body
    {
        get
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return sequence;
        }
    }

    /// <summary>Writes the whole: header block, empty line, body.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(Header.Span);
        output.Write("\r\n"u8);
        foreach (var piece in Body)
        {
            output.Write(piece.Span);
        }
    }

    /// <summary>Gives the bytes back to the pool.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            header.Dispose();
            body.Dispose();
        }
    }
}
