using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>The protocol library's outcomes in the terms of the transport seam.</summary>
internal static class OutcomeOf
{
    public static TransportOutcome Sent(SmtpOutcome outcome, RelaySession session)
    {
        var message = ((MessageInFlight)outcome.Transaction.State!).Message;
        var unfit = Unfit(outcome.Fault);
        return new(message, [.. outcome.Recipients.Select(recipient => unfit is null ? Recipient(recipient) : Refused(recipient, unfit))])
        {
            Fault = unfit is null && outcome.Fault is { } fault
                ? new(FaultOf.Stage(outcome.Stage), FaultOf.Kind(fault), outcome.Detail ?? fault.ToString()) { Reply = FaultOf.Reply(outcome.Reply) }
                : null,
            FinalReply = unfit ?? FaultOf.Reply(outcome.Reply),
            Duration = outcome.Duration,
            Tls = session.Session.Tls?.ToString(),
            TranscriptId = session.Transcript?.Id,
        };
    }

    public static IReadOnlyList<RecipientOutcome> NotSent(OutgoingMessage message, TransportStage stage) =>
        [.. message.Recipients.Select(address => new RecipientOutcome(address, RecipientVerdict.NotSent, stage, null))];

    /// <summary>What the relay's capabilities rule out is refused here, in the words that the relay would have used: the session is sound, the message does not fit.</summary>
    public static TransportReply? Unfit(SmtpFault? fault) => fault switch
    {
        SmtpFault.MessageTooLarge => new(552, "5.3.4", "5.3.4 not offered: larger than the relay's SIZE"),
        SmtpFault.SmtpUtf8NotOffered => new(550, "5.6.7", "5.6.7 not offered: an address needs SMTPUTF8, which the relay lacks"),
        SmtpFault.EightBitNotOffered => new(554, "5.6.3", "5.6.3 not offered: the content needs 8BITMIME, which the relay lacks"),
        _ => null,
    };

    static RecipientOutcome Refused(SmtpRecipientOutcome outcome, TransportReply reply) =>
        new(outcome.Recipient.Address, RecipientVerdict.Refused, TransportStage.Mail, reply);

    static RecipientOutcome Recipient(SmtpRecipientOutcome outcome) =>
        new(outcome.Recipient.Address, Verdict(outcome.Result), FaultOf.Stage(outcome.Stage), FaultOf.Reply(outcome.Reply));

    static RecipientVerdict Verdict(SmtpResult result) => result switch
    {
        SmtpResult.Accepted => RecipientVerdict.Accepted,
        SmtpResult.Refused => RecipientVerdict.Refused,
        SmtpResult.Uncertain => RecipientVerdict.Uncertain,
        _ => RecipientVerdict.NotSent,
    };
}
