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
    readonly SessionState _session;
    readonly Dialogue _dialogue;
    readonly TransactionOutcomes _outcomes;
    readonly TransactionSource _source;
    readonly TransactionsInFlight _inFlight;
    readonly EnvelopeExchange _envelope;
    readonly DataTransactions? _data;
    readonly ChunkedTransactions? _chunked;
    readonly CancellationToken _cancellationToken;

    internal TransactionPipeline(SessionState session, IAsyncEnumerable<SmtpTransaction> transactions, CancellationToken cancellationToken)
    {
        (_session, _dialogue, _cancellationToken) = (session, session.Dialogue, cancellationToken);
        _outcomes = new TransactionOutcomes(session.Time);
        _source = new TransactionSource(transactions, session, _outcomes, cancellationToken);
        _inFlight = new TransactionsInFlight(session, _source, _outcomes);
        _envelope = new EnvelopeExchange(session, _inFlight);
        if (session.Capabilities is { Pipelining: true, Chunking: true })
        {
            _chunked = new ChunkedTransactions(session, _source, _inFlight, _envelope);
        }
        else
        {
            _data = new DataTransactions(session, _source, _inFlight, _envelope);
        }
    }

    internal bool TryTakeOutcome([NotNullWhen(true)] out SmtpOutcome? outcome) => _outcomes.TryTake(out outcome);

    /// <summary>Does what can be done until an outcome is there or the source has to be waited for. False when all is done.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<bool> StepAsync()
    {
        try
        {
            if (_session.IsBroken || (_session.IsClosing && _inFlight.Count == 0))
            {
                _session.IsBroken = true;
                await _inFlight.AbandonAsync(new SessionBroken(SmtpFault.ConnectionLost, "The session ended before the message's turn.")).ConfigureAwait(false);
                return _outcomes.Count > 0;
            }

            if (_inFlight.Count == 0 && !await BeginAloneAsync().ConfigureAwait(false))
            {
                return _outcomes.Count > 0 || !_source.HasEnded;
            }

            if (_inFlight.Count > 0)
            {
                if (_chunked is not null)
                {
                    await _chunked.StepAsync().ConfigureAwait(false);
                }
                else
                {
                    await _data!.StepAsync().ConfigureAwait(false);
                }
            }
        }
        catch (SessionBroken broken)
        {
            await _inFlight.BreakAsync(broken).ConfigureAwait(false);
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
            _inFlight.Begin(part, withReset: false);
            await _dialogue.ReadAsync(_session.Relay.Timeouts.Command).ConfigureAwait(false);
            part.Take(_dialogue.Code == 421 ? _dialogue : throw new SessionBroken(SmtpFault.ProtocolViolation, "The server said what nobody asked."));
        }

        part.ByBdat = _chunked is not null;
        _inFlight.Begin(part, _session.NeedsReset);
        await _envelope.SendAloneAsync(part).ConfigureAwait(false);
        if (part.ResetRefused)
        {
            _session.IsBroken = true;
            part.Distrust();
            _inFlight.Complete();
        }
        else if (_chunked is not null)
        {
            if (part.Taken == 0 || part.MailRefused)
            {
                part.EndWithoutContent();
                _inFlight.Complete();
            }
            else
            {
                await _chunked.SendAsync(part).ConfigureAwait(false);
            }
        }

        return true;
    }
}
