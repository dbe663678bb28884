namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>Gives its bytes in pieces of odd sizes, as a network does.</summary>
sealed class DrippingStream(byte[] content) : MemoryStream(content, writable: false)
{
    int size = 1;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        size = (size * 7 % 4093) + 1;
        return Read(buffer.Span[..Math.Min(buffer.Length, size)]);
    }
}
