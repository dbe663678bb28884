namespace MailPlugin.Smtp;

/// <summary>One recipient of a transaction.</summary>
public sealed record SmtpRecipient
{
    /// <summary>A recipient with no wishes.</summary>
    /// <exception cref="ArgumentException">The address is empty or could break a command.</exception>
    public SmtpRecipient(string address)
    {
        EnvelopeText.RequirePath(address, nameof(address), allowEmpty: false);
        Address = address;
    }

    /// <summary>The mailbox as it goes into RCPT, domain already in A-labels where it has to be.</summary>
    public string Address { get; }

    /// <summary>When to report (RFC 3461 4.1); used where the server offers DSN.</summary>
    public SmtpNotify Notify { get; init; }

    /// <summary>An address with no wishes.</summary>
    public static implicit operator SmtpRecipient(string address) => FromString(address);

    /// <summary>An address with no wishes.</summary>
    public static SmtpRecipient FromString(string address) => new(address);

    /// <summary>The address.</summary>
    public override string ToString() => Address;
}

/// <summary>When a relay is asked to report on a recipient (RFC 3461 4.1).</summary>
[Flags]
public enum SmtpNotify
{
    /// <summary>Nothing is asked: the server's habit.</summary>
    Default = 0,

    /// <summary>When delivered.</summary>
    Success = 1,

    /// <summary>When it failed.</summary>
    Failure = 2,

    /// <summary>When it takes long.</summary>
    Delay = 4,

    /// <summary>Never; stands alone.</summary>
    Never = 8,
}

/// <summary>What a report gives back (RFC 3461 4.3).</summary>
public enum SmtpReturn
{
    /// <summary>Nothing is asked.</summary>
    Default,

    /// <summary>The header block.</summary>
    Headers,

    /// <summary>The whole message.</summary>
    Full,
}
