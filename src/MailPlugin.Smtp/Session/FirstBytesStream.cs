namespace MailPlugin.Smtp;

/// <summary>Remembers the first bytes that came in, so that a failed TLS handshake can say what was spoken instead, or how it was refused.</summary>
internal sealed class FirstBytesStream(Stream inner) : Stream
{
    /// <summary>An alert has 7, a server's hello names its version in the 10th and 11th; a line of text says most in these.</summary>
    readonly byte[] _first = new byte[96];
    int _seen;
    bool _over;

    internal bool HasSeen => _seen > 0;

    internal ReadOnlySpan<byte> Seen => _first.AsSpan(0, _seen);

    /// <summary>What an alert in plain text says (RFC 8446 6), when it came first.</summary>
    internal int? Alert => Seen is [0x15, 3, _, 0, 2, _, var description, ..] ? description : null;

    /// <summary>The version in the server's hello; TLS 1.3 says 1.2 there.</summary>
    internal int? Version => Seen is [0x16, 3, _, _, _, 2, _, _, _, var major, var minor, ..] ? (major << 8) | minor : null;

    /// <summary>A digit begins an SMTP greeting and no TLS record.</summary>
    internal bool LookLikePlainText => _seen > 0 && _first[0] is >= (byte)'2' and <= (byte)'5';

    /// <summary>A handshake or an alert record.</summary>
    internal bool LookLikeTls => Seen is [0x15 or 0x16, 3, ..];

    internal void StopWatching() => _over = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _over || _seen >= _first.Length ? inner.ReadAsync(buffer, cancellationToken) : WatchAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    async ValueTask<int> WatchAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < count && _seen < _first.Length; i++)
        {
            _first[_seen++] = buffer.Span[i];
        }

        return count;
    }
}
