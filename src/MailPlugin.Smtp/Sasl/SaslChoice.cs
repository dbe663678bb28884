namespace MailPlugin.Smtp;

/// <summary>Which mechanisms to try at a server, the strongest first.</summary>
internal static class SaslChoice
{
    static readonly (SmtpAuth Auth, string Name)[] Passwords =
    [
        (SmtpAuth.ScramSha256, "SCRAM-SHA-256"),
        (SmtpAuth.ScramSha1, "SCRAM-SHA-1"),
        (SmtpAuth.CramMd5, "CRAM-MD5"),
        (SmtpAuth.Plain, "PLAIN"),
        (SmtpAuth.Login, "LOGIN"),
    ];

    static readonly (SmtpAuth Auth, string Name)[] Tokens = [(SmtpAuth.OAuthBearer, "OAUTHBEARER"), (SmtpAuth.XOAuth2, "XOAUTH2")];

    /// <summary>
    /// The strongest offered, and behind a challenge-response mechanism the plain one: many servers offer what their password store,
    /// being hashed, cannot serve. Never more than two, because a relay counts failures.
    /// </summary>
    internal static IReadOnlyList<SmtpAuth> For(SmtpAuth wanted, bool isToken, SmtpCapabilities capabilities)
    {
        if (wanted != SmtpAuth.Auto)
        {
            return capabilities.OffersAuth(NameOf(wanted)) ? [wanted] : [];
        }

        var offered = (isToken ? Tokens : Passwords).Where(m => capabilities.OffersAuth(m.Name)).Select(m => m.Auth).ToArray();
        return offered.Length == 0 ? []
            : isToken || offered[0] is SmtpAuth.Plain or SmtpAuth.Login ? offered[..1]
            : [offered[0], .. offered.Where(m => m is SmtpAuth.Plain or SmtpAuth.Login).Take(1)];
    }

    internal static SaslMechanism Create(SmtpAuth auth, SmtpCredentials credentials, SmtpRelay relay) => auth switch
    {
        SmtpAuth.Plain => new PlainMechanism(credentials),
        SmtpAuth.Login => new LoginMechanism(credentials),
        SmtpAuth.CramMd5 => new CramMd5Mechanism(credentials),
        SmtpAuth.ScramSha1 => new ScramSha1Mechanism(credentials),
        SmtpAuth.ScramSha256 => new ScramSha256Mechanism(credentials),
        SmtpAuth.Ntlm => new NtlmMechanism(credentials),
        SmtpAuth.XOAuth2 => new XOAuth2Mechanism(credentials),
        SmtpAuth.OAuthBearer => new OAuthBearerMechanism(credentials, relay.Host, relay.Port),
        _ => throw new ArgumentOutOfRangeException(nameof(auth), auth, null),
    };

    internal static string NameOf(SmtpAuth auth) => auth switch
    {
        SmtpAuth.Ntlm => "NTLM",
        _ => Passwords.Concat(Tokens).First(m => m.Auth == auth).Name,
    };
}
