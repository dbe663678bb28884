using System.Runtime.CompilerServices;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>Hands messages over on sessions that speak SMTP, one session at a time: whatever way leads to them, each message that was taken gets its one outcome here.</summary>
internal static class SessionSend
{
    /// <param name="open">Gives a session for what begins with this message, or what the message has come to.</param>
    public static async IAsyncEnumerable<TransportOutcome> RunAsync(
        IAsyncEnumerable<OutgoingMessage> messages, Func<OutgoingMessage, Task<(ISendingSession? Session, TransportOutcome? Refusal)>> open,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var feed = new MessageFeed(messages, cancellationToken);
        while (await feed.PeekAsync() is { } next)
        {
            var (session, refusal) = await open(next);
            if (session is null)
            {
                foreach (var message in feed.TakeWaiting())
                {
                    yield return refusal! with { Message = message, Recipients = OutcomeOf.NotSent(message, refusal.Fault!.Stage) };
                }

                yield break;
            }

            try
            {
                await using var outcomes = session.Smtp.SendAsync(feed.TakeAsync(session.Room), cancellationToken).GetAsyncEnumerator(CancellationToken.None);
                while (await MoveNextAsync(outcomes, cancellationToken))
                {
                    if (outcomes.Current is { MayRetryAtOnce: true, Transaction.State: MessageInFlight unsaid })
                    {
                        // Never the first on a session that was just made: this comes to an end.
                        feed.GiveBack(unsaid);
                    }
                    else
                    {
                        yield return await session.TellAsync(outcomes.Current);
                    }
                }
            }
            finally
            {
                await session.CloseAsync();
            }

            foreach (var (message, problem) in feed.TakeUnsayable())
            {
                yield return new(message, OutcomeOf.NotSent(message, TransportStage.Mail)) { Fault = new(TransportStage.Mail, TransportFaultKind.NotPrepared, problem) };
            }

            if (cancellationToken.IsCancellationRequested)
            {
                // What was taken and not handed over is told as well; the session has told of the rest.
                foreach (var message in feed.TakeWaiting())
                {
                    yield return new(message, OutcomeOf.NotSent(message, TransportStage.Mail)) { Fault = new(TransportStage.Mail, TransportFaultKind.Canceled, "Canceled before it was sent.") };
                }

                yield break;
            }
        }
    }

    /// <summary>A cancellation ends the stream: by then every transaction that was handed over has had its outcome.</summary>
    static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<SmtpOutcome> outcomes, CancellationToken cancellationToken)
    {
        try
        {
            return await outcomes.MoveNextAsync();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>A session in the hands of a send.</summary>
internal interface ISendingSession
{
    SmtpSession Smtp { get; }

    /// <summary>How many messages it may still carry; at least one.</summary>
    int Room { get; }

    /// <summary>What one message has come to.</summary>
    Task<TransportOutcome> TellAsync(SmtpOutcome outcome);

    /// <summary>The send needs it no longer.</summary>
    Task CloseAsync();
}
