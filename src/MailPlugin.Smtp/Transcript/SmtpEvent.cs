using System.Net;
using System.Net.Sockets;

namespace MailPlugin.Smtp;

/// <summary>What happened while a session was made, in structure: a transcript's lines say the same in words. A closed set.</summary>
public abstract record SmtpEvent
{
    SmtpEvent() { }

    /// <summary>No connection came about: the name was not resolved, or nobody was reached.</summary>
    /// <param name="Error">The system's error.</param>
    public sealed record NetworkFailed(SocketError Error) : SmtpEvent;

    /// <summary>A connection stands, to the proxy where there is one.</summary>
    /// <param name="RemoteEndPoint">The address that won.</param>
    public sealed record Connected(IPEndPoint RemoteEndPoint) : SmtpEvent;

    /// <summary>The proxy opened the way, or did not.</summary>
    /// <param name="Answer">How.</param>
    public sealed record ProxyAnswered(SmtpProxyAnswer Answer) : SmtpEvent;

    /// <summary>Something other than a greeting was found where a greeting was due.</summary>
    /// <param name="Speech">What is spoken there.</param>
    /// <param name="Text">The first line of it, control characters escaped; empty where nothing was said.</param>
    /// <param name="Certificate">The certificate that was shown, judged as the relay's.</param>
    public sealed record Overheard(SmtpPortSpeech Speech, string Text, SmtpCertificate? Certificate = null) : SmtpEvent;

    /// <summary>The greeting, be it a refusal.</summary>
    /// <param name="Reply">The server's words.</param>
    public sealed record Greeted(SmtpReply Reply) : SmtpEvent;

    /// <summary>The answer to EHLO.</summary>
    /// <param name="Capabilities">What is offered.</param>
    /// <param name="Tls">Whether it was said under TLS.</param>
    public sealed record Offered(SmtpCapabilities Capabilities, bool Tls) : SmtpEvent;

    /// <summary>The answer to STARTTLS.</summary>
    /// <param name="Reply">The server's words.</param>
    public sealed record StartTlsAnswered(SmtpReply Reply) : SmtpEvent;

    /// <summary>The server wants to see a certificate of the client's.</summary>
    public sealed record ClientCertificateAsked : SmtpEvent;

    /// <summary>The server's certificate was judged, good or bad.</summary>
    /// <param name="Certificate">The server's own.</param>
    /// <param name="Chain">It and those above it, as far as they are known.</param>
    public sealed record CertificateJudged(SmtpCertificate Certificate, IReadOnlyList<SmtpChainLink> Chain) : SmtpEvent;

    /// <summary>TLS protects the session from here on.</summary>
    /// <param name="Tls">How.</param>
    public sealed record Secured(SmtpTlsInfo Tls) : SmtpEvent;

    /// <summary>TLS did not come about.</summary>
    /// <param name="Alert">The alert that the server began with (RFC 8446 6), if it did.</param>
    /// <param name="Version">The version that the server chose, as it stands in its hello: 0x0301 is TLS 1.0; null where it chose none.</param>
    public sealed record HandshakeFailed(int? Alert, int? Version) : SmtpEvent;

    /// <summary>The end of one login.</summary>
    /// <param name="Mechanism">Its SASL name.</param>
    /// <param name="Reply">The server's words, secrets starred out.</param>
    public sealed record LoginAnswered(string Mechanism, SmtpReply Reply) : SmtpEvent;
}

/// <summary>How a proxy answered.</summary>
public enum SmtpProxyAnswer
{
    /// <summary>The way is open.</summary>
    Opened,

    /// <summary>What answered is no proxy of this kind.</summary>
    NoProxy,

    /// <summary>It wants another login, or refused this one.</summary>
    LoginRefused,

    /// <summary>Its rules do not allow this.</summary>
    NotAllowed,

    /// <summary>It could not reach the relay.</summary>
    RelayUnreachable,

    /// <summary>It gave up without a reason.</summary>
    Failed,
}

/// <summary>What is spoken at a port, as far as its first words tell.</summary>
public enum SmtpPortSpeech
{
    /// <summary>Nothing was said.</summary>
    Silence,

    /// <summary>SMTP in plain text.</summary>
    Smtp,

    /// <summary>SMTP under TLS from the first byte.</summary>
    SmtpOverTls,

    /// <summary>TLS, and nobody knows what is in it.</summary>
    Tls,

    /// <summary>HTTP, in plain text or under TLS.</summary>
    Http,

    /// <summary>POP3.</summary>
    Pop3,

    /// <summary>IMAP.</summary>
    Imap,

    /// <summary>SSH.</summary>
    Ssh,

    /// <summary>FTP: it greets as SMTP does.</summary>
    Ftp,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>One certificate of a chain.</summary>
/// <param name="Subject">The distinguished name.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="NotBefore">Good from.</param>
/// <param name="NotAfter">Good until.</param>
/// <param name="Sha256">SHA-256 of the certificate.</param>
/// <param name="Problems">Every check that it failed, in the words of the system; empty when it is good.</param>
public sealed record SmtpChainLink(
    string Subject, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Sha256, IReadOnlyList<string> Problems);
