using System.Runtime.CompilerServices;

namespace MailPlugin.Smtp;

/// <summary>Content by DATA: it leaves when the server has asked for it, and with PIPELINING the envelope of the next message behind its dot.</summary>
internal sealed class DataTransactions(SessionState session, TransactionSource source, TransactionsInFlight inFlight, EnvelopeExchange envelope)
{
    readonly Dialogue _dialogue = session.Dialogue;
    readonly SmtpStream _stream = session.Dialogue.Stream;
    readonly SmtpTimeouts _timeouts = session.Relay.Timeouts;
    readonly ContentWriter _content = new(session.Dialogue, session.Relay.Timeouts);

    /// <summary>Brings the oldest to its end. What follows it may have begun meanwhile.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask StepAsync()
    {
        var part = inFlight.Head;
        if (part.IsSpeculative)
        {
            await envelope.ReadAsync(part).ConfigureAwait(false);
        }

        if (part.ResetRefused)
        {
            session.IsBroken = true;
            part.Distrust();
        }
        else if (part.MayGiveContent && part.Taken > 0 && !part.MailRefused)
        {
            part.ExpectContentReply();
            await _content.WriteDataAsync(part.Job.Transaction.Content).ConfigureAwait(false);
            part.EndHasLeft = true;
            _content.WriteDot();
            SpeculateEnvelope();
            await _stream.FlushAsync(_timeouts.ContentBlock).ConfigureAwait(false);
            await _dialogue.ReadAsync(_timeouts.FinalReply).ConfigureAwait(false);
            part.Take(_dialogue);
        }
        else
        {
            await LeaveWithoutContentAsync(part).ConfigureAwait(false);
        }

        inFlight.Complete();
    }

    async ValueTask LeaveWithoutContentAsync(TransactionPart part)
    {
        var taken = part.Taken;
        var waits = part.MayGiveContent;
        part.EndWithoutContent();
        if (!waits)
        {
            return;
        }

        if (taken > 0)
        {
            // MAIL was refused and yet there are recipients: nobody knows whose. Nothing is said to them.
            session.IsBroken = true;
            return;
        }

        // Every recipient was refused and the server waits for content all the same. It gets none, and what it says to that means nothing.
        EnvelopeWriter.Simple(_dialogue, "."u8);
        await _stream.FlushAsync(_timeouts.Command).ConfigureAwait(false);
        await _dialogue.ReadAsync(_timeouts.FinalReply).ConfigureAwait(false);
        session.IsClosing |= _dialogue.Code == 421;
    }

    void SpeculateEnvelope()
    {
        if (!session.Capabilities.Pipelining || session.IsClosing || source.TryTake() is not { } next)
        {
            return;
        }

        if (next.Count > EnvelopeExchange.MostInGroup)
        {
            source.PutBack(next);
            return;
        }

        envelope.WriteAhead(next);
        EnvelopeWriter.Simple(_dialogue, "DATA"u8);
    }
}
