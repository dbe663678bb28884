using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>The protocol library's outcomes in the terms of the transport seam.</summary>
internal static class OutcomeOf
{
    public static TransportOutcome Sent(SmtpOutcome outcome, RelaySession session)
    {
        var message = ((MessageInFlight)outcome.Transaction.State!).Message;
        return new(message, [.. outcome.Recipients.Select(Recipient)])
        {
            Fault = outcome.Fault is { } fault
                ? new(FaultOf.Stage(outcome.Stage), FaultOf.Kind(fault), outcome.Detail ?? fault.ToString()) { Reply = FaultOf.Reply(outcome.Reply) }
                : null,
            FinalReply = FaultOf.Reply(outcome.Reply),
            Duration = outcome.Duration,
            Tls = session.Session.Tls?.ToString(),
            TranscriptId = session.Transcript?.Id,
        };
    }

    public static IReadOnlyList<RecipientOutcome> NotSent(OutgoingMessage message, TransportStage stage) =>
        [.. message.Recipients.Select(address => new RecipientOutcome(address, RecipientVerdict.NotSent, stage, null))];

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
