using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Security.Secrets;

namespace MailPlugin.OAuth.Authorization;

/// <summary>
/// Holds an identity token to the sign-in that asked for it (OpenID Connect Core 3.1.3.7). It came from the token address itself over TLS, which stands for its signature; nothing else of it
/// is believed or kept.
/// </summary>
internal static class IdentityNonce
{
    public static bool Is(Secret identityToken, string nonce)
    {
        var parts = identityToken.Reveal().Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return false;
        }

        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return JsonText.TryGet(claims.RootElement, "nonce", out var claim) && JsonText.Of(claim) is { } found
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(found), Encoding.UTF8.GetBytes(nonce));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
