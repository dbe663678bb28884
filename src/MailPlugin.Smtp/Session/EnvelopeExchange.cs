using System.Runtime.CompilerServices;

namespace MailPlugin.Smtp;

/// <summary>RSET, MAIL, RCPT and DATA of a transaction on the wire, and the replies to them.</summary>
internal sealed class EnvelopeExchange(SessionState session, TransactionsInFlight inFlight)
{
    /// <summary>RCPTs that leave in one group.</summary>
    internal const int MostInGroup = 128;

    readonly Dialogue _dialogue = session.Dialogue;
    readonly SmtpStream _stream = session.Dialogue.Stream;
    readonly SmtpTimeouts _timeouts = session.Relay.Timeouts;
    readonly bool _pipelines = session.Capabilities.Pipelining;

    /// <summary>An envelope ahead of which nothing is in flight, and its replies; where the content comes by DATA, up to the one to that.</summary>
    internal async ValueTask SendAloneAsync(TransactionPart part)
    {
        var group = _pipelines ? MostInGroup : 1;
        if (part.BeginsWithReset)
        {
            EnvelopeWriter.Simple(_dialogue, "RSET"u8);
            await EndGroupAsync(part, PartStep.Mail, always: !_pipelines).ConfigureAwait(false);
        }

        EnvelopeWriter.Mail(_dialogue, part, session.Capabilities);
        await EndGroupAsync(part, PartStep.Rcpt, always: !_pipelines).ConfigureAwait(false);
        for (var i = 0; i < part.Count && !part.MailRefused && !part.ResetRefused; i++)
        {
            EnvelopeWriter.Rcpt(_dialogue, part.Address(i), session.Capabilities);
            if ((i + 1) % group == 0 && i + 1 < part.Count)
            {
                await EndGroupAsync(part, i + 1).ConfigureAwait(false);
            }
        }

        if (part.MailRefused || part.ResetRefused)
        {
            return;
        }

        if (part.ByBdat || !_pipelines)
        {
            await EndGroupAsync(part, part.Count).ConfigureAwait(false);
            if (part.ByBdat || part.Taken == 0 || part.MailRefused)
            {
                return;
            }
        }

        EnvelopeWriter.Simple(_dialogue, "DATA"u8);
        await _stream.FlushAsync(_timeouts.Command).ConfigureAwait(false);
        await ReadAsync(part).ConfigureAwait(false);
    }

    /// <summary>Gathers an envelope behind what is in flight. It begins with RSET.</summary>
    internal void WriteAhead(TransactionPart part)
    {
        part.IsSpeculative = true;
        inFlight.Begin(part, withReset: true);
        EnvelopeWriter.Simple(_dialogue, "RSET"u8);
        EnvelopeWriter.Mail(_dialogue, part, session.Capabilities);
        for (var i = 0; i < part.Count; i++)
        {
            EnvelopeWriter.Rcpt(_dialogue, part.Address(i), session.Capabilities);
        }
    }

    /// <summary>Every reply up to the one to DATA.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask ReadAsync(TransactionPart part)
    {
        while (!part.DataAnswered)
        {
            await _dialogue.ReadAsync(_timeouts.Command).ConfigureAwait(false);
            part.Take(_dialogue);
        }
    }

    async ValueTask EndGroupAsync(TransactionPart part, PartStep next, bool always)
    {
        if (!always)
        {
            return;
        }

        await _stream.FlushAsync(_timeouts.Command).ConfigureAwait(false);
        while (part.Step < next)
        {
            await _dialogue.ReadAsync(_timeouts.Command).ConfigureAwait(false);
            part.Take(_dialogue);
        }
    }

    async ValueTask EndGroupAsync(TransactionPart part, int rcptReplies)
    {
        await _stream.FlushAsync(_timeouts.Command).ConfigureAwait(false);
        while (part.RcptReplies < rcptReplies)
        {
            await _dialogue.ReadAsync(_timeouts.Command).ConfigureAwait(false);
            part.Take(_dialogue);
        }
    }
}
