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

    int MessagesPerSession { get; } = messagesPerSession;

    public IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        SessionSend.RunAsync(messages, next => OpenAsync(next, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => _shelf.DisposeAsync();

    async Task<(ISendingSession? Session, TransportOutcome? Refusal)> OpenAsync(OutgoingMessage first, CancellationToken cancellationToken)
    {
        var transcript = transcripts.Begin(Id, first.Id);
        if (transcript is null && _shelf.Take() is { } kept)
        {
            return (new Sending(this, kept), null);
        }

        var begun = clock.GetTimestamp();
        try
        {
            var session = await connector.ConnectAsync(transcript, cancellationToken);
            return (new Sending(this, new(session, transcript)), null);
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
        if (session.Transcript is null && session.Session.IsUsable && session.Sent < MessagesPerSession)
        {
            _shelf.Put(session);
            return;
        }

        await session.EndAsync();
        await (session.Transcript?.CompleteAsync(session.Outcome) ?? Task.CompletedTask);
    }

    sealed class Sending(SmtpTransport transport, RelaySession session) : ISendingSession
    {
        public SmtpSession Smtp => session.Session;

        public int Room => transport.MessagesPerSession - session.Sent;

        public Task<TransportOutcome> TellAsync(SmtpOutcome outcome)
        {
            session.Sent++;
            session.Outcome = outcome.Fault is { } fault ? EnumText.Of(fault) : EnumText.Of(outcome.Verdict);
            return Task.FromResult(OutcomeOf.Sent(outcome, session));
        }

        public Task CloseAsync() => transport.CloseAsync(session);
    }
}
