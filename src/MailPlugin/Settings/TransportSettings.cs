using MailPlugin.Abstractions;
using MailPlugin.Security.Secrets;

namespace MailPlugin.Settings;

/// <summary>A configured way out.</summary>
internal sealed record TransportSettings
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required TransportMode Mode { get; init; }

    public bool Enabled { get; init; } = true;

    public MailAddress? From { get; init; }

    public string? EnvelopeFrom { get; init; }

    /// <summary>Set when <see cref="Mode"/> is <see cref="TransportMode.Smtp"/>.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary>Set when <see cref="Mode"/> is <see cref="TransportMode.Sendmail"/>; likewise those below.</summary>
    public SendmailSettings? Sendmail { get; init; }

    public QmailSettings? Qmail { get; init; }

    public PhpSettings? Php { get; init; }

    public CaptureSettings? Capture { get; init; }
}

internal enum TransportMode
{
    Smtp,
    Php,
    Sendmail,
    Qmail,
    Capture,
}

/// <summary>A relay and how to speak to it.</summary>
internal sealed record SmtpSettings
{
    public required string Host { get; init; }

    public int Port { get; init; } = 587;

    public SmtpSecurityChoice Security { get; init; } = SmtpSecurityChoice.Auto;

    public string MinimumTls { get; init; } = "1.2";

    public SmtpAuthChoice Auth { get; init; } = SmtpAuthChoice.Auto;

    public string? Username { get; init; }

    public Secret? Password { get; init; }

    public bool AllowPlaintextAuth { get; init; }

    /// <summary>Where a token stands in for the password.</summary>
    public OAuthSettings? OAuth { get; init; }

    /// <summary>Who signs in at the relay; null: nobody.</summary>
    public string? Login => OAuth?.Account ?? Username;

    /// <summary>For connect, TLS, greeting and each command.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the reply to the final dot (RFC 5321 4.5.3.2.6).</summary>
    public TimeSpan FinalReplyTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public string? EhloName { get; init; }

    public string? LocalAddress { get; init; }

    public int MaxSessions { get; init; } = 4;

    public int MessagesPerSession { get; init; } = 100;

    public int MaxRecipients { get; init; } = 100;

    public int? RatePerMinute { get; init; }

    public CertificateSettings Certificate { get; init; } = new();

    public ProxySettings? Proxy { get; init; }
}

internal enum SmtpSecurityChoice
{
    Auto,
    None,
    StartTls,
    StartTlsIfOffered,
    ImplicitTls,
}

internal enum SmtpAuthChoice
{
    Auto,
    None,
    Plain,
    Login,
    CramMd5,
    ScramSha1,
    ScramSha256,
    Ntlm,
    Xoauth2,
    OauthBearer,
}

internal sealed record CertificateSettings
{
    public CertificateTrustChoice Trust { get; init; } = CertificateTrustChoice.System;

    /// <summary>SHA-256 of the leaf, 64 hexadecimal digits, lower case.</summary>
    public string? Sha256 { get; init; }

    public string? CaPem { get; init; }

    /// <summary>Certificate that the client shows, PEM.</summary>
    public string? ClientCertificate { get; init; }

    public Secret? ClientKey { get; init; }
}

internal enum CertificateTrustChoice
{
    System,
    Pinned,
    CustomCa,
}

internal sealed record ProxySettings
{
    public required ProxyKind Type { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    public string? Username { get; init; }

    public Secret? Password { get; init; }
}

internal enum ProxyKind
{
    Socks5,
    Http,
}

/// <summary>The key with which mail of a domain is signed (RFC 6376).</summary>
internal sealed record DkimSettings
{
    public required string Domain { get; init; }

    public required string Selector { get; init; }

    public Secret? PrivateKey { get; init; }
}
