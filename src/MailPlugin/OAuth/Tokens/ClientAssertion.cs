using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Security.Keys;
using MailPlugin.Security.Secrets;

namespace MailPlugin.OAuth.Tokens;

/// <summary>A JSON Web Token signed with RS256 (RFC 7523 3): who the client is, or whom it speaks for.</summary>
internal static class ClientAssertion
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <param name="key">PEM; where it holds a certificate too, that names the key (RFC 7517 4.8).</param>
    /// <param name="issuer">The client.</param>
    /// <param name="subject">The client again, or the account.</param>
    /// <param name="audience">The token server.</param>
    /// <param name="scope">Where the scope goes inside; null: it goes beside.</param>
    /// <param name="now">The time, as the provider sees it.</param>
    public static string Sign(Secret key, string issuer, string subject, Uri audience, string? scope, DateTimeOffset now)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" };
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(key.Reveal());
        if (certificates.Count > 0)
        {
            header["x5t"] = Base64Url.EncodeToString(certificates[0].GetCertHash(HashAlgorithmName.SHA1));
            header["x5t#S256"] = Base64Url.EncodeToString(certificates[0].GetCertHash(HashAlgorithmName.SHA256));
        }

        var claims = new JsonObject
        {
            ["iss"] = issuer,
            ["sub"] = subject,
            ["aud"] = audience.AbsoluteUri,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["jti"] = KeyText.Token(),
        };
        if (scope is not null)
        {
            claims["scope"] = scope;
        }

        var signed = $"{Part(header)}.{Part(claims)}";
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.Reveal());
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    static string Part(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
