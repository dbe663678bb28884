using System.Text.Json;
using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Reading;

internal static partial class TransportReader
{
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

        var transport = new TransportSettings
        {
            Id = id ?? "",
            Name = reader.Line("name", 128)?.Trim() is { Length: > 0 } name ? name : id ?? "",
            Mode = mode ?? TransportMode.Smtp,
            Enabled = reader.Flag("enabled", true),
            From = SettingsReader.Mailbox(reader, "from"),
            EnvelopeFrom = AddressRule.Read(reader, "envelopeFrom"),
            Smtp = Block(reader, mode, TransportMode.Smtp, smtp => smtp is null ? Missing(reader) : SmtpReader.Read(smtp, faults)),
            Sendmail = Block(reader, mode, TransportMode.Sendmail, ProgramReader.Sendmail),
            Qmail = Block(reader, mode, TransportMode.Qmail, ProgramReader.Qmail),
            Php = Block(reader, mode, TransportMode.Php, ProgramReader.Php),
            Capture = Block(reader, mode, TransportMode.Capture, CaptureReader.Read),
        };
        reader.Complete();
        return transport;
    }

    /// <summary>What a mode has of its own: read where it is the transport's, refused where it is another's. Where there is no mode its faults are told all the same.</summary>
    static T? Block<T>(JsonObjectReader reader, TransportMode? mode, TransportMode own, Func<JsonObjectReader?, T?> read)
        where T : class
    {
        var name = EnumText.Of(own);
        var block = reader.Object(name);
        if (mode == own)
        {
            return block is null && reader.HasFault(name) ? null : read(block);
        }

        if (block is not null && mode is not null)
        {
            reader.Fault(name, $"belongs to mode {name}");
        }
        else if (block is not null)
        {
            read(block);
        }

        return null;
    }

    static SmtpSettings? Missing(JsonObjectReader reader)
    {
        reader.Fault("smtp", "must say how to reach the relay");
        return null;
    }

    [GeneratedRegex("^[a-z0-9-]{1,64}\\z")]
    private static partial Regex Id();
}
