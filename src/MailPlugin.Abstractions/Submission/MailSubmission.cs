namespace MailPlugin.Abstractions;

/// <summary>A message to be sent: either <see cref="Template"/> with <see cref="Model"/>, or <see cref="Subject"/> with <see cref="Text"/> and/or <see cref="Html"/>.</summary>
public sealed record MailSubmission
{
    /// <summary>The author (RFC 5322 From). Null: the template's, else the transport's, else the settings'.</summary>
    public MailAddress? From { get; init; }

    /// <summary>RFC 5322 Sender, when someone else than the author hands the message over.</summary>
    public MailAddress? Sender { get; init; }

    /// <summary>Where answers go. Empty: the settings' address, or the author.</summary>
    public IReadOnlyList<MailAddress> ReplyTo { get; init; } = [];

    /// <summary>Recipients named in To. To, Cc and Bcc together: 1 to 1,000.</summary>
    public IReadOnlyList<MailAddress> To { get; init; } = [];

    /// <summary>Recipients named in Cc.</summary>
    public IReadOnlyList<MailAddress> Cc { get; init; } = [];

    /// <summary>Recipients of the envelope only: no header names them.</summary>
    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];

    /// <summary>At most 998 bytes of UTF-8; CR and LF are refused. The settings' prefix is added.</summary>
    public string? Subject { get; init; }

    /// <summary>The body as plain text.</summary>
    public string? Text { get; init; }

    /// <summary>The body as HTML.</summary>
    public string? Html { get; init; }

    /// <summary>Name of a template, instead of subject and bodies.</summary>
    public string? Template { get; init; }

    /// <summary>BCP 47 tag for the template. Null: the default locale.</summary>
    public string? Locale { get; init; }

    /// <summary>Values for the template: numbers, strings, booleans, dates, lists and dictionaries of these.</summary>
    public IReadOnlyDictionary<string, object?>? Model { get; init; }

    /// <summary>Further header fields, at most 50. Fields that the composer writes itself are refused.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Message-ID of the message this one answers.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Message-IDs of the thread, oldest first.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>RFC 2369 and 8058. Null: no such header.</summary>
    public ListUnsubscribe? ListUnsubscribe { get; init; }

    /// <summary>RFC 3834: <c>no</c>, <c>auto-generated</c> or <c>auto-replied</c>. Null: no such header.</summary>
    public string? AutoSubmitted { get; init; }

    /// <summary>Attachments and inline parts. The composed message is at most 25 MB.</summary>
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];

    /// <summary>Id of the one transport to use. Null: the template's, else the order of the settings.</summary>
    public string? Transport { get; init; }

    /// <summary>The lane in which the message waits.</summary>
    public MailPriority Priority { get; init; } = MailPriority.Normal;

    /// <summary>Not handed over before this time.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Given up at this time. Null: <c>Limits:Expiry</c> after it was accepted, 5 days unless the host says otherwise.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The envelope's sender, where bounces go. Null: the transport's, the settings', else From.</summary>
    public string? EnvelopeFrom { get; init; }

    /// <summary>Delivery status notifications (RFC 3461). Null: the relay's default.</summary>
    public DeliveryStatusRequest? Dsn { get; init; }

    /// <summary>Which part of the host sends: at most 64 of <c>[A-Za-z0-9._-]</c>. Fairness, caps and filters use it.</summary>
    public string? Source { get; init; }

    /// <summary>Kept beside the message and given back; never sent.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>1 to 255 printable ASCII characters. The same key with the same submission within 24 h is answered again, not sent again.</summary>
    public string? IdempotencyKey { get; init; }
}
