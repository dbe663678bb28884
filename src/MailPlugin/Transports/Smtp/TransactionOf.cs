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
        return new(message.EnvelopeFrom, recipients, SmtpContent.FromMemory(WithEmptyLine(message.Header), message.Body))
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

    /// <summary>Header block and body are apart until here; between them stands an empty line (RFC 5322 2.1).</summary>
    static byte[] WithEmptyLine(ReadOnlyMemory<byte> header)
    {
        var block = new byte[header.Length + 2];
        header.CopyTo(block);
        "\r\n"u8.CopyTo(block.AsSpan(header.Length));
        return block;
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
