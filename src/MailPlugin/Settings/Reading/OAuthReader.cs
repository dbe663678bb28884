using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Settings.Reading;

internal static class OAuthReader
{
    const int MaxSecret = 16 * 1024;
    const int MaxUrl = 2048;
    const int MaxScopes = 20;
    const int MaxScope = 1024;

    public static OAuthSettings Read(JsonObjectReader reader)
    {
        var provider = reader.Line("provider", 64)?.Trim() is { Length: > 0 } name ? name : "custom";
        var known = OAuthProviders.Find(provider);
        var flow = reader.OptionalChoice<OAuthFlow>("flow");
        if (flow is null && !reader.HasFault("flow"))
        {
            reader.Fault("flow", $"must be one of {EnumText.List<OAuthFlow>()}");
        }

        var settings = new OAuthSettings
        {
            Provider = provider,
            Flow = flow ?? OAuthFlow.AuthorizationCode,
            TokenUrl = Url(reader, "tokenUrl", known?.TokenUrl, needed: true) ?? new Uri("https://invalid.invalid/"),
            AuthorizeUrl = Url(reader, "authorizeUrl", known?.AuthorizeUrl, flow == OAuthFlow.AuthorizationCode),
            DeviceUrl = Url(reader, "deviceUrl", known?.DeviceUrl, flow == OAuthFlow.DeviceCode),
            RevokeUrl = Url(reader, "revokeUrl", known?.RevokeUrl, needed: false),
            ClientId = Needed(reader, "clientId", 512),
            ClientSecret = SettingsReader.Secret(reader, "clientSecret", MaxSecret),
            PrivateKey = SettingsReader.Secret(reader, "privateKey", MaxSecret),
            RefreshToken = SettingsReader.Secret(reader, "refreshToken", MaxSecret),
            Scope = Scopes(reader) ?? DefaultScope(known, flow),
            CaPem = CertificateReader.Pem(reader, "caPem", needed: false),
            Account = reader.Line("account", 320)?.Trim() is { Length: > 0 } account ? account : null,
        };
        CheckKey(reader, settings.PrivateKey);
        reader.Ignore("hasClientSecret", "hasPrivateKey", "hasRefreshToken");
        reader.Complete();
        return settings;
    }

    static string DefaultScope(OAuthProviders? known, OAuthFlow? flow) =>
        (flow is OAuthFlow.ClientCredentials or OAuthFlow.ServiceAccount ? known?.ApplicationScope : known?.PersonScope) ?? "";

    static string Needed(JsonObjectReader reader, string name, int maxLength)
    {
        var text = reader.Line(name, maxLength)?.Trim();
        if (string.IsNullOrEmpty(text) && !reader.HasFault(name))
        {
            reader.Fault(name, "must be set");
        }

        return text ?? "";
    }

    /// <summary>Always https: tokens and secrets travel to it.</summary>
    static Uri? Url(JsonObjectReader reader, string name, string? known, bool needed)
    {
        var text = reader.Line(name, MaxUrl)?.Trim() is { Length: > 0 } given ? given : known;
        if (text is null)
        {
            if (needed && !reader.HasFault(name))
            {
                reader.Fault(name, "must be set for this flow and provider");
            }

            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.Host.Length > 0 && url.UserInfo.Length + url.Fragment.Length == 0)
        {
            return url;
        }

        reader.Fault(name, "must be an https address without user name and fragment");
        return null;
    }

    /// <summary>A list of scopes, or one text with spaces between them; null when absent.</summary>
    static string? Scopes(JsonObjectReader reader)
    {
        if (!reader.TryGetValue("scopes", out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return Joined(reader, reader.Line("scopes", MaxScope)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
        }

        return Joined(reader, [.. reader.Items("scopes", MaxScopes).Select(item => JsonText.Of(item) ?? "")]);
    }

    static string? Joined(JsonObjectReader reader, string[] scopes)
    {
        // RFC 6749 3.3: %x21 / %x23-5B / %x5D-7E.
        if (scopes.Any(scope => scope.Length == 0 || scope.Length > MaxScope || scope.Any(letter => letter is < '!' or > '~' or '"' or '\\')) && !reader.HasFault("scopes"))
        {
            reader.Fault("scopes", "must be a list of scopes such as https://mail.google.com/");
        }

        return string.Join(' ', scopes);
    }

    static void CheckKey(JsonObjectReader reader, Secret? key)
    {
        if (key is null || ReferenceEquals(key, KeptSecrets.Marker))
        {
            return;
        }

        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(key.Reveal());

            // A public key can be read too.
            rsa.SignData([0], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(key.Reveal());
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            reader.Fault("privateKey", "must be an unencrypted RSA private key in PEM, with its certificate where the provider asks for one");
        }
    }
}
