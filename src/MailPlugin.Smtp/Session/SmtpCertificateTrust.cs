namespace MailPlugin.Smtp;

/// <summary>What makes a server's certificate good.</summary>
public abstract record SmtpCertificateTrust
{
    SmtpCertificateTrust() { }

    /// <summary>The system's certification authorities, the name and the dates; revocation where it can be asked.</summary>
    public static SmtpCertificateTrust System { get; } = new SystemTrust();

    /// <summary>Exactly one certificate, whatever its name, issuer and dates.</summary>
    /// <param name="Sha256">SHA-256 of the certificate, hexadecimal; colons and blanks do not matter.</param>
    public sealed record Pinned(string Sha256) : SmtpCertificateTrust;

    /// <summary>Certification authorities of one's own instead of the system's; name and dates are checked.</summary>
    /// <param name="Pem">One or more certificates.</param>
    public sealed record CustomCa(string Pem) : SmtpCertificateTrust;

    internal sealed record SystemTrust : SmtpCertificateTrust;
}
