using MailPlugin.Security.Secrets;

namespace MailPlugin.Settings;

/// <summary>How an access token for a relay is had (RFC 6749).</summary>
internal sealed record OAuthSettings
{
    /// <summary>Whose: <c>microsoft</c>, <c>google</c>, or any other name, which then brings its own addresses.</summary>
    public required string Provider { get; init; }

    public required OAuthFlow Flow { get; init; }

    /// <summary>Where tokens are had; https.</summary>
    public required Uri TokenUrl { get; init; }

    /// <summary>Where people sign in (flow authorizationCode).</summary>
    public Uri? AuthorizeUrl { get; init; }

    /// <summary>Where a device code is had (RFC 8628).</summary>
    public Uri? DeviceUrl { get; init; }

    /// <summary>Where a token is given back (RFC 7009).</summary>
    public Uri? RevokeUrl { get; init; }

    public required string ClientId { get; init; }

    public Secret? ClientSecret { get; init; }

    /// <summary>PEM, for a signed assertion instead of a client secret (RFC 7523); a certificate in the same text names the key.</summary>
    public Secret? PrivateKey { get; init; }

    /// <summary>A refresh token that was had elsewhere (flow refreshToken).</summary>
    public Secret? RefreshToken { get; init; }

    /// <summary>Certificate authorities for the provider's addresses in place of the system's, PEM; for a provider of one's own.</summary>
    public string? CaPem { get; init; }

    /// <summary>Separated by spaces, as they are asked for. One text, so that equal settings are equal.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The mailbox that the token is for; null: the user name.</summary>
    public string? Account { get; init; }

    public IReadOnlyList<string> Scopes => Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a person has to sign in once.</summary>
    public bool NeedsSignIn => Flow is OAuthFlow.AuthorizationCode or OAuthFlow.DeviceCode;
}

internal enum OAuthFlow
{
    /// <summary>The application itself (RFC 6749 4.4).</summary>
    ClientCredentials,

    /// <summary>A person, by redirect, with PKCE (RFC 6749 4.1, RFC 7636).</summary>
    AuthorizationCode,

    /// <summary>A person, by a code typed elsewhere (RFC 8628).</summary>
    DeviceCode,

    /// <summary>A refresh token pasted into the settings (RFC 6749 6).</summary>
    RefreshToken,

    /// <summary>An assertion that names the account (RFC 7523 2.1).</summary>
    ServiceAccount,
}
