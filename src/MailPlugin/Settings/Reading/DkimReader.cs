using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Settings.Reading;

internal static partial class DkimReader
{
    const int ShortestKey = 1024;
    const int MaxPem = 16 * 1024;

    public static DkimSettings Read(JsonObjectReader reader)
    {
        var selector = reader.Line("selector", 255);
        if (selector is null || !Selector().IsMatch(selector))
        {
            reader.Fault("selector", "must be a DNS label such as s1, or several joined by dots");
        }

        var dkim = new DkimSettings
        {
            Domain = HostRule.Read(reader, "domain")?.ToLowerInvariant() ?? "",
            Selector = selector ?? "",
            PrivateKey = SettingsReader.Secret(reader, "privateKey", MaxPem),
        };
        if (dkim.PrivateKey is { } key && !ReferenceEquals(key, KeptSecrets.Marker) && !IsRsa(key.Reveal()))
        {
            reader.Fault("privateKey", $"must be an unencrypted RSA key of at least {ShortestKey} bits in PEM");
        }

        reader.Ignore("hasKey");
        reader.Complete();
        return dkim;
    }

    public static void RefuseTwins(IReadOnlyList<DkimSettings> all, Faults faults)
    {
        var seen = new HashSet<(string, string)>();
        for (var index = 0; index < all.Count; index++)
        {
            if (!seen.Add((all[index].Domain, all[index].Selector)))
            {
                faults.Add($"dkim[{index}].selector", "must be unique for its domain");
            }
        }
    }

    static bool IsRsa(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.KeySize >= ShortestKey;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\\z")]
    private static partial Regex Selector();
}
