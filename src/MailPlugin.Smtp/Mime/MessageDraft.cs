namespace MailPlugin.Smtp.Mime;

/// <summary>Everything a message is composed of. Recipients of the envelope alone (Bcc) have no place in it.</summary>
public sealed record MessageDraft
{
    /// <summary>The author.</summary>
    public required MailboxAddress From { get; init; }

    /// <summary>Who hands the message over, when it is not the author.</summary>
    public MailboxAddress? Sender { get; init; }

    /// <summary>Where answers go. Empty: to the author.</summary>
    public IReadOnlyList<MailboxAddress> ReplyTo { get; init; } = [];

    /// <summary>Recipients named in To.</summary>
    public IReadOnlyList<MailboxAddress> To { get; init; } = [];

    /// <summary>Recipients named in Cc.</summary>
    public IReadOnlyList<MailboxAddress> Cc { get; init; } = [];

    /// <summary>One line of text in any script. See <see cref="HeaderRules.CheckSubject"/>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The body as plain text, with any line ends. Null: none.</summary>
    public string? TextBody { get; init; }

    /// <summary>The body as HTML. Null: none.</summary>
    public string? HtmlBody { get; init; }

    /// <summary>Files, and inline parts that the HTML body names by <see cref="Attachment.ContentId"/>.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Further fields, in this order. See <see cref="HeaderRules.CheckName"/> and <see cref="HeaderRules.CheckValue"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Message-ID of the message that is answered, with its angle brackets.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Message-IDs of the thread, oldest first, each with its angle brackets.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>How a reader leaves the list. Null: no such field.</summary>
    public UnsubscribeLink? ListUnsubscribe { get; init; }

    /// <summary>RFC 3834: <c>no</c>, <c>auto-generated</c> or <c>auto-replied</c>. Null: no such field.</summary>
    public string? AutoSubmitted { get; init; }

    /// <summary>When the message was written. Null: now.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>The Message-ID with its angle brackets. Null: a random one in the domain of the sender.</summary>
    public string? MessageId { get; init; }
}
