using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Settings.Reading;

/// <summary>Makes settings of JSON, as the API takes it and as the store keeps it, and names every fault.</summary>
internal static class SettingsReader
{
    const int MaxTransports = 32;
    const int MaxDkim = 64;
    const int MaxPrefix = 128;

    /// <param name="root">The settings.</param>
    /// <param name="faults">Takes what is wrong with them.</param>
    /// <param name="host">Values that win over those of <paramref name="root"/>.</param>
    public static MailSettings Read(JsonElement root, Faults faults, HostLayer? host = null)
    {
        host ??= HostLayer.Empty;
        var reader = new JsonObjectReader(root, "", faults, host.Draft);
        var settings = new MailSettings
        {
            Enabled = reader.Flag("enabled", true),
            From = Mailbox(reader, "from"),
            ReplyTo = Mailbox(reader, "replyTo"),
            EnvelopeFrom = AddressRule.Read(reader, "envelopeFrom"),
            ForceFrom = reader.Flag("forceFrom", false),
            SubjectPrefix = reader.Line("subjectPrefix", MaxPrefix)?.Trim() is { Length: > 0 } prefix ? prefix : null,
            AdminAddress = AddressRule.Read(reader, "adminAddress"),
            Transports = host.InOrder(Transports(reader, faults, host)),
            Dkim = [.. reader.Objects("dkim", MaxDkim, null, DkimReader.KeyOf, static _ => true).Select(DkimReader.Read)],
        };
        DkimReader.RefuseTwins(settings.Dkim, faults);
        reader.Ignore("version", "updatedAt", "updatedBy", "locked", "warnings");
        reader.Complete();
        return settings;
    }

    /// <summary>A mailbox object, or null.</summary>
    public static MailAddress? Mailbox(JsonObjectReader parent, string name)
    {
        if (parent.Object(name) is not { } reader)
        {
            return null;
        }

        var address = AddressRule.Read(reader, "address");
        if (address is null && !reader.HasFault("address"))
        {
            reader.Fault("address", "must be an address such as name@example.com");
        }

        var display = reader.Line("name", 256);
        reader.Complete();
        return new(address ?? "", string.IsNullOrWhiteSpace(display) ? null : display.Trim());
    }

    /// <summary>A secret: absent or null keeps what is stored, empty clears it.</summary>
    public static Secret? Secret(JsonObjectReader reader, string name, int maxLength)
    {
        var text = reader.Text(name, maxLength);

        // NUL ends a password in some methods and divides it in others (RFC 4616 2).
        if (text?.Contains('\0', StringComparison.Ordinal) == true)
        {
            reader.Fault(name, "must not contain NUL");
            return null;
        }

        return text switch
        {
            null => KeptSecrets.Marker,
            "" => null,
            _ => new(text),
        };
    }

    static List<TransportSettings> Transports(JsonObjectReader reader, Faults faults, HostLayer host)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var transports = new List<TransportSettings>();
        var items = reader.Objects(
            "transports", MaxTransports, element => TransportReader.ValidId(element) is { } id && seen.Add(id) ? id : null,
            TransportReader.ValidId, element => TransportReader.ValidId(element) is { } id && host.Complete.Contains(id));
        foreach (var item in items)
        {
            transports.Add(TransportReader.Read(item, faults));
        }

        foreach (var twin in transports.Select((transport, index) => (transport.Id, index)).Where(t => t.Id.Length > 0)
                     .GroupBy(t => t.Id).SelectMany(group => group.Skip(1)))
        {
            faults.Add($"transports[{twin.index}].id", "must be unique");
        }

        return transports;
    }
}
