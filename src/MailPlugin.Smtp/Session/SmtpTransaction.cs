namespace MailPlugin.Smtp;

/// <summary>One message with its envelope.</summary>
public sealed class SmtpTransaction
{
    string? _envelopeId;

    /// <summary>A message for one or more recipients.</summary>
    /// <param name="sender">The reverse path; <c>""</c> is the null sender.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="ArgumentException">No recipient, or an address that could break a command.</exception>
    public SmtpTransaction(string sender, IReadOnlyList<SmtpRecipient> recipients, SmtpContent content)
    {
        EnvelopeText.RequirePath(sender, nameof(sender), allowEmpty: true);
        ArgumentNullException.ThrowIfNull(recipients);
        ArgumentNullException.ThrowIfNull(content);
        if (recipients.Count == 0)
        {
            throw new ArgumentException("A transaction needs a recipient.", nameof(recipients));
        }

        (Sender, Recipients, Content) = (sender, recipients, content);
    }

    /// <summary>The reverse path; <c>""</c> is the null sender.</summary>
    public string Sender { get; }

    /// <summary>Who gets it; the outcome names them in this order.</summary>
    public IReadOnlyList<SmtpRecipient> Recipients { get; }

    /// <summary>The bytes.</summary>
    public SmtpContent Content { get; }

    /// <summary>Whether the content has bytes above 127 (RFC 6152). A server without 8BITMIME then gets nothing.</summary>
    public bool IsEightBit { get; init; }

    /// <summary>Whether a header needs SMTPUTF8 (RFC 6531). An address that is not ASCII asks for it by itself.</summary>
    public bool NeedsSmtpUtf8 { get; init; }

    /// <summary>What a report gives back (RFC 3461 4.3); used where the server offers DSN.</summary>
    public SmtpReturn Return { get; init; }

    /// <summary>Comes back in a report (RFC 3461 4.4); encoded here. At most 100 printable characters.</summary>
    public string? EnvelopeId
    {
        get => _envelopeId;
        init => _envelopeId = value is null || (value.Length is > 0 and <= 100 && value.All(c => c is >= ' ' and <= '~'))
            ? value
            : throw new ArgumentException("An envelope identifier has 1 to 100 printable ASCII characters.", nameof(value));
    }

    /// <summary>The caller's own; comes back with the outcome.</summary>
    public object? State { get; init; }
}
