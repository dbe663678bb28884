namespace MailPlugin.Smtp;

/// <summary>How to log in (RFC 4954).</summary>
public enum SmtpAuth
{
    /// <summary>The strongest that is offered and fits the credentials; NTLM only when named.</summary>
    Auto,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>PLAIN (RFC 4616).</summary>
    Plain,

    /// <summary>LOGIN, never standardized, served everywhere.</summary>
    Login,

    /// <summary>CRAM-MD5 (RFC 2195).</summary>
    CramMd5,

    /// <summary>SCRAM-SHA-1 (RFC 5802).</summary>
    ScramSha1,

    /// <summary>SCRAM-SHA-256 (RFC 7677).</summary>
    ScramSha256,

    /// <summary>NTLM (MS-NLMP, MS-SMTPNTLM).</summary>
    Ntlm,

    /// <summary>XOAUTH2 (Google, Microsoft).</summary>
    XOAuth2,

    /// <summary>OAUTHBEARER (RFC 7628).</summary>
    OAuthBearer,
}
