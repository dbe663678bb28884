using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace MailPlugin.Queue;

/// <summary>
/// Ids such as <c>m_01jd3k…</c>: a version 7 UUID in base 32, so that ids sort by time, fit into addresses, and survive being read out.
/// The Message-ID carries the same id: looking one up needs no index.
/// </summary>
internal static class MessageIdentity
{
    public const string Prefix = "m_";

    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    const int Digits = 26;

    static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    public static string New(DateTimeOffset now) => Text(Guid.CreateVersion7(now));

    /// <summary>The Message-ID header for an id, with angle brackets.</summary>
    public static string Header(string id, string domain) => $"<{id[Prefix.Length..]}@{domain}>";

    /// <summary>The id that a Message-ID made here carries.</summary>
    public static bool TryFromHeader(string messageId, [NotNullWhen(true)] out string? id)
    {
        var local = messageId.AsSpan().Trim().TrimStart('<');
        var end = local.IndexOf('@');
        id = end == Digits && local[..end].IndexOfAnyExcept(Characters) < 0 ? string.Concat(Prefix, local[..end]) : null;
        return id is not null;
    }

    public static bool IsId(string text) =>
        text.Length == Prefix.Length + Digits && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Characters) < 0;

    /// <summary>Sorts before every id that was made at this time or later.</summary>
    public static string Floor(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var milliseconds = Math.Clamp(time.ToUnixTimeMilliseconds(), 0, (1L << 48) - 1);
        for (var i = 5; i >= 0; i--, milliseconds >>= 8)
        {
            bytes[i] = (byte)milliseconds;
        }

        return Text(new Guid(bytes, bigEndian: true));
    }

    static string Text(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        var number = new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        return string.Create(Prefix.Length + Digits, number, static (text, number) =>
        {
            Prefix.CopyTo(text);
            for (var i = text.Length - 1; i >= Prefix.Length; i--, number >>= 5)
            {
                text[i] = Alphabet[(int)(number & 31)];
            }
        });
    }
}
