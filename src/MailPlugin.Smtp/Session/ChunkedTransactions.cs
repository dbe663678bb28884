using System.Runtime.CompilerServices;

namespace MailPlugin.Smtp;

/// <summary>Content by BDAT (RFC 3030): whole messages leave, one behind the other, before the replies to the ones ahead have come, up to a window.</summary>
internal sealed class ChunkedTransactions(SessionState session, TransactionSource source, TransactionsInFlight inFlight, EnvelopeExchange envelope)
{
    readonly Dialogue _dialogue = session.Dialogue;
    readonly SmtpStream _stream = session.Dialogue.Stream;
    readonly SmtpTimeouts _timeouts = session.Relay.Timeouts;
    readonly ContentWriter _content = new(session.Dialogue, session.Relay.Timeouts);

    /// <summary>Fills the window, brings the oldest to its end, and takes what else was answered with it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask StepAsync()
    {
        await FillWindowAsync().ConfigureAwait(false);
        var head = inFlight.Head;
        while (head.Step != PartStep.Done)
        {
            await _dialogue.ReadAsync(head.Step == PartStep.Content ? _timeouts.FinalReply : _timeouts.Command).ConfigureAwait(false);
            head.Take(_dialogue);
        }

        inFlight.Complete();
        while (inFlight.TryGetHead(out var next))
        {
            while (next.Step != PartStep.Done)
            {
                if (!_dialogue.TryReadBuffered())
                {
                    return;
                }

                next.Take(_dialogue);
            }

            inFlight.Complete();
        }

        // All replies came at once and nothing is in flight. The session is not idle, so the next need not begin alone: that would cost a round trip a window.
        await FillWindowAsync().ConfigureAwait(false);
    }

    /// <summary>Gathers the content, whose last bytes never leave from in here.</summary>
    internal async ValueTask SendAsync(TransactionPart part)
    {
        await _content.WriteBdatAsync(part.Job.Transaction.Content).ConfigureAwait(false);
        part.EndHasLeft = true;
    }

    /// <summary>Whole messages leave until the window is full.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    async ValueTask FillWindowAsync()
    {
        while (inFlight.Count < session.Relay.Window && !session.IsClosing && source.TryTake() is { } next)
        {
            if (next.Count > EnvelopeExchange.MostInGroup || !inFlight.HasRoomFor(next) || next.Job.Transaction.Content.Length > ContentWriter.SpeculativeSize)
            {
                source.PutBack(next);
                break;
            }

            next.ByBdat = true;
            envelope.WriteAhead(next);
            await SendAsync(next).ConfigureAwait(false);
            if (_stream.Gathered >= SmtpStream.BlockSize)
            {
                await _stream.FlushAsync(_timeouts.ContentBlock).ConfigureAwait(false);
            }
        }

        await _stream.FlushAsync(_timeouts.ContentBlock).ConfigureAwait(false);
    }
}
