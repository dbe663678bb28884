using MailPlugin.Security.Secrets;
using MailPlugin.Settings.FromHost;

namespace MailPlugin.Settings.Secrets;

/// <summary>
/// Fills the secrets that a draft leaves out with the stored ones. A stored secret goes only to the relay it was saved for: whoever
/// may change settings could otherwise send it to a server of their own.
/// </summary>
internal static class KeptSecrets
{
    /// <summary>Stands in a draft where the caller left a secret out.</summary>
    public static Secret Marker { get; } = new("kept");

    /// <param name="draft">Settings as they were read.</param>
    /// <param name="stored">The settings in force.</param>
    /// <param name="former">A version that is being restored: a secret that it had is needed, one that it had not is not kept.</param>
    /// <returns>The complete settings, and the paths of secrets that have to be typed again.</returns>
    public static (MailSettings Settings, IReadOnlyList<string> Needed) Fill(MailSettings draft, MailSettings stored, MailSettings? former = null)
    {
        var storedSecrets = Collect(stored);
        var formerSecrets = former is null ? null : Collect(former);
        var needed = new List<string>();
        var filled = SettingsSecrets.Map(draft, field =>
        {
            if (!ReferenceEquals(field.Value, Marker))
            {
                return field.Value;
            }

            if (formerSecrets?.ContainsKey(field.Key) == false)
            {
                return null;
            }

            if (storedSecrets.GetValueOrDefault(field.Key) is not { } secret)
            {
                if (formerSecrets is not null)
                {
                    needed.Add(field.Path);
                }

                return null;
            }

            if (!StaysWithItsRelay(field, draft, stored))
            {
                needed.Add(field.Path);
            }

            return secret;
        });
        return needed.Count == 0 ? (filled, needed) : (draft, needed);
    }

    /// <summary>Settings with the stored secrets that still belong to them; one whose relay is another now is left out and named.</summary>
    public static (MailSettings Settings, IReadOnlyList<string> Lost) Keep(MailSettings settings, MailSettings stored)
    {
        var storedSecrets = Collect(stored);
        var lost = new List<string>();
        var kept = SettingsSecrets.Map(settings, field =>
        {
            if (!ReferenceEquals(field.Value, Marker))
            {
                return field.Value;
            }

            if (storedSecrets.GetValueOrDefault(field.Key) is not { } secret)
            {
                return null;
            }

            if (StaysWithItsRelay(field, settings, stored))
            {
                return secret;
            }

            lost.Add(field.Path);
            return null;
        });
        return (kept, lost);
    }

    /// <summary>
    /// Secrets of the host's configuration that a draft would take to another relay than the one in force. Where the host names the relay as
    /// well, port and user name may change: they lead nowhere else.
    /// </summary>
    public static IReadOnlyList<string> Astray(MailSettings draft, VersionedSettings current)
    {
        var secrets = current.Host.Values.Where(value => value is { Secret: not null, Transport: { } id } && current.SavedTransports.Contains(id))
            .Select(value => value.PathIn(current.Settings)).ToHashSet(StringComparer.Ordinal);
        var fields = Fields(current.Settings);
        return [.. Fields(draft).Values.Where(field => secrets.Contains(field.Path) && fields.ContainsKey(field.Key)
            && !StaysWithItsRelay(field, draft, current.Settings, NamesTheRelay(field.Transport!, current.Host))).Select(field => field.Path)];
    }

    static bool NamesTheRelay(string transport, HostLayer host) => host.Values.Any(value => value.Transport == transport && value.Property == "smtp.host");

    public static Dictionary<string, Secret> Collect(MailSettings settings) =>
        Fields(settings).Where(pair => pair.Value.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value.Value!, StringComparer.Ordinal);

    /// <summary>Every place that may hold a secret, by its key.</summary>
    public static Dictionary<string, SecretField> Fields(MailSettings settings)
    {
        var fields = new Dictionary<string, SecretField>(StringComparer.Ordinal);
        SettingsSecrets.Map(settings, field =>
        {
            fields[field.Key] = field;
            return field.Value;
        });
        return fields;
    }

    static bool StaysWithItsRelay(SecretField field, MailSettings draft, MailSettings stored, bool hostIsNamed = false)
    {
        // A DKIM key goes to nobody; its key names domain and selector already.
        if (field.Transport is null)
        {
            return true;
        }

        var (now, before) = (draft.Transport(field.Transport)!.Smtp!, stored.Transport(field.Transport)!.Smtp!);
        if (hostIsNamed)
        {
            now = now with { Port = before.Port, Username = before.Username };
        }

        return field.Kind switch
        {
            SecretKind.ProxyPassword => SameProxy(now.Proxy, before.Proxy),

            // What it buys goes to the relay.
            SecretKind.OAuth => SameTokenServer(now.OAuth, before.OAuth) && SameRelay(now, before),
            _ => SameRelay(now, before),
        };
    }

    static bool SameTokenServer(OAuthSettings? now, OAuthSettings? before) =>
        now is not null && before is not null && now.TokenUrl == before.TokenUrl && now.DeviceUrl == before.DeviceUrl && now.RevokeUrl == before.RevokeUrl && now.ClientId == before.ClientId
        && now.CaPem == before.CaPem;

    static bool SameRelay(SmtpSettings now, SmtpSettings before) =>
        string.Equals(now.Host, before.Host, StringComparison.OrdinalIgnoreCase)
        && now.Port == before.Port
        && now.Username == before.Username
        && SameCertificates(now.Certificate, before.Certificate)
        && SameProxy(now.Proxy, before.Proxy)
        && !RelaySecurity.IsWeaker(now, before);

    static bool SameCertificates(CertificateSettings now, CertificateSettings before) =>
        now.Trust == before.Trust && now.Sha256 == before.Sha256 && now.CaPem == before.CaPem && now.ClientCertificate == before.ClientCertificate;

    static bool SameProxy(ProxySettings? now, ProxySettings? before) =>
        now is null || before is null
            ? now is null && before is null
            : now.Type == before.Type && string.Equals(now.Host, before.Host, StringComparison.OrdinalIgnoreCase) && now.Port == before.Port && now.Username == before.Username;
}
