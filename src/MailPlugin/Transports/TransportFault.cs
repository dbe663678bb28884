namespace MailPlugin.Transports;

/// <summary>Why a session could not be had or broke: its radius is the transport, not the message.</summary>
/// <param name="Stage">Where it happened.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Detail">For the log and for advice: addresses tried, system error, certificate's names. No secrets.</param>
internal sealed record TransportFault(TransportStage Stage, TransportFaultKind Kind, string Detail)
{
    /// <summary>The reply that refused, if it was one.</summary>
    public TransportReply? Reply { get; init; }

    /// <summary>Set when the relay's certificate was refused.</summary>
    public RefusedCertificate? Certificate { get; init; }
}

internal enum TransportFaultKind
{
    NameNotResolved,
    ConnectionRefused,
    Unreachable,
    Timeout,
    ConnectionLost,
    DestinationNotAllowed,
    ProxyFailed,
    CertificateRejected,
    TlsFailed,

    /// <summary>STARTTLS is required and not offered.</summary>
    StartTlsNotOffered,

    /// <summary>The port speaks TLS and was spoken to in plain text.</summary>
    TlsPortSpokenPlain,

    /// <summary>The port speaks plain text and was spoken to in TLS.</summary>
    PlainPortSpokenTls,

    AuthNotOffered,
    PlaintextAuthNotAllowed,
    LoginRefused,

    /// <summary>A person has to sign in at the provider, again.</summary>
    TokenSignInNeeded,

    /// <summary>The provider gives this client no token.</summary>
    TokenRefused,

    /// <summary>The provider's token server cannot be reached, or answers nothing useful for now.</summary>
    TokenUnavailable,

    /// <summary>Greeting, EHLO or another command of the session was refused.</summary>
    CommandRefused,

    /// <summary>What answered does not speak SMTP, or breaks its rules or limits.</summary>
    ProtocolViolation,

    /// <summary>A local program was broken off, killed, or ended without having read the message.</summary>
    ProgramFailed,

    /// <summary>A local program is missing or cannot be run: only an administrator can mend it.</summary>
    ProgramUnusable,

    /// <summary>The message never reached the transport: its content is gone, or could not be finished. It says nothing of the transport.</summary>
    NotPrepared,

    /// <summary>The message never reached the transport: our own store could not be read. It says nothing of either.</summary>
    StoreUnavailable,

    /// <summary>The host stops, or the wait for this send is over.</summary>
    Canceled,
}

/// <summary>The certificate that was refused and the check that failed.</summary>
internal sealed record RefusedCertificate(
    string Subject,
    IReadOnlyList<string> Names,
    string Issuer,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    string Sha256,
    RefusedCertificateProblem Problem);

internal enum RefusedCertificateProblem
{
    WrongName,
    Expired,
    NotYetValid,
    SelfSigned,
    UnknownIssuer,
    Revoked,
    PinMismatch,
    Other,
}
