using System.Runtime.InteropServices;

namespace MailPlugin.Storage.Queue;

internal static class Blob
{
    /// <summary>The array behind the bytes when it is exactly theirs, else a copy: parameters take arrays.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : bytes.ToArray();
}
