namespace MailPlugin.Smtp;

/// <summary>What became of a transaction.</summary>
public sealed class SmtpOutcome
{
    internal SmtpOutcome(
        SmtpTransaction transaction, SmtpRecipientOutcome[] recipients, SmtpStage stage, SmtpFault? fault, SmtpReply? reply,
        TimeSpan duration, bool mayRetryAtOnce, string? detail, Exception? cause)
    {
        (Transaction, Recipients, Stage, Fault, Reply) = (transaction, recipients, stage, fault, reply);
        (Duration, MayRetryAtOnce, Detail, Cause) = (duration, mayRetryAtOnce, detail, cause);
        Verdict = Judge(recipients);
    }

    /// <summary>The transaction, with its <see cref="SmtpTransaction.State"/>.</summary>
    public SmtpTransaction Transaction { get; }

    /// <summary>In the order of the transaction's recipients.</summary>
    public IReadOnlyList<SmtpRecipientOutcome> Recipients { get; }

    /// <summary>The recipients in one word.</summary>
    public SmtpVerdict Verdict { get; }

    /// <summary>How far it came.</summary>
    public SmtpStage Stage { get; }

    /// <summary>Why it ended before its end; null when the server answered everything.</summary>
    public SmtpFault? Fault { get; }

    /// <summary>The reply that decided: the last one, to the content where it came that far.</summary>
    public SmtpReply? Reply { get; }

    /// <summary>From the first command to the last reply.</summary>
    public TimeSpan Duration { get; }

    /// <summary>
    /// The session, used before, was found dead before the server said anything about this message: it is to be sent at once on a new
    /// session, and this was no attempt.
    /// </summary>
    public bool MayRetryAtOnce { get; }

    /// <summary>What happened, for a person; null when the reply says it all.</summary>
    public string? Detail { get; }

    /// <summary>The exception behind a <see cref="Fault"/>, for the log alone.</summary>
    public Exception? Cause { get; }

    static SmtpVerdict Judge(SmtpRecipientOutcome[] recipients)
    {
        int accepted = 0, notSent = 0;
        foreach (ref readonly var recipient in recipients.AsSpan())
        {
            switch (recipient.Result)
            {
                case SmtpResult.Uncertain: return SmtpVerdict.Uncertain;
                case SmtpResult.Accepted: accepted++; break;
                case SmtpResult.NotSent: notSent++; break;
            }
        }

        return accepted == recipients.Length ? SmtpVerdict.Accepted
            : accepted > 0 ? SmtpVerdict.Partial
            : notSent > 0 ? SmtpVerdict.NotSent
            : SmtpVerdict.Refused;
    }
}

/// <summary>A transaction in one word.</summary>
public enum SmtpVerdict
{
    /// <summary>The server took it for every recipient.</summary>
    Accepted,

    /// <summary>The server took it for some.</summary>
    Partial,

    /// <summary>The server took it for none.</summary>
    Refused,

    /// <summary>For at least one recipient it was not offered to the end, and the server took it for none.</summary>
    NotSent,

    /// <summary>For at least one recipient nobody knows: the content was sent, and no reply came.</summary>
    Uncertain,
}

/// <summary>What became of one recipient.</summary>
public enum SmtpResult
{
    /// <summary>It was not offered to the end: the server cannot have it.</summary>
    NotSent,

    /// <summary>The server took responsibility.</summary>
    Accepted,

    /// <summary>The server refused; the reply says whether for good.</summary>
    Refused,

    /// <summary>The content was sent, and no reply came.</summary>
    Uncertain,
}

/// <summary>What became of one recipient, with the reply that decided it.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Stage">The stage that decided.</param>
/// <param name="Reply">The reply that decided; null where none came.</param>
public readonly record struct SmtpRecipientOutcome(SmtpRecipient Recipient, SmtpResult Result, SmtpStage Stage, SmtpReply? Reply);
