using MailPlugin.Security.Secrets;

namespace MailPlugin.Settings.FromHost;

/// <summary>A value that the host's configuration decides.</summary>
/// <param name="Transport">Id of the transport that it belongs to.</param>
/// <param name="Dkim">Domain and selector of the DKIM key that it belongs to, joined by a slash.</param>
/// <param name="Property">Path inside of that, or of the settings.</param>
/// <param name="Key">Key of the configuration, below the plugin's section.</param>
/// <param name="Origin">Where it comes from, for people.</param>
internal sealed record HostValue(string? Transport, string? Dkim, string Property, string Key, string Origin)
{
    /// <summary>Set when it is a secret.</summary>
    public Secret? Secret { get; init; }

    /// <summary>Follows from another value, such as the mode from its block: it wins like any other, and is not listed.</summary>
    public bool IsImplied { get; init; }

    /// <summary>Where it stands in these settings; null when what it belongs to is not there.</summary>
    public string? PathIn(MailSettings settings)
    {
        if (Transport is not null)
        {
            return settings.Transport(Transport) is null ? null : $"transports[id={Transport}].{Property}";
        }

        if (Dkim is null)
        {
            return Property;
        }

        var index = settings.Dkim.TakeWhile(dkim => KeyOf(dkim.Domain, dkim.Selector) != Dkim).Count();
        return index == settings.Dkim.Count ? null : $"dkim[{index}].{Property}";
    }

    /// <summary>DNS makes no difference between upper and lower case.</summary>
    public static string KeyOf(string domain, string selector) => $"{domain}/{selector}".ToLowerInvariant();
}
