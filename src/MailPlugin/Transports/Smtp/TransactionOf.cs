using MailPlugin.Abstractions;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>A message put into a transaction of the protocol library.</summary>
internal static class TransactionOf
{
    public static SmtpTransaction Message(OutgoingMessage message)
    {
        var notify = Notify(message.Dsn);
        SmtpRecipient[] recipients = [.. message.Recipients.Select(address => notify == SmtpNotify.Default ? new SmtpRecipient(address) : new(address) { Notify = notify })];
        return new(message.EnvelopeFrom, recipients, SmtpContent.FromMessage(message.Header, message.Body))
        {
            NeedsSmtpUtf8 = message.NeedsSmtpUtf8,
            Return = message.Dsn?.Return switch
            {
                "headers" => SmtpReturn.Headers,
                "full" => SmtpReturn.Full,
                _ => SmtpReturn.Default,
            },
            EnvelopeId = message.Dsn?.EnvelopeId,
            State = new MessageInFlight(message),
        };
    }

    static SmtpNotify Notify(DeliveryStatusRequest? dsn) => dsn is null ? SmtpNotify.Default : dsn.Notify.Aggregate(SmtpNotify.Default, (all, one) => all | one switch
    {
        "success" => SmtpNotify.Success,
        "failure" => SmtpNotify.Failure,
        "delay" => SmtpNotify.Delay,
        "never" => SmtpNotify.Never,
        _ => SmtpNotify.Default,
    });
}
