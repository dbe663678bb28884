using System.Buffers;
using System.Globalization;

namespace MailPlugin.Smtp.Mime;

/// <summary>The header fields of a draft, but for those that describe its body.</summary>
static class DraftHeader
{
    public static void Write(IBufferWriter<byte> output, MessageDraft draft, DateTimeOffset date, string messageId)
    {
        var header = new HeaderWriter(output);
        WriteDate(ref header, date);
        WriteMailbox(ref header, "From"u8, draft.From);
        if (draft.Sender is not null)
        {
            WriteMailbox(ref header, "Sender"u8, draft.Sender);
        }

        WriteMailboxes(ref header, "Reply-To"u8, draft.ReplyTo);
        WriteMailboxes(ref header, "To"u8, draft.To);
        WriteMailboxes(ref header, "Cc"u8, draft.Cc);
        if (draft.To.Count + draft.Cc.Count == 0)
        {
            // A message that names nobody is taken for spam; an empty group is what RFC 5322 section 3.6.3 offers for it.
            header.Raw("To: undisclosed-recipients:;\r\n"u8);
        }

        header = new HeaderWriter(output);
        header.Name("Subject"u8);
        HeaderText.WriteUnstructured(ref header, draft.Subject);
        header.End();
        WriteWord(ref header, "Message-ID"u8, messageId);
        WriteWord(ref header, "In-Reply-To"u8, draft.InReplyTo);
        WriteReferences(ref header, draft.References);
        WriteWord(ref header, "Auto-Submitted"u8, draft.AutoSubmitted);
        WriteUnsubscribe(ref header, draft.ListUnsubscribe);
        for (var i = 0; i < draft.Headers.Count; i++)
        {
            header.Name(draft.Headers[i].Key);
            HeaderText.WriteUnstructured(ref header, draft.Headers[i].Value);
            header.End();
        }

        header.Raw("MIME-Version: 1.0\r\n"u8);
    }

    public static void WriteMailbox(ref HeaderWriter header, ReadOnlySpan<byte> name, MailboxAddress mailbox)
    {
        header.Name(name);
        WriteMailbox(ref header, mailbox, isFirst: true, isLast: true);
        header.End();
    }

    public static void WriteMailboxes(ref HeaderWriter header, ReadOnlySpan<byte> name, IReadOnlyList<MailboxAddress> mailboxes)
    {
        if (mailboxes.Count == 0)
        {
            return;
        }

        header.Name(name);
        for (var i = 0; i < mailboxes.Count; i++)
        {
            WriteMailbox(ref header, mailboxes[i], i == 0, i == mailboxes.Count - 1);
        }

        header.End();
    }

    static void WriteMailbox(ref HeaderWriter header, MailboxAddress mailbox, bool isFirst, bool isLast)
    {
        if (mailbox.DisplayName is null)
        {
            header.Blank(mailbox.Address.Length + 1, mayFold: !isFirst);
            header.Raw(mailbox.Address);
        }
        else
        {
            HeaderText.WritePhrase(ref header, mailbox.DisplayName, isFirst);
            header.Blank(mailbox.Address.Length + 3);
            header.Raw("<"u8);
            header.Raw(mailbox.Address);
            header.Raw(">"u8);
        }

        if (!isLast)
        {
            header.Raw(","u8);
        }
    }

    static void WriteDate(ref HeaderWriter header, DateTimeOffset date)
    {
        Span<byte> text = stackalloc byte[32];
        date.TryFormat(text, out var length, "ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture);
        var minutes = Math.Abs((int)date.Offset.TotalMinutes);
        text[length++] = (byte)(date.Offset < TimeSpan.Zero ? '-' : '+');
        ((minutes / 60 * 100) + (minutes % 60)).TryFormat(text[length..], out var digits, "0000", CultureInfo.InvariantCulture);
        header.Raw("Date: "u8);
        header.Raw(text[..(length + digits)]);
        header.End();
    }

    static void WriteWord(ref HeaderWriter header, ReadOnlySpan<byte> name, string? word)
    {
        if (word is not null)
        {
            header.Name(name);
            header.Word(word, mayFold: false);
            header.End();
        }
    }

    static void WriteReferences(ref HeaderWriter header, IReadOnlyList<string> references)
    {
        if (references.Count == 0)
        {
            return;
        }

        header.Name("References"u8);
        for (var i = 0; i < references.Count; i++)
        {
            header.Word(references[i], mayFold: i > 0);
        }

        header.End();
    }

    static void WriteUnsubscribe(ref HeaderWriter header, UnsubscribeLink? link)
    {
        if (link is null)
        {
            return;
        }

        header.Name("List-Unsubscribe"u8);
        if (link.Url is not null)
        {
            header.Word($"<{UnsubscribeLink.Write(link.Url)}>{(link.Mailto is null ? "" : ",")}", mayFold: false);
        }

        if (link.Mailto is not null)
        {
            header.Word($"<{UnsubscribeLink.Write(link.Mailto)}>", mayFold: link.Url is not null);
        }

        header.End();
        if (link.OneClick)
        {
            header.Raw("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"u8);
        }
    }
}
