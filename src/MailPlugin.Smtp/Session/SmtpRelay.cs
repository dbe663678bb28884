using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.Smtp;

/// <summary>
/// Everything a session needs to know about the server that mail is handed to. Immutable; two equal relays may share a session.
/// </summary>
public sealed record SmtpRelay
{
    /// <summary>A host name or an IP address.</summary>
    public required string Host { get; init; }

    /// <summary>25, 465 or 587 as a rule.</summary>
    public int Port { get; init; } = 587;

    /// <summary>How the session is protected.</summary>
    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    /// <summary>The oldest TLS version that is spoken.</summary>
    public SmtpMinimumTls MinimumTls { get; init; } = SmtpMinimumTls.Tls12;

    /// <summary>What makes a server's certificate good. Where <see cref="Security"/> is opportunistic, a bad one is recorded, not fatal.</summary>
    public SmtpCertificateTrust CertificateTrust { get; init; } = SmtpCertificateTrust.System;

    /// <summary>Shown to a server that asks; has its private key. The caller owns it.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Who logs in; null does not log in.</summary>
    public SmtpCredentials? Credentials { get; init; }

    /// <summary>How to log in; <see cref="SmtpAuth.Auto"/> takes the strongest mechanism that is offered.</summary>
    public SmtpAuth Auth { get; init; } = SmtpAuth.Auto;

    /// <summary>
    /// Says in so many words that credentials may travel where TLS is missing or only opportunistic. Without it such a session ends with
    /// <see cref="SmtpFault.PlaintextAuthNotAllowed"/>.
    /// </summary>
    public bool AllowPlaintextAuth { get; init; }

    /// <summary>The name in EHLO; null takes the machine's full name, or its address where it has none (RFC 5321 4.1.4).</summary>
    public string? EhloName { get; init; }

    /// <summary>The local address to connect from.</summary>
    public IPAddress? LocalAddress { get; init; }

    /// <summary>A proxy between here and the relay.</summary>
    public SmtpProxy? Proxy { get; init; }

    /// <summary>Recipients in one transaction; the rest follow in the next (RFC 5321 4.5.3.1.8 asks for at least 100).</summary>
    public int MaxRecipients { get; init; } = 100;

    /// <summary>
    /// Messages in flight at once where the server offers CHUNKING; at most so many are uncertain when a session breaks. Postfix keeps its
    /// replies until it has read all that came, so that a small window leaves the line idle.
    /// </summary>
    public int Window { get; init; } = 16;

    /// <summary>How long to wait for what.</summary>
    public SmtpTimeouts Timeouts { get; init; } = new();

    /// <summary>What a server may send before it is taken for hostile.</summary>
    public SmtpLimits Limits { get; init; } = new();

    /// <summary>
    /// Asked about every address before it is connected to, after resolution (so that a name cannot be rebound), the proxy's and the relay behind it included.
    /// False means <see cref="SmtpFault.AddressNotAllowed"/>.
    /// </summary>
    public Func<IPAddress, bool>? AllowAddress { get; init; }

    /// <summary>
    /// Behind a proxy that looks names up for itself, <see cref="AllowAddress"/> can only be asked about what the name means here. True: that is what the proxy
    /// is told to connect to, and a name that has no address here is not allowed. False: the proxy is told the name, unless it means something here that is not allowed.
    /// </summary>
    public bool ResolveForProxy { get; init; }
}
