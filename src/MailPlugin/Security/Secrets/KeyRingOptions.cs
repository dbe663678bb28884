using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailPlugin.Options;

namespace MailPlugin.Security.Secrets;

/// <summary>What the keys of Data Protection are sealed with where they are kept (<c>MailPlugin:KeyRing:…</c>): a certificate, a file with a key, or nothing.</summary>
internal sealed class KeyRingOptions
{
    const string Certificate = "CertificateFile";
    const string Key = "KeyFile";

    /// <summary>Shorter ones could be guessed.</summary>
    const int ShortestKey = 32;
    const int LargestFile = 64 * 1024;

    KeyRingOptions(KeyRingSeal? seal, bool isShared) => (Seal, LiesOpen) = (seal, isShared && seal is null);

    /// <summary>Null: they are kept as they are.</summary>
    public KeyRingSeal? Seal { get; }

    /// <summary>Whether they lie unsealed in the database that also has what they protect.</summary>
    public bool LiesOpen { get; }

    /// <param name="options">Which file, if any.</param>
    /// <param name="isShared">Whether the keys lie in the database.</param>
    /// <exception cref="InvalidOptionException">A file cannot be read, or is not what it should be.</exception>
    public static KeyRingOptions Read(MailPluginOptions options, bool isShared) => new(
        (options.KeyRing.CertificateFile, options.KeyRing.KeyFile) switch
        {
            (null, null) => null,
            (null, { } file) => KeyRingSeal.WithKey(ReadKey(file)),
            ({ } file, null) => KeyRingSeal.WithCertificate(ReadCertificate(file)),
            _ => throw new InvalidOptionException($"KeyRing:{Key}", $"must not stand beside KeyRing:{Certificate}: one of them protects the keys"),
        },
        isShared);

    static byte[] ReadKey(string file)
    {
        var bytes = ReadFile(file, Key);

        // A line end that an editor leaves behind is not part of it.
        var key = bytes.AsSpan().TrimEnd("\r\n"u8);
        return key.Length >= ShortestKey ? key.ToArray() : throw new InvalidOptionException($"KeyRing:{Key}", $"must hold at least {ShortestKey} bytes, such as the output of: openssl rand -base64 32");
    }

    /// <summary>PEM with certificate and key, or PKCS#12 without a password: the file's mode is what protects it.</summary>
    static X509Certificate2 ReadCertificate(string file)
    {
        var bytes = ReadFile(file, Certificate);
        X509Certificate2? certificate = null;
        try
        {
            certificate = bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0
                ? X509Certificate2.CreateFromPemFile(file)
                : X509CertificateLoader.LoadPkcs12(bytes, null, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or ArgumentException)
        {
            throw new InvalidOptionException($"KeyRing:{Certificate}", "must be a certificate with its private key, as PEM or as PKCS#12 without a password");
        }

        using var key = certificate.GetRSAPrivateKey();
        if (key is null)
        {
            certificate.Dispose();
            throw new InvalidOptionException($"KeyRing:{Certificate}", "must have an RSA key: others cannot decrypt");
        }

        return certificate;
    }

    static byte[] ReadFile(string file, string option)
    {
        try
        {
            return new FileInfo(file).Length <= LargestFile ? File.ReadAllBytes(file) : throw new InvalidOptionException($"KeyRing:{option}", "is too large a file");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOptionException($"KeyRing:{option}", $"cannot be read: {fault.Message}");
        }
    }
}
