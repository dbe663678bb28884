using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MailPlugin.OAuth.Tokens;
using MailPlugin.Security.Keys;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings;

namespace MailPlugin.OAuth.Authorization;

/// <summary>Begins and ends sign-ins by redirect (RFC 6749 4.1 with PKCE, RFC 7636).</summary>
internal sealed class AuthorizationDesk(IAuthorizationStore store, ISecretProtector protector, TokenEndpoint endpoint, TokenKeeper keeper, ISettingsSource settings, TimeProvider clock)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    const string Purpose = "oauth-authorization";

    /// <returns>Where to send the browser, and the value of the cookie that it has to bring back.</returns>
    public async Task<(Uri Url, string Cookie, DateTimeOffset EndsAt)> BeginAsync(TransportSettings transport, Uri redirect, string who, CancellationToken cancellationToken)
    {
        var (state, cookie, verifier, nonce, now) = (KeyText.Token(), KeyText.Token(), KeyText.Token(), KeyText.Token(), clock.GetUtcNow());
        var pending = new PendingAuthorization(
            transport.Id, TokenBinding.Of(transport), verifier, nonce, Convert.ToBase64String(KeyText.Hash(cookie)), redirect.AbsoluteUri, who);
        await store.AddAsync(
            new(KeyText.Hash(state), now, protector.Protect(Purpose, JsonSerializer.SerializeToUtf8Bytes(pending))), now - Patience, cancellationToken);
        return (Address(transport, redirect, state, verifier, nonce), cookie, now + Patience);
    }

    /// <summary>The browser is back. Null: nobody here sent it, or too long ago, or it was another browser.</summary>
    public async Task<PendingAuthorization?> TakeAsync(string state, string? cookie, CancellationToken cancellationToken)
    {
        if (await store.TakeAsync(KeyText.Hash(state), cancellationToken) is not { } row || clock.GetUtcNow() - row.CreatedAt > Patience
            || protector.Unprotect(Purpose, row.Data) is not { } bytes)
        {
            return null;
        }

        var pending = JsonSerializer.Deserialize<PendingAuthorization>(bytes)!;
        return cookie is not null && CryptographicOperations.FixedTimeEquals(KeyText.Hash(cookie), Convert.FromBase64String(pending.CookieHash)) ? pending : null;
    }

    /// <summary>Changes the code for tokens.</summary>
    /// <returns>Null when it is done; else why not.</returns>
    public async Task<string?> FinishAsync(PendingAuthorization pending, string code)
    {
        if (settings.Current.Settings.Transport(pending.Transport) is not { Smtp.OAuth: { } oauth } transport || TokenBinding.Of(transport) != pending.Binding)
        {
            return "settings-changed";
        }

        var form = GrantForm.Code(oauth, code, new(pending.Verifier), new(pending.RedirectUri), clock.GetUtcNow());

        // Not called back when the browser leaves: a code works once.
        switch (await endpoint.AskAsync(oauth, form, CancellationToken.None))
        {
            case TokenAnswer.Granted { IdentityToken: { } identity } when !IdentityNonce.Is(identity, pending.Nonce):
                return "nonce-mismatch: the identity token belongs to another sign-in";
            case TokenAnswer.Granted granted:
                await keeper.AdoptAsync(transport, granted);
                return null;
            case TokenAnswer.Refused refused:
                return refused.Text.Length > 0 ? $"{refused.Error}: {refused.Text}" : refused.Error;
            case TokenAnswer.Unavailable unavailable:
                return unavailable.Reason;
            default:
                throw new InvalidOperationException("An answer that nobody knows.");
        }
    }

    static Uri Address(TransportSettings transport, Uri redirect, string state, string verifier, string nonce)
    {
        var oauth = transport.Smtp!.OAuth!;
        List<KeyValuePair<string, string>> query =
        [
            new("response_type", "code"),
            new("client_id", oauth.ClientId),
            new("redirect_uri", redirect.AbsoluteUri),
            new("scope", oauth.Scope),
            new("state", state),
            new("nonce", nonce),
            new("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            new("code_challenge_method", "S256"),
            new("login_hint", transport.Smtp.Login!),
            .. OAuthProviders.ExtraOf(oauth.Provider),
        ];
        var own = oauth.AuthorizeUrl!.Query.TrimStart('?');
        var added = string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        return new(new UriBuilder(oauth.AuthorizeUrl) { Query = own.Length > 0 ? $"{own}&{added}" : added }.Uri.AbsoluteUri);
    }
}
