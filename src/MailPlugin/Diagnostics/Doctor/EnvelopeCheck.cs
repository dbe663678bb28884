using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Http;
using MailPlugin.Smtp;
using MailPlugin.Smtp.Mime;
using MailPlugin.Transports;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>Asks the relay for a sender and a recipient with MAIL and RCPT, and takes both back with RSET.</summary>
internal static class EnvelopeCheck
{
    /// <returns>What went wrong; null when nothing did.</returns>
    public static async Task<Evidence?> RunAsync(SmtpSession session, TestTarget target, SessionSight sight, Findings findings, CancellationToken cancellationToken)
    {
        if (!target.SignsIn)
        {
            findings.Skip(StepName.Auth, null, new("No user name is set.", "未设置用户名。"));
        }

        if (target.Sender is not { } sender || (target.To ?? target.From?.Address) is not { } recipient)
        {
            findings.Skip(StepName.Mail, null, new("No From address is set.", "未设置发件人地址。"));
            findings.Skip(StepName.Rcpt, null, new("There is nobody to ask for.", "没有可查询的收件人。"));
            return null;
        }

        var mark = findings.Mark();
        var answer = await session.AskAsync(new(Ascii(sender), Ascii(recipient), TestMessage.TypicalSize), cancellationToken);
        if (answer.Mail is { } mail)
        {
            findings.Add(StepName.Mail, sender, mail.IsPositive ? StepOutcome.Ok : StepOutcome.Failed, mark, Words(mail));
        }

        if (answer.Rcpt is { } rcpt)
        {
            findings.Add(StepName.Rcpt, recipient, rcpt.IsPositive ? StepOutcome.Ok : StepOutcome.Failed, mark, Words(rcpt));
        }

        return Judge(answer, target, sight, findings, mark);
    }

    static Evidence? Judge(SmtpEnvelopeAnswer answer, TestTarget target, SessionSight sight, Findings findings, long mark)
    {
        if (answer.Rcpt is { IsPositive: false } rcpt)
        {
            return new(target.Transport, sight, TransportStage.Rcpt) { Reply = FaultOf.Reply(rcpt) };
        }

        if (answer.Mail is { IsPositive: false } mail)
        {
            return new(target.Transport, sight, TransportStage.Mail) { Reply = FaultOf.Reply(mail) };
        }

        if (answer.Fault is not { } fault)
        {
            return null;
        }

        var stage = answer.Mail is null ? TransportStage.Mail : TransportStage.Rcpt;
        findings.Add(StepName.Of(stage), null, StepOutcome.Failed, mark, new(answer.Detail ?? "", answer.Detail ?? ""));
        return OutcomeOf.Unfit(fault) is { } unfit
            ? new(target.Transport, sight, stage) { Reply = unfit }
            : Evidence.Of(new TransportFault(stage, FaultOf.Kind(fault), answer.Detail ?? ""), target.Transport, sight);
    }

    static string Ascii(string address) => MailboxAddress.TryParse(address, out var mailbox, out _) ? mailbox.Address : address;

    static LocalizedText Words(SmtpReply reply) => new(reply.ToString(), reply.ToString());
}
