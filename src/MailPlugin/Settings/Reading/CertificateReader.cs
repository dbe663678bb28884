using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailPlugin.Http.Binding;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Settings.Reading;

internal static class CertificateReader
{
    const int MaxPem = 64 * 1024;

    public static CertificateSettings Read(JsonObjectReader reader)
    {
        var trust = reader.Choice("trust", CertificateTrustChoice.System);
        var settings = new CertificateSettings
        {
            Trust = trust,
            Sha256 = Fingerprint(reader, trust),
            CaPem = Pem(reader, "caPem", needed: trust == CertificateTrustChoice.CustomCa),
            ClientCertificate = Pem(reader, "clientCertificate", needed: false),
            ClientKey = SettingsReader.Secret(reader, "clientKey", MaxPem),
        };
        CheckKey(reader, settings);
        reader.Ignore("hasClientKey");
        reader.Complete();
        return settings;
    }

    static string? Fingerprint(JsonObjectReader reader, CertificateTrustChoice trust)
    {
        var text = reader.Line("sha256", 128)?.Replace(":", "", StringComparison.Ordinal).Trim();
        if (string.IsNullOrEmpty(text))
        {
            if (trust == CertificateTrustChoice.Pinned && !reader.HasFault("sha256"))
            {
                reader.Fault("sha256", "must be the SHA-256 of the certificate when trust is pinned");
            }

            return null;
        }

        if (text.Length == 64 && text.All(char.IsAsciiHexDigit))
        {
            return text.ToLowerInvariant();
        }

        reader.Fault("sha256", "must be 64 hexadecimal digits");
        return null;
    }

    public static string? Pem(JsonObjectReader reader, string name, bool needed)
    {
        var text = reader.Text(name, MaxPem);
        if (string.IsNullOrWhiteSpace(text))
        {
            if (needed && !reader.HasFault(name))
            {
                reader.Fault(name, "must be one or more certificates in PEM when trust is customCa");
            }

            return null;
        }

        // These are no secrets: they are stored in the clear and shown again.
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            reader.Fault(name, "must hold certificates alone; the private key belongs into clientKey");
            return null;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            if (certificates.Count > 0)
            {
                return text;
            }
        }
        catch (CryptographicException)
        {
            // Told below: the caller is interested in what it must be.
        }

        reader.Fault(name, "must be one or more certificates in PEM");
        return null;
    }

    static void CheckKey(JsonObjectReader reader, CertificateSettings settings)
    {
        if (settings.ClientKey is null || ReferenceEquals(settings.ClientKey, KeptSecrets.Marker))
        {
            return;
        }

        try
        {
            using var _ = X509Certificate2.CreateFromPem(settings.ClientCertificate, settings.ClientKey.Reveal());
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            reader.Fault("clientKey", "must be the unencrypted private key of clientCertificate in PEM");
        }
    }
}
