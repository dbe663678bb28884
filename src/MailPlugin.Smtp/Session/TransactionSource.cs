using System.Runtime.ExceptionServices;

namespace MailPlugin.Smtp;

/// <summary>
/// The caller's transactions, cut into parts, taken without waiting as long as something is in flight. A transaction that the server can
/// be known not to take is answered here.
/// </summary>
internal sealed class TransactionSource(
    IAsyncEnumerable<SmtpTransaction> transactions, SessionState session, TransactionOutcomes outcomes, CancellationToken cancellationToken) : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    readonly LinkedList<TransactionPart> _waiting = [];
    IAsyncEnumerator<SmtpTransaction>? _source;
    Task<bool>? _moving;
    ExceptionDispatchInfo? _failure;

    internal bool HasEnded { get; private set; }

    /// <summary>A part that can be begun now; null while the source has none.</summary>
    internal TransactionPart? TryTake()
    {
        while (_waiting.Count == 0)
        {
            if (HasEnded || !TryMove())
            {
                return null;
            }
        }

        var part = _waiting.First!.Value;
        _waiting.RemoveFirst();
        return part;
    }

    internal void PutBack(TransactionPart part) => _waiting.AddFirst(part);

    /// <summary>Waits until <see cref="TryTake"/> has something new to say.</summary>
    internal async ValueTask WaitAsync(CancellationToken canceled)
    {
        if (_moving is Task move)
        {
            await move.WaitAsync(canceled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (canceled.IsCancellationRequested)
            {
                // The source is being told too, maybe by the very thread that has come here: it must get away from here to do so.
                await move.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>What was taken and not begun; a move that is under way is called off, and what it brings all the same comes too.</summary>
    internal async ValueTask<IReadOnlyCollection<TransactionPart>> StopAsync()
    {
        if (_moving is not null)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await ((Task)_moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_moving.IsCompletedSuccessfully && _moving.Result)
            {
                Accept(_source!.Current);
            }

            _moving = null;
        }

        HasEnded = true;
        var left = _waiting.ToArray();
        _waiting.Clear();
        return left;
    }

    internal void ThrowIfFailed() => _failure?.Throw();

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (_source is not null)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    bool TryMove()
    {
        bool moved;
        try
        {
            if (_moving is null)
            {
                _source ??= transactions.GetAsyncEnumerator(_stop.Token);
                var move = _source.MoveNextAsync();
                if (!move.IsCompleted)
                {
                    _moving = move.AsTask();
                    return false;
                }

                moved = move.GetAwaiter().GetResult();
            }
            else if (!_moving.IsCompleted)
            {
                return false;
            }
            else
            {
                var done = _moving;
                _moving = null;
                moved = done.GetAwaiter().GetResult();
            }
        }
        catch (Exception exception)
        {
            // What is in flight is finished first; then the caller hears of it.
            _failure = ExceptionDispatchInfo.Capture(exception);
            HasEnded = true;
            return false;
        }

        if (moved)
        {
            Accept(_source!.Current);
        }
        else
        {
            HasEnded = true;
        }

        return moved;
    }

    void Accept(SmtpTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var job = new TransactionJob(transaction, session.Time) { Activity = SmtpTelemetry.StartSend(session.Relay) };
        if (Objection(job) is var (fault, detail))
        {
            job.OpenPart();
            job.Fail(fault, detail, null);
            job.Note(SmtpStage.Mail, null, mayRetry: false);
            outcomes.ClosePart(job);
            return;
        }

        var total = transaction.Recipients.Count;
        for (var first = 0; first < total; first += session.MaxRecipients)
        {
            job.OpenPart();
            _waiting.AddLast(new TransactionPart(job, first, Math.Min(session.MaxRecipients, total - first)));
        }
    }

    (SmtpFault, string)? Objection(TransactionJob job)
    {
        var capabilities = session.Capabilities;
        return job.NeedsUtf8 && !capabilities.SmtpUtf8 ? (SmtpFault.SmtpUtf8NotOffered, "The relay does not offer SMTPUTF8, and an address or header needs it.")
            : job.Transaction.IsEightBit && !capabilities.EightBitMime ? (SmtpFault.EightBitNotOffered, "The relay does not offer 8BITMIME, and the content needs it.")
            : job.Transaction.Content.Length > capabilities.MaximumSize ? (SmtpFault.MessageTooLarge, $"The relay takes messages of at most {capabilities.MaximumSize} bytes.")
            : null;
    }
}
