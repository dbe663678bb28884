namespace MailPlugin.TestBed;

/// <summary>How npm's smtp-server behaves.</summary>
public sealed record NodeSmtpOptions
{
    /// <summary>The login.</summary>
    public string UserName { get; init; } = "user";

    /// <summary>Its password.</summary>
    public string Password { get; init; } = "s3cret";

    /// <summary>Its OAuth access token, for XOAUTH2.</summary>
    public string AccessToken { get; init; } = "token";

    /// <summary>The mechanisms offered: PLAIN, LOGIN, CRAM-MD5, XOAUTH2.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } = ["PLAIN", "LOGIN", "XOAUTH2", "CRAM-MD5"];

    /// <summary>Refuses MAIL without a login.</summary>
    public bool LoginNeeded { get; init; }
}
