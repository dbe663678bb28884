using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Encoded words (RFC 2047) in UTF-8: each whole by itself, none tears a character, all fit their line.</summary>
static class EncodedWord
{
    const int Longest = 75;
    const int Overhead = 12; // =?utf-8?Q??=
    const int WorthBeginning = Overhead + 16;

    // What RFC 2047 section 5 (3) lets stand in a phrase; stricter than elsewhere, and right everywhere.
    static readonly SearchValues<byte> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/"u8);

    /// <summary>Writes text as encoded words, with the blank before the first.</summary>
    public static void Write(ref HeaderWriter header, ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var rest = rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented));
            var useQ = QuotedLength(rest) <= (rest.Length + 2) / 3 * 4;
            while (!rest.IsEmpty)
            {
                if (header.Room - 1 < WorthBeginning)
                {
                    header.Fold();
                }

                var room = Math.Min(Longest, header.Room - 1) - Overhead;
                var taken = useQ ? TakeQuoted(rest, room) : TakeWhole(rest, room / 4 * 3);
                header.Raw(useQ ? " =?utf-8?Q?"u8 : " =?utf-8?B?"u8);
                Encode(ref header, rest[..taken], useQ);
                header.Raw("?="u8);
                rest = rest[taken..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    static void Encode(ref HeaderWriter header, ReadOnlySpan<byte> bytes, bool useQ)
    {
        Span<byte> encoded = stackalloc byte[Longest];
        var length = 0;
        if (!useQ)
        {
            Base64.EncodeToUtf8(bytes, encoded, out _, out length);
        }
        else
        {
            foreach (var b in bytes)
            {
                if (b == ' ' || Plain.Contains(b))
                {
                    encoded[length++] = b == ' ' ? (byte)'_' : b;
                }
                else
                {
                    Hex.Write(encoded[length..], (byte)'=', b);
                    length += 3;
                }
            }
        }

        header.Raw(encoded[..length]);
    }

    static int QuotedLength(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length;
        foreach (var b in bytes)
        {
            length += b == ' ' || Plain.Contains(b) ? 0 : 2;
        }

        return length;
    }

    static int TakeQuoted(ReadOnlySpan<byte> bytes, int room)
    {
        var taken = 0;
        while (taken < bytes.Length)
        {
            var next = taken + CharacterLength(bytes[taken]);
            room -= QuotedLength(bytes[taken..next]);
            if (room < 0)
            {
                break;
            }

            taken = next;
        }

        return taken;
    }

    static int TakeWhole(ReadOnlySpan<byte> bytes, int room)
    {
        if (bytes.Length <= room)
        {
            return bytes.Length;
        }

        while ((bytes[room] & 0xC0) == 0x80)
        {
            room--;
        }

        return room;
    }

    // The bytes come from an encoder, so that a lead byte says the length.
    static int CharacterLength(byte lead) => lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}
