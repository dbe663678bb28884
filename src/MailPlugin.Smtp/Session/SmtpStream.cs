using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>
/// Buffered bytes over whatever carries the session. Commands and content gather in one buffer and leave in one write; replies stay in
/// the other until they are consumed. Every wait is under the session's deadline.
/// </summary>
internal sealed class SmtpStream(Stream stream, Deadline deadline) : IAsyncDisposable
{
    /// <summary>What gathers before content is written without waiting for more.</summary>
    internal const int BlockSize = 64 * 1024;

    byte[] _in = ArrayPool<byte>.Shared.Rent(4096);
    byte[] _out = ArrayPool<byte>.Shared.Rent(4096);
    int _inStart;
    int _inEnd;
    int _outLength;

    internal Stream Inner => stream;

    internal long Received { get; private set; }

    internal ReadOnlySpan<byte> Buffered => _in.AsSpan(_inStart, _inEnd - _inStart);

    internal int Gathered => _outLength;

    internal void Replace(Stream replacement) => stream = replacement;

    internal void Consume(int count)
    {
        _inStart += count;
        if (_inStart == _inEnd)
        {
            _inStart = _inEnd = 0;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask FillAsync(TimeSpan timeout)
    {
        MakeRoomToRead();
        deadline.Arm(timeout);
        int count;
        try
        {
            count = await stream.ReadAsync(_in.AsMemory(_inEnd), deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw deadline.Explain(exception, whileWriting: false);
        }

        deadline.Disarm();
        if (count == 0)
        {
            throw new SessionBroken(SmtpFault.ConnectionLost, "The server closed the connection.");
        }

        _inEnd += count;
        Received += count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask FlushAsync(TimeSpan timeout)
    {
        if (_outLength == 0)
        {
            return;
        }

        deadline.Arm(timeout);
        try
        {
            await stream.WriteAsync(_out.AsMemory(0, _outLength), deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw deadline.Explain(exception, whileWriting: true);
        }

        deadline.Disarm();
        _outLength = 0;
    }

    /// <summary>At least so much room behind what has gathered.</summary>
    internal Span<byte> Room(int atLeast)
    {
        if (_out.Length - _outLength < atLeast)
        {
            Grow(ref _out, _outLength, _outLength + atLeast);
        }

        return _out.AsSpan(_outLength);
    }

    internal void Advance(int count) => _outLength += count;

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _outLength += bytes.Length;
    }

    internal void Write(string text)
        => _outLength += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    internal void Write(long number)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(number, Room(20), out var written);
        _outLength += written;
    }

    internal ReadOnlySpan<byte> GatheredSince(int mark) => _out.AsSpan(mark, _outLength - mark);

    internal void Forget() => _outLength = 0;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is gone either way.
        }

        // The arrays are left to the collector: a canceled read may still be writing into one.
    }

    void MakeRoomToRead()
    {
        if (_inEnd < _in.Length)
        {
            return;
        }

        if (_inStart > 0)
        {
            Buffered.CopyTo(_in);
            _inEnd -= _inStart;
            _inStart = 0;
        }
        else
        {
            Grow(ref _in, _inEnd, _in.Length * 2);
        }
    }

    static void Grow(ref byte[] buffer, int length, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, buffer.Length * 2));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = larger;
    }
}
