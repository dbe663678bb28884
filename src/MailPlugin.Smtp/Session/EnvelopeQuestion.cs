using System.Globalization;

namespace MailPlugin.Smtp;

/// <summary>MAIL, RCPT and RSET in lock-step: the same commands that a message begins with, and no content.</summary>
internal static class EnvelopeQuestion
{
    internal static async Task<SmtpEnvelopeAnswer> AskAsync(SessionState state, SmtpEnvelope envelope)
    {
        if (Unfit(state.Capabilities, envelope) is { } unfit)
        {
            return unfit;
        }

        SmtpReply? mail = null, rcpt = null;
        try
        {
            mail = await CommandAsync(state, Mail(state.Capabilities, envelope)).ConfigureAwait(false);
            rcpt = mail.IsPositive ? await CommandAsync(state, $"RCPT TO:<{envelope.Recipient}>").ConfigureAwait(false) : null;
            if (!state.IsBroken)
            {
                await CommandAsync(state, "RSET").ConfigureAwait(false);
            }

            return new(mail, rcpt);
        }
        catch (SessionBroken broken)
        {
            // What was answered before counts: a server that drops the line over RSET has said what was asked.
            state.IsBroken = true;
            return rcpt is null && mail is not { IsPositive: false } ? new(mail, null, broken.Fault, broken.Message) : new(mail, rcpt);
        }
    }

    static SmtpEnvelopeAnswer? Unfit(SmtpCapabilities capabilities, SmtpEnvelope envelope)
    {
        if (capabilities.MaximumSize is { } most && envelope.Size > most)
        {
            return new(null, null, SmtpFault.MessageTooLarge, $"The server takes {most} bytes at most, a test mail has {envelope.Size}.");
        }

        return envelope.NeedsUtf8 && !capabilities.SmtpUtf8
            ? new(null, null, SmtpFault.SmtpUtf8NotOffered, "An address is not ASCII, and the server does not offer SMTPUTF8.")
            : null;
    }

    static string Mail(SmtpCapabilities capabilities, SmtpEnvelope envelope)
    {
        var size = capabilities.Size && envelope.Size is { } bytes ? $" SIZE={bytes.ToString(CultureInfo.InvariantCulture)}" : "";
        return $"MAIL FROM:<{envelope.Sender}>{size}{(envelope.NeedsUtf8 ? " SMTPUTF8" : "")}";
    }

    static async Task<SmtpReply> CommandAsync(SessionState state, string command)
    {
        await state.Dialogue.AskAsync(command, state.Relay.Timeouts.Command).ConfigureAwait(false);
        state.IsBroken |= state.Dialogue.Code == 421;
        return state.Dialogue.Reply;
    }
}
