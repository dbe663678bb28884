using System.Globalization;
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
        string? Text(string name)
        {
            var text = query[name].ToString();
            if (text.Length > MaxLength)
            {
                faults.Add(name, $"must be at most {MaxLength} characters long");
            }

            return text.Length == 0 ? null : text;
        }

        var filter = new MessageFilter
        {
            Status = Status(Text("status"), faults),
            Recipient = Text("recipient"),
            Source = Text("source"),
            Template = Text("template"),
            Transport = Text("transport"),
            Text = Text("q")?.Trim() is { Length: > 0 } text ? text : null,
            Since = Time(Text("since"), "since", faults),
            Until = Time(Text("until"), "until", faults),
        };
        return faults.Any ? (null, Problem.Invalid("invalid-request", faults)) : (filter, null);
    }

    /// <summary>The same names in a body.</summary>
    public static MessageFilter Read(JsonObjectReader json)
    {
        var filter = new MessageFilter
        {
            Status = json.OptionalChoice<MessageStatus>("status"),
            Recipient = json.Text("recipient"),
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

    static DateTimeOffset? Time(string? text, string name, Faults faults)
    {
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        faults.Add(name, "must be a time such as 2026-11-21T08:00:00Z (RFC 3339)");
        return null;
    }
}
