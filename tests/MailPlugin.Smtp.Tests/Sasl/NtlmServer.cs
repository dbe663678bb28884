using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Smtp.Tests;

/// <summary>
/// The server's side of NTLMv2, written from MS-NLMP (2.2.1, 3.3.2) because no server on a test machine checks the response with target
/// information. It knows one user.
/// </summary>
sealed class NtlmServer(string domain, string user, string password)
{
    static readonly byte[] Signature = "NTLMSSP\0"u8.ToArray();

    readonly byte[] _challenge = RandomNumberGenerator.GetBytes(8);
    byte[] _negotiate = [];
    byte[] _sent = [];

    internal byte[] Challenge(byte[] negotiate)
    {
        Assert.True(negotiate.AsSpan().StartsWith(Signature));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(negotiate.AsSpan(8)));
        _negotiate = negotiate;

        var target = Encoding.Unicode.GetBytes(domain);
        byte[] info = [.. Pair(2, target), .. Pair(1, Encoding.Unicode.GetBytes("SERVER")), .. Pair(7, Now()), .. Pair(0, [])];
        var message = new byte[56 + target.Length + info.Length];
        Signature.CopyTo(message, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), 2);
        Field(message.AsSpan(12), target.Length, 56);

        // Unicode, target requested, sign, NTLM, always sign, target is a domain, extended security, target info, version, 128, key exchange, 56.
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(20), 0xE2898215 | 0x00010000);
        _challenge.CopyTo(message, 24);
        Field(message.AsSpan(40), info.Length, 56 + target.Length);
        message[48] = 10;
        message[55] = 15;
        target.CopyTo(message, 56);
        info.CopyTo(message, 56 + target.Length);
        return _sent = message;
    }

    internal bool Accepts(byte[] authenticate)
    {
        Assert.True(authenticate.AsSpan().StartsWith(Signature));
        Assert.Equal(3u, BinaryPrimitives.ReadUInt32LittleEndian(authenticate.AsSpan(8)));
        var response = Take(authenticate, 20);
        var saidDomain = Encoding.Unicode.GetString(Take(authenticate, 28));
        var saidUser = Encoding.Unicode.GetString(Take(authenticate, 36));

        // NTOWFv2, then the proof over the server's challenge and the client's blob.
        var key = Hmac(Md4.Hash(Encoding.Unicode.GetBytes(password)), Encoding.Unicode.GetBytes(saidUser.ToUpperInvariant() + saidDomain));
        var proof = Hmac(key, [.. _challenge, .. response.AsSpan(16)]);
        if (saidUser != user || saidDomain != domain || !proof.AsSpan().SequenceEqual(response.AsSpan(0, 16)))
        {
            return false;
        }

        return HasValidMic(authenticate, key, proof);
    }

    // The client binds all three messages together where the challenge carried a timestamp (MS-NLMP 3.1.5.1.2).
    bool HasValidMic(byte[] authenticate, byte[] key, byte[] proof)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(authenticate.AsSpan(60));
        var sessionKey = Hmac(key, proof);
        if ((flags & 0x40000000) != 0)
        {
            sessionKey = Rc4(sessionKey, Take(authenticate, 52));
        }

        var mic = authenticate[72..88];
        var bare = authenticate.ToArray();
        bare.AsSpan(72, 16).Clear();
        return Hmac(sessionKey, [.. _negotiate, .. _sent, .. bare]).AsSpan().SequenceEqual(mic);
    }

    static byte[] Now() => BitConverter.GetBytes(TimeProvider.System.GetUtcNow().ToFileTime());

    static byte[] Pair(ushort id, byte[] value)
    {
        var pair = new byte[4 + value.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(pair, id);
        BinaryPrimitives.WriteUInt16LittleEndian(pair.AsSpan(2), (ushort)value.Length);
        value.CopyTo(pair, 4);
        return pair;
    }

    static void Field(Span<byte> at, int length, int offset)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)length);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], offset);
    }

    static byte[] Take(byte[] message, int field)
        => message.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(field + 4)), BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(field))).ToArray();

#pragma warning disable CA5351 // NTLM is defined with it.
    static byte[] Hmac(byte[] key, byte[] data) => HMACMD5.HashData(key, data);
#pragma warning restore CA5351

    static byte[] Rc4(byte[] key, byte[] data)
    {
        var state = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        for (int i = 0, j = 0; i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
        }

        var result = new byte[data.Length];
        for (int n = 0, i = 0, j = 0; n < data.Length; n++)
        {
            i = (i + 1) & 255;
            j = (j + state[i]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
            result[n] = (byte)(data[n] ^ state[(state[i] + state[j]) & 255]);
        }

        return result;
    }

    /// <summary>MD4 (RFC 1320), which the framework does not have.</summary>
    static class Md4
    {
        static readonly int[][] Shifts = [[3, 7, 11, 19], [3, 5, 9, 13], [3, 9, 11, 15]];
        static readonly int[] Third = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];

        internal static byte[] Hash(byte[] message)
        {
            var padded = new byte[((message.Length + 8) / 64 * 64) + 64];
            message.CopyTo(padded, 0);
            padded[message.Length] = 0x80;
            BinaryPrimitives.WriteInt64LittleEndian(padded.AsSpan(padded.Length - 8), message.Length * 8L);
            uint[] state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
            for (var block = 0; block < padded.Length; block += 64)
            {
                var x = Enumerable.Range(0, 16).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(padded.AsSpan(block + (i * 4)))).ToArray();
                var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
                for (var step = 0; step < 48; step++)
                {
                    var (round, i) = (step / 16, step % 16);
                    var mixed = round switch
                    {
                        0 => a + ((b & c) | (~b & d)) + x[i],
                        1 => a + ((b & c) | (b & d) | (c & d)) + x[((i & 3) * 4) + (i >> 2)] + 0x5a827999,
                        _ => a + (b ^ c ^ d) + x[Third[i]] + 0x6ed9eba1,
                    };
                    (a, b, c, d) = (d, BitOperations.RotateLeft(mixed, Shifts[round][i & 3]), b, c);
                }

                state = [state[0] + a, state[1] + b, state[2] + c, state[3] + d];
            }

            var hash = new byte[16];
            for (var i = 0; i < 4; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(hash.AsSpan(i * 4), state[i]);
            }

            return hash;
        }
    }
}
