using MailPlugin.Security.Secrets;

namespace MailPlugin.Settings.Secrets;

/// <summary>Where settings hold secrets. Everything that stores, keeps or compares secrets goes through here, so that none is forgotten.</summary>
internal static class SettingsSecrets
{
    /// <summary>The settings with each secret replaced by what <paramref name="change"/> makes of it.</summary>
    public static MailSettings Map(MailSettings settings, Func<SecretField, Secret?> change) => settings with
    {
        Transports = [.. settings.Transports.Select(transport => Map(transport, change))],
        Dkim = [.. settings.Dkim.Select((dkim, index) => dkim with
        {
            PrivateKey = change(new($"dkim[{index}].privateKey", $"dkim/{dkim.Domain}/{dkim.Selector}", SecretKind.DkimKey, null, dkim.PrivateKey)),
        })],
    };

    static TransportSettings Map(TransportSettings transport, Func<SecretField, Secret?> change)
    {
        if (transport.Smtp is not { } smtp)
        {
            return transport;
        }

        var path = $"transports[id={transport.Id}].smtp";
        var key = $"transport/{transport.Id}/smtp";
        return transport with
        {
            Smtp = smtp with
            {
                Password = change(new($"{path}.password", $"{key}/password", SecretKind.Password, transport.Id, smtp.Password)),
                Certificate = smtp.Certificate with
                {
                    ClientKey = change(new($"{path}.certificate.clientKey", $"{key}/clientKey", SecretKind.ClientKey, transport.Id, smtp.Certificate.ClientKey)),
                },
                OAuth = smtp.OAuth is not { } oauth ? null : oauth with
                {
                    ClientSecret = change(new($"{path}.oauth.clientSecret", $"{key}/oauth/clientSecret", SecretKind.OAuth, transport.Id, oauth.ClientSecret)),
                    PrivateKey = change(new($"{path}.oauth.privateKey", $"{key}/oauth/privateKey", SecretKind.OAuth, transport.Id, oauth.PrivateKey)),
                    RefreshToken = change(new($"{path}.oauth.refreshToken", $"{key}/oauth/refreshToken", SecretKind.OAuth, transport.Id, oauth.RefreshToken)),
                },
                Proxy = smtp.Proxy is null ? null : smtp.Proxy with
                {
                    Password = change(new($"{path}.proxy.password", $"{key}/proxy", SecretKind.ProxyPassword, transport.Id, smtp.Proxy.Password)),
                },
            },
        };
    }
}

/// <summary>One place of a secret.</summary>
/// <param name="Path">As errors name it.</param>
/// <param name="Key">As the store names it: independent of order.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Transport">Id of its transport, if it has one.</param>
/// <param name="Value">What stands there.</param>
internal sealed record SecretField(string Path, string Key, SecretKind Kind, string? Transport, Secret? Value);

internal enum SecretKind
{
    Password,
    ClientKey,
    ProxyPassword,

    /// <summary>What a token server is shown.</summary>
    OAuth,
    DkimKey,
}
