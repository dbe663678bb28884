using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MailPlugin.Smtp;

/// <summary>
/// Transactions on a session, as many in flight as the server allows (RFC 2920, RFC 3030).
/// <para>
/// With PIPELINING the content of one message and the envelope of the next leave in one write. With CHUNKING too, whole messages leave
/// before the replies to the ones ahead have come, up to a window. Without PIPELINING every command waits for its reply.
/// </para>
/// <para>
/// Everything that is sent before the fate of the message ahead is known begins with RSET. A server may keep the envelope of a message
/// whose content it refused, and would then deliver the next content to it; Exim does. For the same reason the verdict on a message is the
/// reply to the end of its content, never the reply to MAIL, and a server that contradicts itself is left as soon as what is in flight
/// has been answered.
/// </para>
/// <para>
/// The first transaction when nothing is in flight sends no content before its envelope is answered: a session that idled to death says so
/// then, and the message is known not to be sent.
/// </para>
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "EndAsync disposes of the source.")]
internal sealed class TransactionPipeline
{
    /// <summary>Replies that may be due at once: more could fill the network's buffers both ways and stop both sides (RFC 2920 3.1).</summary>
    const int MostRepliesDue = 256;

    /// <summary>RCPTs that leave in one group.</summary>
    const int MostInGroup = 128;

    readonly SessionState _session;
    readonly Dialogue _dialogue;
    readonly SmtpStream _stream;
    readonly SmtpTimeouts _timeouts;
    readonly TransactionSource _source;
    readonly ContentWriter _content;
    readonly CancellationToken _cancellationToken;
    readonly Queue<TransactionPart> _inFlight = new();
    readonly Queue<SmtpOutcome> _outcomes = new();
    readonly bool _pipelines;
    readonly bool _chunks;
    int _repliesDue;

    internal TransactionPipeline(SessionState session, IAsyncEnumerable<SmtpTransaction> transactions, CancellationToken cancellationToken)
    {
        (_session, _dialogue, _stream, _timeouts) = (session, session.Dialogue, session.Dialogue.Stream, session.Relay.Timeouts);
        _cancellationToken = cancellationToken;
        _source = new TransactionSource(transactions, session, Finish, cancellationToken);
        _content = new ContentWriter(_dialogue, _timeouts);
        _pipelines = session.Capabilities.Pipelining;
        _chunks = _pipelines && session.Capabilities.Chunking;
    }

    internal bool TryTakeOutcome([NotNullWhen(true)] out SmtpOutcome? outcome) => _outcomes.TryDequeue(out outcome);

    /// <summary>Does what can be done until an outcome is there or the source has to be waited for. False when all is done.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<bool> StepAsync()
    {
        try
        {
            if (_session.IsBroken || (_session.IsClosing && _inFlight.Count == 0))
            {
                _session.IsBroken = true;
                await AbandonAsync(new SessionBroken(SmtpFault.ConnectionLost, "The session ended before the message's turn.")).ConfigureAwait(false);
                return _outcomes.Count > 0;
            }

            if (_inFlight.Count == 0 && !await BeginAloneAsync().ConfigureAwait(false))
            {
                return _outcomes.Count > 0 || !_source.HasEnded;
            }

            if (_inFlight.Count > 0)
            {
                if (_chunks)
                {
                    await StepChunkedAsync().ConfigureAwait(false);
                }
                else
                {
                    await StepDataAsync().ConfigureAwait(false);
                }
            }
        }
        catch (SessionBroken broken)
        {
            await BreakAsync(broken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Leaves a session with something in flight unusable: the caller stopped listening.</summary>
    internal async ValueTask EndAsync()
    {
        _session.IsBroken |= _inFlight.Count > 0;
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    internal void ThrowIfFailed()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _source.ThrowIfFailed();
    }

    /// <summary>The envelope of a transaction ahead of which nothing is in flight, and its replies. False when there was none to begin.</summary>
    async ValueTask<bool> BeginAloneAsync()
    {
        var part = _source.TryTake();
        if (part is null)
        {
            if (_outcomes.Count == 0)
            {
                await _source.WaitAsync(_cancellationToken).ConfigureAwait(false);
            }

            return false;
        }

        if (_dialogue.HasUnasked)
        {
            // What the server said while nobody asked is its goodbye, or it makes every further reply a wrong one.
            _inFlight.Enqueue(part);
            Start(part, withReset: false);
            await _dialogue.ReadAsync(_timeouts.Command).ConfigureAwait(false);
            part.Take(_dialogue.Code == 421 ? _dialogue : throw new SessionBroken(SmtpFault.ProtocolViolation, "The server said what nobody asked."));
        }

        _inFlight.Enqueue(part);
        part.ByBdat = _chunks;
        Start(part, _session.NeedsReset);
        await SendEnvelopeAloneAsync(part).ConfigureAwait(false);
        if (part.ResetRefused)
        {
            _session.IsBroken = true;
            part.Distrust();
            Complete();
        }
        else if (_chunks)
        {
            if (part.Taken == 0 || part.MailRefused)
            {
                part.EndWithoutContent();
                Complete();
            }
            else
            {
                await SendBdatAsync(part).ConfigureAwait(false);
            }
        }

        return true;
    }

    void Start(TransactionPart part, bool withReset)
    {
        part.SessionWasUsed = _session.WasUsed;
        _session.WasUsed = true;
        part.Start(withReset);
        _repliesDue += part.Count + 3;
    }

    async ValueTask SendEnvelopeAloneAsync(TransactionPart part)
    {
        var group = _pipelines ? MostInGroup : 1;
        if (part.BeginsWithReset)
        {
            EnvelopeWriter.Simple(_dialogue, "RSET"u8);
            await EndGroupAsync(part, PartStep.Mail, always: !_pipelines).ConfigureAwait(false);
        }

        EnvelopeWriter.Mail(_dialogue, part, _session.Capabilities);
        await EndGroupAsync(part, PartStep.Rcpt, always: !_pipelines).ConfigureAwait(false);
        for (var i = 0; i < part.Count && !part.MailRefused && !part.ResetRefused; i++)
        {
            EnvelopeWriter.Rcpt(_dialogue, part.Address(i), _session.Capabilities);
            if ((i + 1) % group == 0 && i + 1 < part.Count)
            {
                await EndGroupAsync(part, i + 1).ConfigureAwait(false);
            }
        }

        if (part.MailRefused || part.ResetRefused)
        {
            return;
        }

        if (_chunks || !_pipelines)
        {
            await EndGroupAsync(part, part.Count).ConfigureAwait(false);
            if (_chunks || part.Taken == 0 || part.MailRefused)
            {
                return;
            }
        }

        EnvelopeWriter.Simple(_dialogue, "DATA"u8);
        await _stream.FlushAsync(_timeouts.Command).ConfigureAwait(false);
        await ReadEnvelopeAsync(part).ConfigureAwait(false);
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

    /// <summary>Every reply up to the one to DATA.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    async ValueTask ReadEnvelopeAsync(TransactionPart part)
    {
        while (!part.DataAnswered)
        {
            await _dialogue.ReadAsync(_timeouts.Command).ConfigureAwait(false);
            part.Take(_dialogue);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    async ValueTask StepDataAsync()
    {
        var part = _inFlight.Peek();
        if (part.IsSpeculative)
        {
            await ReadEnvelopeAsync(part).ConfigureAwait(false);
        }

        if (part.ResetRefused)
        {
            _session.IsBroken = true;
            part.Distrust();
        }
        else if (part.MayGiveContent && part.Taken > 0 && !part.MailRefused)
        {
            part.ExpectContentReply();
            await WriteContentAsync(part).ConfigureAwait(false);
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

        Complete();
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
            _session.IsBroken = true;
            return;
        }

        // Every recipient was refused and the server waits for content all the same. It gets none, and what it says to that means nothing.
        EnvelopeWriter.Simple(_dialogue, "."u8);
        await _stream.FlushAsync(_timeouts.Command).ConfigureAwait(false);
        await _dialogue.ReadAsync(_timeouts.FinalReply).ConfigureAwait(false);
        _session.IsClosing |= _dialogue.Code == 421;
    }

    void SpeculateEnvelope()
    {
        if (!_pipelines || _session.IsClosing || _source.TryTake() is not { } next)
        {
            return;
        }

        if (next.Count > MostInGroup)
        {
            _source.PutBack(next);
            return;
        }

        WriteEnvelope(next);
        EnvelopeWriter.Simple(_dialogue, "DATA"u8);
    }

    void WriteEnvelope(TransactionPart part)
    {
        _inFlight.Enqueue(part);
        part.IsSpeculative = true;
        Start(part, withReset: true);
        EnvelopeWriter.Simple(_dialogue, "RSET"u8);
        EnvelopeWriter.Mail(_dialogue, part, _session.Capabilities);
        for (var i = 0; i < part.Count; i++)
        {
            EnvelopeWriter.Rcpt(_dialogue, part.Address(i), _session.Capabilities);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    async ValueTask StepChunkedAsync()
    {
        await FillWindowAsync().ConfigureAwait(false);
        var head = _inFlight.Peek();
        while (head.Step != PartStep.Done)
        {
            await _dialogue.ReadAsync(head.Step == PartStep.Content ? _timeouts.FinalReply : _timeouts.Command).ConfigureAwait(false);
            head.Take(_dialogue);
        }

        Complete();
        while (_inFlight.TryPeek(out var next))
        {
            while (next.Step != PartStep.Done)
            {
                if (!_dialogue.TryReadBuffered())
                {
                    return;
                }

                next.Take(_dialogue);
            }

            Complete();
        }

        // All replies came at once and nothing is in flight. The session is not idle, so the next need not begin alone: that would cost a round trip a window.
        await FillWindowAsync().ConfigureAwait(false);
    }

    /// <summary>Whole messages leave until the window is full.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    async ValueTask FillWindowAsync()
    {
        while (_inFlight.Count < _session.Relay.Window && !_session.IsClosing && _source.TryTake() is { } next)
        {
            if (next.Count > MostInGroup || _repliesDue + next.Count + 3 > MostRepliesDue
                || next.Job.Transaction.Content is StreamContent || next.Job.Transaction.Content.Length > ContentWriter.SpeculativeSize)
            {
                _source.PutBack(next);
                break;
            }

            next.ByBdat = true;
            WriteEnvelope(next);
            await SendBdatAsync(next).ConfigureAwait(false);
            if (_stream.Gathered >= SmtpStream.BlockSize)
            {
                await _stream.FlushAsync(_timeouts.ContentBlock).ConfigureAwait(false);
            }
        }

        await _stream.FlushAsync(_timeouts.ContentBlock).ConfigureAwait(false);
    }

    /// <summary>Gathers the content, whose last bytes never leave from in here; a stream is written block by block.</summary>
    async ValueTask SendBdatAsync(TransactionPart part)
    {
        try
        {
            if (part.Job.Transaction.Content is StreamContent streamed)
            {
                await _content.WriteBdatStreamAsync(streamed, last => EndBlockAsync(part, last), _cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await _content.WriteBdatAsync(part.Job.Transaction.Content).ConfigureAwait(false);
                part.EndHasLeft = true;
            }
        }
        catch (ContentRefused)
        {
            while (part.BdatRepliesAhead > 0)
            {
                await _dialogue.ReadAsync(_timeouts.Command).ConfigureAwait(false);
                part.Take(_dialogue);
            }

            part.GiveUpContent();
        }
        catch (Exception exception) when (exception is not SessionBroken)
        {
            throw ContentFailed(exception);
        }
    }

    /// <summary>A block of a stream leaves. Replies are read a few blocks behind, so that a refusal stops the stream early.</summary>
    async ValueTask EndBlockAsync(TransactionPart part, bool last)
    {
        part.EndHasLeft = last;
        await _stream.FlushAsync(_timeouts.ContentBlock).ConfigureAwait(false);
        if (last)
        {
            return;
        }

        part.BdatRepliesAhead++;
        while (part.BdatRepliesAhead > 4 || (part.BdatRepliesAhead > 0 && _dialogue.HasUnasked))
        {
            await _dialogue.ReadAsync(_timeouts.ContentBlock).ConfigureAwait(false);
            part.Take(_dialogue);
        }

        if (part.BdatRefused)
        {
            throw new ContentRefused();
        }
    }

    async ValueTask WriteContentAsync(TransactionPart part)
    {
        try
        {
            await _content.WriteDataAsync(part.Job.Transaction.Content, _cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not SessionBroken)
        {
            throw ContentFailed(exception);
        }
    }

    SessionBroken ContentFailed(Exception exception)
        => exception is OperationCanceledException && _cancellationToken.IsCancellationRequested
            ? new SessionBroken(SmtpFault.Canceled, "Canceled.", exception)
            : new SessionBroken(SmtpFault.ContentFailed, "The content could not be read.", exception);

    /// <summary>The oldest in flight has all its replies.</summary>
    void Complete()
    {
        var part = _inFlight.Dequeue();
        _repliesDue -= part.Count + 3;
        _session.NeedsReset = !part.ContentAccepted;
        if (part.ContentAccepted && (part.MailRefused || part.Taken == 0 || part.ResetRefused))
        {
            _session.IsClosing = true;
            _dialogue.Transcript.Info("The server refused the envelope and accepted the content: closing");
            SmtpTelemetry.Anomaly();
        }
        else if (part.ResetRefused)
        {
            _session.IsClosing = true;
            part.Distrust();
        }

        if (part.Overflow.Count > 0)
        {
            _session.LearnMaximum(part.Taken);
            part.Job.OpenPart();
            _source.PutBack(new TransactionPart(part.Job, 0, part.Overflow.Count, [.. part.Overflow]));
        }

        Finish(part.Job);
    }

    void Finish(TransactionJob job)
    {
        if (job.ClosePart())
        {
            var outcome = job.ToOutcome(_session.Time);
            SmtpTelemetry.Sent(outcome, job.Activity);
            _outcomes.Enqueue(outcome);
        }
    }

    async ValueTask BreakAsync(SessionBroken broken)
    {
        _session.IsBroken = true;
        _stream.Forget();
        if (broken.WhileWriting && broken.Fault == SmtpFault.ConnectionLost)
        {
            broken = await HearOutAsync(broken).ConfigureAwait(false);
        }

        _dialogue.Transcript.Info(broken.Message);
        await AbandonAsync(broken).ConfigureAwait(false);
    }

    /// <summary>A server that hung up may have said why, and may have accepted what was sent before: that is still to be read.</summary>
    async ValueTask<SessionBroken> HearOutAsync(SessionBroken broken)
    {
        try
        {
            while (_inFlight.TryPeek(out var part))
            {
                while (part.Step != PartStep.Done)
                {
                    await _dialogue.ReadAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
                    part.Take(_dialogue);
                    if (part.Step == PartStep.Data && part.DataAnswered)
                    {
                        return broken;
                    }
                }

                Complete();
            }

            return broken;
        }
        catch (SessionBroken later)
        {
            return later.Fault == SmtpFault.ServiceClosing ? later : broken;
        }
    }

    async ValueTask AbandonAsync(SessionBroken broken)
    {
        var isHead = true;
        while (_inFlight.TryDequeue(out var part))
        {
            part.Break(broken, isHead);
            isHead = false;
            Finish(part.Job);
        }

        foreach (var part in await _source.StopAsync().ConfigureAwait(false))
        {
            part.SessionWasUsed = true;
            part.Break(broken, isHead: false);
            Finish(part.Job);
        }
    }

    sealed class ContentRefused : Exception;
}
