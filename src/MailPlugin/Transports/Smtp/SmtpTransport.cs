using System.Runtime.CompilerServices;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>
/// Hands messages to one relay. Sessions are kept for a while after use and taken up again; one whose transcript is wanted is made
/// anew, so that the transcript begins with the greeting.
/// </summary>
internal sealed class SmtpTransport(string id, RelayConnector connector, int messagesPerSession, ITranscriptSource transcripts, TimeProvider clock) : ITransport
{
    readonly SessionShelf _shelf = new(clock);

    public string Id { get; } = id;

    public async IAsyncEnumerable<TransportOutcome> SendAsync(
        IAsyncEnumerable<OutgoingMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var feed = new MessageFeed(messages, cancellationToken);
        while (await feed.PeekAsync() is { } next)
        {
            var (session, refusal) = await OpenAsync(next, cancellationToken);
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
                await using var outcomes = session.Session.SendAsync(feed.TakeAsync(messagesPerSession - session.Sent), cancellationToken).GetAsyncEnumerator(CancellationToken.None);
                while (await MoveNextAsync(outcomes, cancellationToken))
                {
                    var outcome = outcomes.Current;
                    session.Sent++;
                    if (outcome.MayRetryAtOnce && !session.IsNew)
                    {
                        feed.GiveBack((MessageInFlight)outcome.Transaction.State!);
                        continue;
                    }

                    session.Outcome = outcome.Fault is { } fault ? EnumText.Of(fault) : EnumText.Of(outcome.Verdict);
                    yield return OutcomeOf.Sent(outcome, session);
                }
            }
            finally
            {
                await CloseAsync(session);
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

    public ValueTask DisposeAsync() => _shelf.DisposeAsync();

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

    async Task<(RelaySession? Session, TransportOutcome? Refusal)> OpenAsync(OutgoingMessage first, CancellationToken cancellationToken)
    {
        var transcript = transcripts.Begin(Id, first.Id);
        if (transcript is null && _shelf.Take() is { } kept)
        {
            return (kept, null);
        }

        var begun = clock.GetTimestamp();
        try
        {
            var session = await connector.ConnectAsync(transcript, cancellationToken);
            return (new(session, transcript), null);
        }
        catch (Exception fault) when (fault is SmtpException or AccessTokenException or OperationCanceledException)
        {
            var told = fault is SmtpException refused ? FaultOf.Exception(refused)
                : fault is AccessTokenException token ? token.Fault
                : new TransportFault(TransportStage.Connect, TransportFaultKind.Canceled, "Canceled before a session was made.");
            await (transcript?.CompleteAsync($"{EnumText.Of(told.Stage)}: {EnumText.Of(told.Kind)}") ?? Task.CompletedTask);
            return (null, new(first, []) { Fault = told, FinalReply = told.Reply, Duration = clock.GetElapsedTime(begun), TranscriptId = transcript?.Id });
        }
    }

    async Task CloseAsync(RelaySession session)
    {
        session.IsNew = false;
        if (session.Transcript is null && session.Session.IsUsable && session.Sent < messagesPerSession)
        {
            _shelf.Put(session);
            return;
        }

        await session.EndAsync();
        await (session.Transcript?.CompleteAsync(session.Outcome) ?? Task.CompletedTask);
    }
}
