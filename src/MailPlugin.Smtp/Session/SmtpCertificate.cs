namespace MailPlugin.Smtp;

/// <summary>What a server's certificate says, and which check it failed. Texts have their control characters escaped.</summary>
/// <param name="Subject">The distinguished name.</param>
/// <param name="Names">The DNS names and addresses it is made for.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="NotBefore">Good from.</param>
/// <param name="NotAfter">Good until.</param>
/// <param name="Sha256">SHA-256 of the certificate, as <see cref="SmtpCertificateTrust.Pinned"/> takes it.</param>
/// <param name="Problem">The check that failed; null when none did.</param>
/// <param name="Detail">The same for a person; null when no check failed.</param>
public sealed record SmtpCertificate(
    string Subject,
    IReadOnlyList<string> Names,
    string Issuer,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    string Sha256,
    SmtpCertificateProblem? Problem = null,
    string? Detail = null);

/// <summary>The check that a certificate failed.</summary>
public enum SmtpCertificateProblem
{
    /// <summary>The server showed none.</summary>
    Missing,

    /// <summary>It is made for another host.</summary>
    WrongName,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time has not come.</summary>
    NotYetValid,

    /// <summary>It signed itself.</summary>
    SelfSigned,

    /// <summary>Nobody who is trusted signed it.</summary>
    UnknownIssuer,

    /// <summary>It was revoked.</summary>
    Revoked,

    /// <summary>It is not the pinned one.</summary>
    PinMismatch,

    /// <summary>Another check of the chain; the detail says which.</summary>
    Chain,
}
