using System.Text.Json;
using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Secrets;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Settings.Reading;

internal static partial class DkimReader
{
    const int MaxPem = 16 * 1024;

    /// <summary>Domain and selector of an item, as configuration and draft are matched by them.</summary>
    public static string? KeyOf(JsonElement item) =>
        JsonText.TryGet(item, "domain", out var domain) && JsonText.TryGet(item, "selector", out var selector) && JsonText.Of(domain) is { } name && JsonText.Of(selector) is { } label
            ? KeyOf(name, label)
            : null;

    public static string KeyOf(string domain, string selector) => HostValue.KeyOf(HostRule.Name(domain.Trim()) ?? domain, selector);

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
        if (dkim.PrivateKey is { } key && !ReferenceEquals(key, KeptSecrets.Marker)
            && !DkimSigner.TryCreate("example.com", "s", key.Reveal(), out _, out var fault))
        {
            reader.Fault("privateKey", fault.Error);
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

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\\z")]
    private static partial Regex Selector();
}
