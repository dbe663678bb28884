using System.IO.Pipes;
using System.Text;

namespace MailPlugin.Transports.Programs;

/// <summary>Reads what a program says, all of it so that it never waits, and keeps the beginning and the end.</summary>
internal sealed class ProgramOutput(PipeStream stream)
{
    const int KeptAtEachEnd = 4 * 1024;

    /// <summary>More than lies in a pipe: a child that writes without end is not read without end.</summary>
    const int MostOfTheRest = 2 * 1024 * 1024;

    readonly byte[] _head = new byte[KeptAtEachEnd];
    readonly byte[] _tail = new byte[KeptAtEachEnd];
    readonly Lock _lock = new();
    long _count;

    /// <summary>Completes at the end of the stream, or when it is closed.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                Keep(buffer.AsSpan(0, count));
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // A child of the program may hold the other end for as long as it likes; nobody waits for it.
        }
    }

    /// <summary>
    /// Takes what lies in the pipe. To be called when the program has ended and reading is over: all that it said is here or there then, however busy this process is. A success that is not
    /// heard would be sent again.
    /// </summary>
    public void TakeRest()
    {
        var buffer = new byte[16 * 1024];
        for (var taken = 0; taken < MostOfTheRest && Libc.Unread(stream.SafePipeHandle) > 0;)
        {
            var count = stream.Read(buffer);
            Keep(buffer.AsSpan(0, count));
            taken += count;
        }
    }

    /// <summary>What was said, in lines, without a character that could do something to a log or a page.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                var head = Encoding.UTF8.GetString(_head, 0, (int)Math.Min(_count, KeptAtEachEnd));
                if (_count <= KeptAtEachEnd)
                {
                    return PlainText.Lines(head);
                }

                var size = (int)Math.Min(_count - KeptAtEachEnd, KeptAtEachEnd);
                var start = (int)(_count % KeptAtEachEnd);
                var tail = size < KeptAtEachEnd ? _tail.AsSpan(0, size) : [.. _tail.AsSpan(start), .. _tail.AsSpan(0, start)];
                var left = _count - KeptAtEachEnd - size;
                return PlainText.Lines(head + (left > 0 ? $"\n[{left} bytes left out]\n" : "") + Encoding.UTF8.GetString(tail));
            }
        }
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var intoHead = (int)Math.Clamp(KeptAtEachEnd - _count, 0, bytes.Length);
            bytes[..intoHead].CopyTo(_head.AsSpan((int)Math.Min(_count, KeptAtEachEnd)));
            _count += intoHead;

            // Of what one read brings only the last can stay.
            var skipped = Math.Max(0, bytes.Length - intoHead - KeptAtEachEnd);
            _count += skipped;
            foreach (var one in bytes[(intoHead + skipped)..])
            {
                _tail[(int)(_count++ % KeptAtEachEnd)] = one;
            }
        }
    }
}
