namespace MailPlugin.OAuth.Authorization;

/// <summary>What has to be the same when the browser comes back. Kept protected: it holds the PKCE verifier.</summary>
/// <param name="Transport">Whose token it will be.</param>
/// <param name="Binding">What the settings pointed to when it began.</param>
/// <param name="Verifier">RFC 7636 4.1.</param>
/// <param name="Nonce">OpenID Connect Core 3.1.2.1.</param>
/// <param name="CookieHash">SHA-256 of the cookie that the browser got, base64.</param>
/// <param name="RedirectUri">As the provider was told.</param>
/// <param name="Who">Who asked.</param>
internal sealed record PendingAuthorization(string Transport, string Binding, string Verifier, string Nonce, string CookieHash, string RedirectUri, string Who);
