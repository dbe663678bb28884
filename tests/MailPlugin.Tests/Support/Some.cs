using System.Text;
using MailPlugin.Abstractions;
using MailPlugin.Queue;

namespace MailPlugin.Tests.Support;

/// <summary>Valid things to begin with.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Time = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public static NewMessage Message(DateTimeOffset? at = null, params string[] recipients)
    {
        var now = at ?? Time;
        var id = MessageIdentity.New(now);
        var to = recipients.Length > 0 ? recipients : ["b@example.org"];
        return new()
        {
            Id = id,
            MessageId = MessageIdentity.Header(id, "example.com"),
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromDays(5),
            Subject = "Hello",
            From = new MailAddress("a@example.com"),
            Recipients = [.. to.Select(address => new Recipient(address, RecipientKind.To))],
            Header = Encoding.ASCII.GetBytes($"From: a@example.com\r\nTo: {to[0]}\r\nSubject: Hello\r\nMessage-ID: {MessageIdentity.Header(id, "example.com")}\r\n"),
            Body = "Hi\r\n"u8.ToArray(),
        };
    }

    public static MailSubmission Submission(params string[] to) => new()
    {
        From = new("a@example.com"),
        To = [.. (to.Length > 0 ? to : ["b@example.org"]).Select(address => new MailAddress(address))],
        Subject = "Hello",
        Text = "Hi",
    };

    /// <summary>A relay took it for every recipient.</summary>
    public static MessageOutcome Accepted(ClaimedMessage message, DateTimeOffset at) => new(message.Key, message.Lease.Token)
    {
        Changes = [.. message.Recipients.Select((_, index) => new RecipientChange(index, RecipientState.Accepted, "250 ok", "p"))],
        Due = at,
        At = at,
    };
}
