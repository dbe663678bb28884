using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Templates;

namespace MailPlugin.Submission;

/// <summary>Reads a submission's JSON. Only types and names are looked at here: what the values are to be, <see cref="SubmissionRules"/> says, for every way in alike.</summary>
internal static class SubmissionReader
{
    const int MaxText = SubmissionLimits.MaxRequestBytes;

    public static MailSubmission Read(JsonObjectReader json, bool mayCarryKey)
    {
        var submission = new MailSubmission
        {
            From = Address(json.Object("from")),
            Sender = Address(json.Object("sender")),
            ReplyTo = Addresses(json, "replyTo"),
            To = Addresses(json, "to"),
            Cc = Addresses(json, "cc"),
            Bcc = Addresses(json, "bcc"),
            Subject = json.Text("subject", MaxText),
            Text = json.Text("text", MaxText),
            Html = json.Text("html", MaxText),
            Template = json.Text("template", MaxText),
            Locale = json.Text("locale", MaxText),
            Model = ModelReader.Read(json, "model"),
            Headers = Texts(json, "headers"),
            InReplyTo = json.Text("inReplyTo", MaxText),
            References = List(json, "references"),
            ListUnsubscribe = Unsubscribe(json.Object("listUnsubscribe")),
            AutoSubmitted = json.Text("autoSubmitted", MaxText),
            Attachments = [.. json.Objects("attachments", SubmissionLimits.MaxAttachments).Select(Attachment).ToList()],
            Transport = json.Text("transport", MaxText),
            Priority = json.Choice("priority", MailPriority.Normal),
            NotBefore = json.Time("notBefore"),
            ExpiresAt = json.Time("expiresAt"),
            EnvelopeFrom = json.Text("envelopeFrom", MaxText),
            Dsn = Dsn(json.Object("dsn")),
            Source = json.Text("source", MaxText),
            Metadata = Texts(json, "metadata"),
            IdempotencyKey = mayCarryKey ? json.Text("idempotencyKey", MaxText) : null,
        };
        json.Complete();
        return submission;
    }

    static MailAddress? Address(JsonObjectReader? json)
    {
        if (json is null)
        {
            return null;
        }

        var text = json.Text("address", MaxText);
        var name = json.Text("name", MaxText);
        json.Complete();
        if (text is null && !json.HasFault("address"))
        {
            json.Fault("address", "must be given");
        }

        return new(text ?? "", name);
    }

    public static List<MailAddress> Addresses(JsonObjectReader json, string name) =>
        [.. json.Objects(name, SubmissionLimits.MaxRecipients).Select(item => Address(item)!)];

    static MailAttachment Attachment(JsonObjectReader json)
    {
        var name = json.Text("name", MaxText);
        var contentType = json.Text("contentType", MaxText);
        var contentId = json.Text("contentId", MaxText);
        byte[] content = [];
        if (!json.TryGetValue("content", out var value))
        {
            json.Fault("content", "must be given, as base64");
        }
        else if (JsonText.Bytes(value) is { } bytes)
        {
            content = bytes;
        }
        else
        {
            json.Fault("content", "must be base64");
        }

        json.Complete();
        foreach (var (property, text) in new[] { ("name", name), ("contentType", contentType) })
        {
            if (text is null && !json.HasFault(property))
            {
                json.Fault(property, "must be given");
            }
        }

        return new(name ?? "", contentType ?? "", content, contentId);
    }

    static ListUnsubscribe? Unsubscribe(JsonObjectReader? json)
    {
        if (json is null)
        {
            return null;
        }

        var unsubscribe = new ListUnsubscribe(json.Text("url", MaxText), json.Text("mailto", MaxText), json.Flag("oneClick", defaultValue: false));
        json.Complete();
        return unsubscribe;
    }

    static DeliveryStatusRequest? Dsn(JsonObjectReader? json)
    {
        if (json is null)
        {
            return null;
        }

        var dsn = new DeliveryStatusRequest(List(json, "notify"), json.Text("return", MaxText), json.Text("envelopeId", MaxText));
        json.Complete();
        return dsn;
    }

    static List<string> List(JsonObjectReader json, string name)
    {
        var list = new List<string>();
        var index = 0;
        foreach (var item in json.Items(name, 1_000))
        {
            if (JsonText.Of(item) is { } text)
            {
                list.Add(text);
            }
            else
            {
                json.Fault($"{name}[{index}]", "must be a string");
            }

            index++;
        }

        return list;
    }

    static Dictionary<string, string> Texts(JsonObjectReader json, string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!json.TryGetValue(name, out var value))
        {
            return texts;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            json.Fault(name, "must be an object");
            return texts;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (JsonText.NameOf(property) is not { } key)
            {
                json.Fault(name, "has a property whose name is not valid Unicode");
            }
            else if (JsonText.Of(property.Value) is not { } text)
            {
                json.Fault($"{name}.{Faults.Shortened(key)}", "must be a string");
            }
            else if (!texts.TryAdd(key, text))
            {
                json.Fault($"{name}.{Faults.Shortened(key)}", "must stand only once");
            }
        }

        return texts;
    }
}
