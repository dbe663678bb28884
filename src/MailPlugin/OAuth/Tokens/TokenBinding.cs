using System.Security.Cryptography;
using System.Text;
using MailPlugin.Settings;

namespace MailPlugin.OAuth.Tokens;

/// <summary>
/// What a token belongs to: the place it is had from, and the relay it is shown to. Settings that differ in any of it find no token, so that a draft
/// that points elsewhere gets none.
/// </summary>
internal static class TokenBinding
{
    public static string Of(TransportSettings transport)
    {
        var (smtp, oauth) = (transport.Smtp!, transport.Smtp!.OAuth!);
        string?[] parts =
        [
            transport.Id, oauth.TokenUrl.AbsoluteUri, oauth.DeviceUrl?.AbsoluteUri, oauth.RevokeUrl?.AbsoluteUri, oauth.CaPem, oauth.ClientId, oauth.Flow.ToString(), oauth.Scope, smtp.Login,
            oauth.RefreshToken?.Reveal(), smtp.Host.ToLowerInvariant(), $"{smtp.Port}",
            smtp.Certificate.Trust.ToString(), smtp.Certificate.Sha256, smtp.Certificate.CaPem, smtp.Certificate.ClientCertificate,
            smtp.Proxy?.Type.ToString(), smtp.Proxy?.Host.ToLowerInvariant(), $"{smtp.Proxy?.Port}", smtp.Proxy?.Username,
        ];

        // The length before each part, so that no two lists read alike.
        var text = string.Concat(parts.Select(part => part is null ? "-" : $"{part.Length}:{part}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>How well the connection to the relay is protected: a bit for each kind of protection, so that one does not pay for another.</summary>
    public static int Protection(SmtpSettings smtp) =>
        (RelaySecurity.IsRequired(smtp) ? 8 | 4 : RelaySecurity.Effective(smtp) == SmtpSecurityChoice.StartTlsIfOffered ? 4 : 0)
        | (smtp.MinimumTls == "1.3" ? 2 : 0) | (smtp.AllowPlaintextAuth ? 0 : 1);
}
