using System.Text.Json;
using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Reading;

internal static partial class TransportReader
{
    /// <summary>Blocks of modes that this version does not have.</summary>
    static readonly string[] OtherModes = ["php", "sendmail", "qmail", "capture"];

    /// <summary>The id of a list's item, when it can stand in a path.</summary>
    public static string? ValidId(JsonElement item) =>
        JsonText.TryGet(item, "id", out var id) && JsonText.Of(id) is { } text && Id().IsMatch(text) ? text : null;

    public static TransportSettings Read(JsonObjectReader reader, Faults faults)
    {
        var id = reader.Text("id", 64);
        if (id is null || !Id().IsMatch(id))
        {
            reader.Fault("id", "must be 1 to 64 of a-z, 0-9 and -");
        }

        var mode = reader.OptionalChoice<TransportMode>("mode");
        if (mode is null)
        {
            if (!reader.HasFault("mode"))
            {
                reader.Fault("mode", $"must be one of {EnumText.List<TransportMode>()}");
            }
        }
        else if (mode != TransportMode.Smtp)
        {
            reader.Fault("mode", "must be smtp: this version has no other mode yet");
        }

        var transport = new TransportSettings
        {
            Id = id ?? "",
            Name = reader.Line("name", 128)?.Trim() is { Length: > 0 } name ? name : id ?? "",
            Mode = mode ?? TransportMode.Smtp,
            Enabled = reader.Flag("enabled", true),
            From = SettingsReader.Mailbox(reader, "from"),
            EnvelopeFrom = AddressRule.Read(reader, "envelopeFrom"),
            Smtp = Smtp(reader, mode, faults),
        };
        foreach (var other in OtherModes)
        {
            if (reader.TryGetValue(other, out _))
            {
                reader.Fault(other, $"belongs to mode {other}");
            }
        }

        reader.Complete();
        return transport;
    }

    static SmtpSettings? Smtp(JsonObjectReader reader, TransportMode? mode, Faults faults)
    {
        if (reader.Object("smtp") is { } smtp)
        {
            return SmtpReader.Read(smtp, faults);
        }

        if (mode == TransportMode.Smtp && !reader.HasFault("smtp"))
        {
            reader.Fault("smtp", "must say how to reach the relay");
        }

        return null;
    }

    [GeneratedRegex("^[a-z0-9-]{1,64}\\z")]
    private static partial Regex Id();
}
