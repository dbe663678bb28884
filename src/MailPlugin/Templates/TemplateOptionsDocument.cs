using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Templates;

/// <summary>Options as JSON: what the API takes and answers, and what the store holds.</summary>
internal static class TemplateOptionsDocument
{
    const int MaxBcc = 20;
    const int MaxAddress = 512;
    const int MaxName = 256;

    public static JsonObject Write(TemplateOptions options) => new()
    {
        ["enabled"] = options.Enabled,
        ["transport"] = options.Transport,
        ["from"] = Mailbox(options.From),
        ["replyTo"] = Mailbox(options.ReplyTo),
        ["bcc"] = new JsonArray([.. options.Bcc.Select(Mailbox)]),
        ["priority"] = options.Priority is { } priority ? EnumText.Of(priority) : null,
        ["keepContent"] = options.KeepContent,
    };

    public static TemplateOptions Read(JsonObjectReader json, bool keepContent)
    {
        var transport = json.Line("transport", 64);
        var options = new TemplateOptions
        {
            Enabled = json.Flag("enabled", defaultValue: true),
            Transport = string.IsNullOrEmpty(transport) ? null : transport,
            From = ReadMailbox(json.Object("from")),
            ReplyTo = ReadMailbox(json.Object("replyTo")),
            Bcc = [.. json.Objects("bcc", MaxBcc).Select(ReadMailbox).OfType<MailAddress>().ToList()],
            Priority = json.OptionalChoice<MailPriority>("priority"),
            KeepContent = json.Flag("keepContent", keepContent),
        };
        if (options.Transport is { } id && !TemplateName.IsValid(id))
        {
            json.Fault("transport", "must be the id of a transport");
        }

        return options;
    }

    public static TemplateOptions Restore(string document)
    {
        using var json = JsonDocument.Parse(document);
        return Read(new JsonObjectReader(json.RootElement, "", new Faults()), keepContent: true);
    }

    static JsonObject? Mailbox(MailAddress? address) => address is null ? null : new() { ["address"] = address.Address, ["name"] = address.Name };

    static MailAddress? ReadMailbox(JsonObjectReader? json)
    {
        if (json is null)
        {
            return null;
        }

        var (address, name) = (json.Text("address", MaxAddress), json.Text("name", MaxName));
        json.Complete();
        if (MailboxAddress.CheckDisplayName(name) is { } wrongName)
        {
            json.Fault("name", wrongName);
        }

        if (MailboxAddress.TryParse(address, out var mailbox, out var wrong))
        {
            return new(mailbox.Address, name);
        }

        if (!json.HasFault("address"))
        {
            json.Fault("address", wrong);
        }

        return null;
    }
}
