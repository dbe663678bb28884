namespace MailPlugin.Settings;

/// <summary>What is known of providers by name; a draft that names one may leave these out.</summary>
/// <param name="TokenUrl">Where tokens are had.</param>
/// <param name="AuthorizeUrl">Where people sign in.</param>
/// <param name="DeviceUrl">Where a device code is had; null: mail is not to be had that way.</param>
/// <param name="RevokeUrl">Where a token is given back; null: there is no such place.</param>
/// <param name="PersonScope">What a person grants.</param>
/// <param name="ApplicationScope">What an application is granted by itself; null: not to be had that way.</param>
/// <param name="AuthorizeExtra">What the sign-in wants beside the standard parameters, to give a refresh token.</param>
/// <param name="Tenant">The part of the addresses that names whose accounts sign in, as it stands in them here; null: there is none.</param>
internal sealed record OAuthProviders(
    string TokenUrl, string AuthorizeUrl, string? DeviceUrl, string? RevokeUrl, string PersonScope, string? ApplicationScope, IReadOnlyDictionary<string, string> AuthorizeExtra,
    string? Tenant = null)
{
    static readonly Dictionary<string, string> NoExtra = [];

    static readonly Dictionary<string, OAuthProviders> Known = new(StringComparer.Ordinal)
    {
        // learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth".
        ["microsoft"] = new(
            "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode",
            null,
            "https://outlook.office.com/SMTP.Send offline_access",
            "https://outlook.office365.com/.default",
            NoExtra,
            "common"),

        // developers.google.com, "Using OAuth 2.0 for Web Server Applications"; its device flow gives no scope for mail.
        ["google"] = new(
            "https://oauth2.googleapis.com/token",
            "https://accounts.google.com/o/oauth2/v2/auth",
            null,
            "https://oauth2.googleapis.com/revoke",
            "https://mail.google.com/",
            "https://mail.google.com/",
            new Dictionary<string, string> { ["access_type"] = "offline", ["prompt"] = "consent" }),
    };

    public static OAuthProviders? Find(string name) => Known.GetValueOrDefault(name);

    public static IReadOnlyDictionary<string, string> ExtraOf(string name) => Find(name)?.AuthorizeExtra ?? NoExtra;
}
