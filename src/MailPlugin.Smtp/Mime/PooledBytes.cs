using System.Buffers;

namespace MailPlugin.Smtp.Mime;

/// <summary>Bytes in one piece, on loan from the pool.</summary>
sealed class PooledBytes(int capacity) : IBufferWriter<byte>, IDisposable
{
    byte[] array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => array.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => array.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public void Clear() => Length = 0;

    /// <summary>Takes the CRLF at the end away.</summary>
    public void TrimLineEnd() => Length -= Span.EndsWith("\r\n"u8) ? 2 : 0;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsSpan(Length);
    }

    public void Dispose()
    {
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
            array = [];
            Length = 0;
        }
    }

    void Reserve(int sizeHint)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (array.Length - Length < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(array.Length * 2, Length + wanted));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array);
            array = larger;
        }
    }
}
