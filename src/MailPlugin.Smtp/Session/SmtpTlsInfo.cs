using System.Net.Security;
using System.Security.Authentication;

namespace MailPlugin.Smtp;

/// <summary>What protects a session.</summary>
/// <param name="Protocol">The TLS version.</param>
/// <param name="Cipher">The cipher suite.</param>
/// <param name="Certificate">The server's certificate.</param>
public sealed record SmtpTlsInfo(SslProtocols Protocol, TlsCipherSuite Cipher, SmtpCertificate Certificate)
{
    /// <summary>The check that the certificate failed where TLS is only opportunistic; null when it is good.</summary>
    public SmtpCertificateProblem? CertificateProblem => Certificate.Problem;

    /// <summary>Such as <c>TLS 1.3 TLS_AES_256_GCM_SHA384</c>.</summary>
    public override string ToString() => $"{(Protocol == SslProtocols.Tls13 ? "TLS 1.3" : Protocol == SslProtocols.Tls12 ? "TLS 1.2" : Protocol.ToString())} {Cipher}";
}
