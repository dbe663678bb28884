namespace MailPlugin.Smtp;

/// <summary>What went wrong, as a closed set that a policy can be written against.</summary>
public enum SmtpFault
{
    /// <summary>The host name has no address, or the resolver did not answer.</summary>
    NameNotResolved,

    /// <summary>Nothing listens there.</summary>
    ConnectionRefused,

    /// <summary>No route, or the network is down.</summary>
    Unreachable,

    /// <summary>No answer in time; the stage says to what.</summary>
    Timeout,

    /// <summary>The connection ended where a reply was due.</summary>
    ConnectionLost,

    /// <summary>Every address of the host is one that <see cref="SmtpRelay.AllowAddress"/> refuses.</summary>
    AddressNotAllowed,

    /// <summary>The proxy could not be used, or it could not reach the relay.</summary>
    ProxyFailed,

    /// <summary>The certificate is not good; <see cref="SmtpException.Certificate"/> says why.</summary>
    CertificateRejected,

    /// <summary>The TLS handshake failed for another reason.</summary>
    TlsFailed,

    /// <summary>The port waits for TLS, and plain text was spoken.</summary>
    TlsExpected,

    /// <summary>The port speaks plain text, and TLS was expected.</summary>
    PlainTextExpected,

    /// <summary>STARTTLS is required and not offered.</summary>
    StartTlsNotOffered,

    /// <summary>The server offers no mechanism that was asked for, or no AUTH at all.</summary>
    AuthNotOffered,

    /// <summary>The connection is not surely protected, and <see cref="SmtpRelay.AllowPlaintextAuth"/> is not set.</summary>
    PlaintextAuthNotAllowed,

    /// <summary>Login or password are wrong, or the server could not prove that it knows the password.</summary>
    LoginRefused,

    /// <summary>The server refused a command; the session can go on.</summary>
    CommandRefused,

    /// <summary>The server closes (421).</summary>
    ServiceClosing,

    /// <summary>The server said something that is no SMTP, or more than the limits; the session is dead.</summary>
    ProtocolViolation,

    /// <summary>The message is larger than the server's SIZE (RFC 1870); nothing was sent.</summary>
    MessageTooLarge,

    /// <summary>An address is not ASCII and the server does not offer SMTPUTF8 (RFC 6531); nothing was sent.</summary>
    SmtpUtf8NotOffered,

    /// <summary>The content has 8-bit bytes and the server does not offer 8BITMIME (RFC 6152); nothing was sent.</summary>
    EightBitNotOffered,

    /// <summary>The caller canceled.</summary>
    Canceled,
}
