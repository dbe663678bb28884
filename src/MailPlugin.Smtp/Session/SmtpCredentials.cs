namespace MailPlugin.Smtp;

/// <summary>Who logs in, and with what.</summary>
public sealed record SmtpCredentials
{
    SmtpCredentials(string userName, SmtpSecret secret, bool isToken)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(secret);
        (UserName, Secret, IsToken) = (userName, secret, isToken);
    }

    /// <summary>The login.</summary>
    public string UserName { get; }

    /// <summary>The password or the token.</summary>
    public SmtpSecret Secret { get; }

    /// <summary>Whether the secret is an OAuth 2.0 access token (XOAUTH2, OAUTHBEARER) and not a password.</summary>
    public bool IsToken { get; }

    /// <summary>A login with a password.</summary>
    public static SmtpCredentials WithPassword(string userName, SmtpSecret password) => new(userName, password, false);

    /// <summary>A login with an OAuth 2.0 access token.</summary>
    public static SmtpCredentials WithToken(string userName, SmtpSecret token) => new(userName, token, true);
}
