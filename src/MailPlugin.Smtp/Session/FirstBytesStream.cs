namespace MailPlugin.Smtp;

/// <summary>Remembers the first bytes that came in, so that a failed TLS handshake can say what was spoken instead.</summary>
internal sealed class FirstBytesStream(Stream inner) : Stream
{
    readonly byte[] _first = new byte[3];
    int _seen;

    internal bool HasSeen => _seen > 0;

    /// <summary>A digit begins an SMTP greeting and no TLS record.</summary>
    internal bool LookLikePlainText => _seen > 0 && _first[0] is >= (byte)'2' and <= (byte)'5';

    /// <summary>A handshake or an alert record.</summary>
    internal bool LookLikeTls => _seen > 1 && _first[0] is 0x15 or 0x16 && _first[1] == 3;

    internal void StopWatching() => _seen = _first.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _seen >= _first.Length ? inner.ReadAsync(buffer, cancellationToken) : WatchAsync(buffer, cancellationToken);

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
