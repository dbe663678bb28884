using MailPlugin.Security.Secrets;
using MailPlugin.Settings;

namespace MailPlugin.OAuth.Tokens;

/// <summary>The forms that ask for tokens, one for each way of having one.</summary>
internal static class GrantForm
{
    const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>Whether the settings alone hold what a token is given for.</summary>
    public static bool HasWhatItShows(OAuthSettings oauth) => oauth.Flow switch
    {
        OAuthFlow.ClientCredentials => oauth.ClientSecret is not null || oauth.PrivateKey is not null,
        OAuthFlow.ServiceAccount => oauth.PrivateKey is not null,
        OAuthFlow.RefreshToken => oauth.RefreshToken is not null,
        _ => false,
    };

    /// <summary>What is asked for without a person.</summary>
    /// <param name="oauth">How tokens are had.</param>
    /// <param name="account">Whom they are for.</param>
    /// <param name="refreshToken">The newest one.</param>
    /// <param name="now">The time, as the provider sees it.</param>
    public static List<KeyValuePair<string, string>> Unattended(OAuthSettings oauth, string account, Secret? refreshToken, DateTimeOffset now) => oauth.Flow switch
    {
        OAuthFlow.ClientCredentials => [new("grant_type", "client_credentials"), .. Scope(oauth), .. Client(oauth, now)],
        OAuthFlow.ServiceAccount => [new("grant_type", JwtBearer), new("assertion", ClientAssertion.Sign(oauth.PrivateKey!, oauth.ClientId, account, oauth.TokenUrl, oauth.Scope, now))],
        _ => [new("grant_type", "refresh_token"), new("refresh_token", refreshToken!.Reveal()), .. Client(oauth, now)],
    };

    public static List<KeyValuePair<string, string>> Code(OAuthSettings oauth, string code, Secret verifier, Uri redirect, DateTimeOffset now) =>
        [new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirect.AbsoluteUri), new("code_verifier", verifier.Reveal()), .. Client(oauth, now)];

    public static List<KeyValuePair<string, string>> DeviceStart(OAuthSettings oauth, DateTimeOffset now) => [.. Scope(oauth), .. Client(oauth, now)];

    public static List<KeyValuePair<string, string>> DevicePoll(OAuthSettings oauth, Secret deviceCode, DateTimeOffset now) =>
        [new("grant_type", DeviceCode), new("device_code", deviceCode.Reveal()), .. Client(oauth, now)];

    public static List<KeyValuePair<string, string>> Revoke(OAuthSettings oauth, Secret token, DateTimeOffset now) => [new("token", token.Reveal()), .. Client(oauth, now)];

    static IEnumerable<KeyValuePair<string, string>> Scope(OAuthSettings oauth) => oauth.Scope.Length > 0 ? [new("scope", oauth.Scope)] : [];

    /// <summary>Who asks: by assertion, by secret, or by name alone (RFC 6749 2.3, RFC 7523 2.2).</summary>
    static IEnumerable<KeyValuePair<string, string>> Client(OAuthSettings oauth, DateTimeOffset now)
    {
        yield return new("client_id", oauth.ClientId);
        if (oauth.PrivateKey is { } key)
        {
            yield return new("client_assertion_type", AssertionType);
            yield return new("client_assertion", ClientAssertion.Sign(key, oauth.ClientId, oauth.ClientId, oauth.TokenUrl, null, now));
        }
        else if (oauth.ClientSecret is { } secret)
        {
            yield return new("client_secret", secret.Reveal());
        }
    }
}
