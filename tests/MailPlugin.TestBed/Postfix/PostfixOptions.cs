namespace MailPlugin.TestBed;

/// <summary>How a private Postfix behaves.</summary>
public sealed record PostfixOptions
{
    /// <summary>The login; its realm is <c>bed</c>, so that <c>user@bed</c> works as well.</summary>
    public string UserName { get; init; } = "user";

    /// <summary>The password of that login.</summary>
    public string Password { get; init; } = "s3cret";

    /// <summary>The SASL mechanisms offered.</summary>
    public string Mechanisms { get; init; } = "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-512 NTLM";

    /// <summary>Who checks passwords: <c>auxprop</c> is the login above, <c>saslauthd</c> a daemon that does not run.</summary>
    public string PasswordCheck { get; init; } = "auxprop";

    /// <summary>Refuses content before 354 and bare line feeds, as newer releases do by default.</summary>
    public bool Strict { get; init; }

    /// <summary>As Debian installs it: opportunistic STARTTLS with a self-signed certificate, no AUTH; every port then answers alike.</summary>
    public bool DebianDefault { get; init; }

    /// <summary>The certificate; <see cref="TestCertificates.Server"/> when null (Debian's default: <see cref="TestCertificates.SelfSigned"/>).</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>Replies to RCPT by address, beside <c>nobody@test.example</c> (550 5.1.1) and <c>later@test.example</c> (451 4.3.0).</summary>
    public IReadOnlyDictionary<string, string> RecipientReplies { get; init; } = new Dictionary<string, string>();

    /// <summary>Further lines of main.cf, by parameter; they win.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}
