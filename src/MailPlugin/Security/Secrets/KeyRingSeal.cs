using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailPlugin.Security.Secrets;

/// <summary>
/// Seals a document: AES-256-GCM under a key of its own, which lies beside it, itself encrypted by what the administrator configured. Format 1: length of the wrapped key (2 bytes, big-endian), wrapped
/// key, nonce (12), tag (16), ciphertext.
/// </summary>
internal sealed class KeyRingSeal
{
    const int KeySize = 32;
    const int NonceSize = 12;
    const int TagSize = 16;

    readonly Func<byte[], byte[]> _wrap;
    readonly Func<byte[], byte[]> _unwrap;

    KeyRingSeal(Func<byte[], byte[]> wrap, Func<byte[], byte[]> unwrap) => (_wrap, _unwrap) = (wrap, unwrap);

    public static KeyRingSeal WithKey(byte[] secret)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeySize, info: "MailPlugin key ring 1"u8.ToArray());
        return new(inner => Encrypt(key, inner), wrapped => Decrypt(key, wrapped));
    }

    public static KeyRingSeal WithCertificate(X509Certificate2 certificate) => new(
        inner =>
        {
            using var rsa = certificate.GetRSAPublicKey()!;
            return rsa.Encrypt(inner, RSAEncryptionPadding.OaepSHA256);
        },
        wrapped =>
        {
            using var rsa = certificate.GetRSAPrivateKey()!;
            return rsa.Decrypt(wrapped, RSAEncryptionPadding.OaepSHA256);
        });

    public byte[] Seal(string text)
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        var wrapped = _wrap(key);
        return [(byte)(wrapped.Length >> 8), (byte)wrapped.Length, .. wrapped, .. Encrypt(key, Encoding.UTF8.GetBytes(text))];
    }

    /// <exception cref="CryptographicException">It was sealed by something else, or changed.</exception>
    public string Open(byte[] bytes)
    {
        var length = bytes.Length > 2 ? (bytes[0] << 8) + bytes[1] : int.MaxValue;
        return bytes.Length >= 2L + length
            ? Encoding.UTF8.GetString(Decrypt(_unwrap(bytes[2..(2 + length)]), bytes[(2 + length)..]))
            : throw new CryptographicException("What was sealed is cut off.");
    }

    static byte[] Encrypt(byte[] key, byte[] plain)
    {
        using var aes = new AesGcm(key, TagSize);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var (cipher, tag) = (new byte[plain.Length], new byte[TagSize]);
        aes.Encrypt(nonce, plain, cipher, tag);
        return [.. nonce, .. tag, .. cipher];
    }

    static byte[] Decrypt(byte[] key, byte[] bytes)
    {
        if (bytes.Length < NonceSize + TagSize || key.Length != KeySize)
        {
            throw new CryptographicException("What was sealed is cut off.");
        }

        using var aes = new AesGcm(key, TagSize);
        var plain = new byte[bytes.Length - NonceSize - TagSize];
        aes.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), plain);
        return plain;
    }
}
