using System.Buffers;

namespace MailPlugin.Smtp.Mime;

/// <summary>Bytes in as many pieces as they need, on loan from the pool: nothing is copied when they grow, and no piece lands on the large object heap.</summary>
sealed class PooledSegments : IBufferWriter<byte>, IDisposable
{
    const int LargestSegment = 64 * 1024;

    readonly Segment first;
    Segment last;

    public PooledSegments(int capacity) => first = last = new Segment(Math.Clamp(capacity, 1024, LargestSegment), 0);

    public long Length => last.RunningIndex + last.Written;

    public ReadOnlySequence<byte> Sequence
    {
        get
        {
            last.Seal();
            return new ReadOnlySequence<byte>(first, 0, last, last.Written);
        }
    }

    /// <summary>Whether nothing more is needed to end the last line. Pieces are larger than a line end and never end within one, because each line end is written at once.</summary>
    public bool EndsWithLine => last.Written >= 2 && last.Array.AsSpan(last.Written - 2, 2).SequenceEqual("\r\n"u8);

    public void Advance(int count) => last.Written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => Reserve(sizeHint).AsMemory(last.Written);

    public Span<byte> GetSpan(int sizeHint = 0) => Reserve(sizeHint).AsSpan(last.Written);

    public void Dispose()
    {
        for (var segment = first; segment is not null; segment = segment.Return())
        {
        }
    }

    byte[] Reserve(int sizeHint)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (last.Array.Length - last.Written < wanted)
        {
            last = last.Append(Math.Max(wanted, LargestSegment));
        }

        return last.Array;
    }

    sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(int capacity, long runningIndex)
        {
            Array = ArrayPool<byte>.Shared.Rent(capacity);
            RunningIndex = runningIndex;
        }

        public byte[] Array { get; private set; }

        public int Written { get; set; }

        public void Seal() => Memory = Array.AsMemory(0, Written);

        public Segment Append(int capacity)
        {
            Seal();
            var next = new Segment(capacity, RunningIndex + Written);
            Next = next;
            return next;
        }

        public Segment? Return()
        {
            if (Array.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(Array);
                Array = [];
                Written = 0;
                Memory = default;
            }

            return (Segment?)Next;
        }
    }
}
