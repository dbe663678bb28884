namespace MailPlugin.Smtp;

/// <summary>How a session is protected (RFC 3207, RFC 8314).</summary>
public enum SmtpSecurity
{
    /// <summary>Never TLS.</summary>
    None,

    /// <summary>Opportunistic: TLS where it is offered, whatever the certificate; never protects against somebody in between.</summary>
    StartTlsIfOffered,

    /// <summary>STARTTLS and a good certificate, or no session.</summary>
    StartTls,

    /// <summary>TLS from the first byte and a good certificate, or no session.</summary>
    ImplicitTls,
}

/// <summary>The oldest TLS version that is spoken.</summary>
public enum SmtpMinimumTls
{
    /// <summary>TLS 1.2 (RFC 5246).</summary>
    Tls12,

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    Tls13,
}
