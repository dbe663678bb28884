using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>Reads which messages are meant from a query string.</summary>
internal static class MessageFilterReader
{
    const int MaxLength = 998;

    public static (MessageFilter? Filter, ProblemResult? Problem) Read(IQueryCollection query)
    {
        var faults = new Faults();
        var reader = new QueryReader(query, faults);
        string? Text(string name) => reader.Text(name, MaxLength);
        var filter = new MessageFilter
        {
            Status = Status(Text("status"), faults),
            Recipient = Text("recipient") is { } recipient ? AddressInPath.Spelt(recipient) : null,
            Source = Text("source"),
            Template = Text("template"),
            Transport = Text("transport"),
            Text = Text("q")?.Trim() is { Length: > 0 } text ? text : null,
            Since = reader.Time("since"),
            Until = reader.Time("until"),
        };
        return faults.Any ? (null, Problem.Invalid("invalid-request", faults)) : (filter, null);
    }

    /// <summary>The same names in a body.</summary>
    public static MessageFilter Read(JsonObjectReader json)
    {
        var filter = new MessageFilter
        {
            Status = json.OptionalChoice<MessageStatus>("status"),
            Recipient = json.Text("recipient") is { } recipient ? AddressInPath.Spelt(recipient) : null,
            Source = json.Text("source"),
            Template = json.Text("template"),
            Transport = json.Text("transport"),
            Text = json.Text("q")?.Trim() is { Length: > 0 } text ? text : null,
            Since = json.Time("since"),
            Until = json.Time("until"),
        };
        json.Complete();
        return filter;
    }

    static MessageStatus? Status(string? text, Faults faults)
    {
        if (text is null)
        {
            return null;
        }

        if (EnumText.TryParse<MessageStatus>(text, out var status))
        {
            return status;
        }

        faults.Add("status", $"must be one of {EnumText.List<MessageStatus>()}");
        return null;
    }
}
