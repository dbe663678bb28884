using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>A message that was handed to a session.</summary>
internal sealed record MessageInFlight(OutgoingMessage Message);

/// <summary>
/// Feeds sessions from one stream of messages. It can look at the next without handing it over, takes back what a dead session never
/// sent, and ends quietly when the stream is canceled: what was handed over still gets its outcome.
/// </summary>
internal sealed class MessageFeed(IAsyncEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken) : IAsyncDisposable
{
    readonly IAsyncEnumerator<OutgoingMessage> _source = messages.GetAsyncEnumerator(cancellationToken);
    readonly Queue<OutgoingMessage> _waiting = new();
    readonly List<(OutgoingMessage, string)> _unsayable = [];
    bool _ended;

    /// <summary>The next message; it stays. Null at the end of the stream.</summary>
    public async ValueTask<OutgoingMessage?> PeekAsync()
    {
        if (_waiting.Count == 0 && !_ended)
        {
            try
            {
                _ended = !await _source.MoveNextAsync();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                _ended = true;
            }

            if (!_ended)
            {
                _waiting.Enqueue(_source.Current);
            }
        }

        return _waiting.TryPeek(out var next) ? next : null;
    }

    /// <summary>Hands over up to <paramref name="count"/> messages.</summary>
    public async IAsyncEnumerable<SmtpTransaction> TakeAsync(int count)
    {
        for (var taken = 0; taken < count && await PeekAsync() is { } message; taken++)
        {
            _waiting.Dequeue();
            if (Transaction(message) is { } transaction)
            {
                yield return transaction;
            }
        }
    }

    public void GiveBack(MessageInFlight returned) => _waiting.Enqueue(returned.Message);

    /// <summary>What was taken from the stream and waits here; nothing more will be handed over.</summary>
    public IReadOnlyList<OutgoingMessage> TakeWaiting()
    {
        OutgoingMessage[] waiting = [.. _waiting];
        _waiting.Clear();
        return waiting;
    }

    /// <summary>What no session can be told, and why: its envelope would break a command.</summary>
    public IReadOnlyList<(OutgoingMessage Message, string Problem)> TakeUnsayable()
    {
        (OutgoingMessage, string)[] unsayable = [.. _unsayable];
        _unsayable.Clear();
        return unsayable;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    SmtpTransaction? Transaction(OutgoingMessage message)
    {
        try
        {
            return TransactionOf.Message(message);
        }
        catch (ArgumentException fault)
        {
            // One bad message: the session goes on with the others.
            _unsayable.Add((message, fault.Message));
            return null;
        }
    }
}
