using System.Buffers;
using System.Text;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>Some drafts, and their composed form as bytes and text.</summary>
static class Drafts
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static MessageDraft Some() => new()
    {
        From = MailboxAddress.Parse("sender@sender.example", "Sender"),
        To = [MailboxAddress.Parse("to@recipient.example")],
        Subject = "Some subject",
        TextBody = "Some text",
        Date = Noon,
    };

    public static ComposedMessage Compose(this MessageDraft draft) => new MessageComposer().Compose(draft);

    public static byte[] ToBytes(this ComposedMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        message.WriteTo(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    public static string Text(this MessageDraft draft)
    {
        using var message = draft.Compose();
        return Encoding.UTF8.GetString(message.ToBytes());
    }

    public static string HeaderText(this MessageDraft draft)
    {
        using var message = draft.Compose();
        return Encoding.UTF8.GetString(message.Header.Span);
    }

    public static string BodyText(this MessageDraft draft)
    {
        using var message = draft.Compose();
        return Encoding.UTF8.GetString(message.Body);
    }

    /// <summary>A field as it travels, from its name to the CRLF before the next.</summary>
    public static string RawField(this MessageDraft draft, string name)
    {
        using var message = draft.Compose();
        return Encoding.UTF8.GetString(HeaderBlock.Parse(message.Header).Find(name)!.Raw.Span);
    }
}
