namespace MailPlugin.Smtp;

/// <summary>A sender and a recipient, to be asked about without sending anything.</summary>
public sealed record SmtpEnvelope
{
    /// <param name="sender">The reverse path; <c>""</c> is the null sender.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="size">Bytes of the message that might follow; null announces none.</param>
    /// <exception cref="ArgumentException">An address could break a command.</exception>
    public SmtpEnvelope(string sender, string recipient, long? size = null)
    {
        EnvelopeText.RequirePath(sender, nameof(sender), allowEmpty: true);
        EnvelopeText.RequirePath(recipient, nameof(recipient), allowEmpty: false);
        (Sender, Recipient, Size) = (sender, recipient, size);
    }

    /// <summary>The reverse path.</summary>
    public string Sender { get; }

    /// <summary>The recipient.</summary>
    public string Recipient { get; }

    /// <summary>Bytes of the message, announced where the server offers SIZE (RFC 1870).</summary>
    public long? Size { get; }

    internal bool NeedsUtf8 => !EnvelopeText.IsAscii(Sender) || !EnvelopeText.IsAscii(Recipient);
}

/// <summary>What a server said to an envelope.</summary>
/// <param name="Mail">To MAIL; null where it was not asked, because its capabilities rule the envelope out or the session ended.</param>
/// <param name="Rcpt">To RCPT; null where it was not asked.</param>
/// <param name="Fault">Why it was not asked to the end.</param>
/// <param name="Detail">The same for a person.</param>
public sealed record SmtpEnvelopeAnswer(SmtpReply? Mail, SmtpReply? Rcpt, SmtpFault? Fault = null, string? Detail = null);
