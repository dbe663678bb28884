using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.TestBed;

/// <summary>A certificate with its private key, as .NET and as other people's servers want it.</summary>
public sealed class ServerCertificate
{
    internal ServerCertificate(X509Certificate2 certificate, string keyPem, params IEnumerable<X509Certificate2> issuers)
    {
        Certificate = certificate;
        KeyPem = keyPem;
        ChainPem = string.Concat(issuers.Prepend(certificate).Select(one => one.ExportCertificatePem() + "\n"));
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate and those above it.</summary>
    public string ChainPem { get; }

    /// <summary>The private key, PKCS #8.</summary>
    public string KeyPem { get; }

    /// <summary>The fingerprint that pins it, in lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Certificate.RawData));

    /// <summary>Writes <c>chain.pem</c> and <c>key.pem</c> into a folder.</summary>
    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "chain.pem"), ChainPem);
        var key = Path.Combine(folder, "key.pem");
        File.WriteAllText(key, KeyPem);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
