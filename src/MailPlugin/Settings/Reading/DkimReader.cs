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
            Domain = ReadDomain(reader),
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
            // DNS makes no difference between upper and lower case. What could not be read is at fault already.
            if (all[index] is { Domain.Length: > 0, Selector.Length: > 0 } dkim && !seen.Add((dkim.Domain, dkim.Selector.ToLowerInvariant())))
            {
                faults.Add($"dkim[{index}].selector", "must be unique for its domain");
            }
        }
    }

    static string ReadDomain(JsonObjectReader reader)
    {
        const string Wanted = "must be a domain name";
        var domain = HostRule.ReadOptional(reader, "domain", Wanted, takesAddress: false);
        if (domain is null && !reader.HasFault("domain"))
        {
            reader.Fault("domain", Wanted);
        }

        return domain?.ToLowerInvariant() ?? "";
    }

    static bool IsRsa(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);

            // A public key is read as gladly, and signs nothing.
            CryptographicOperations.ZeroMemory(rsa.ExportParameters(includePrivateParameters: true).D);
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
