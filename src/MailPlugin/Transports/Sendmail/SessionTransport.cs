using MailPlugin.Smtp;
using MailPlugin.Transports.Programs;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Transports.Sendmail;

/// <summary>
/// Speaks SMTP with <c>sendmail -bs</c>: each recipient has an answer of its own, a message that is cut off is never taken for a whole one, no address is an argument, and
/// one program serves many messages.
/// </summary>
internal sealed class SessionTransport(string id, ProgramCommand command, ProgramRunner runner, ITranscriptSource transcripts, TimeProvider clock) : ITransport
{
    readonly SmtpRelay _relay = RelayFor(command);

    public string Id { get; } = id;

    /// <summary>How a program is spoken with.</summary>
    public static SmtpRelay RelayFor(ProgramCommand command) => new()
    {
        Host = "localhost",
        Security = SmtpSecurity.None,
        Auth = SmtpAuth.None,
        Timeouts = new() { Greeting = command.Timeout, Command = command.Timeout, ContentBlock = command.Timeout, FinalReply = command.Timeout },
    };

    public IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        SessionSend.RunAsync(messages, next => OpenAsync(next, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<(ISendingSession? Session, TransportOutcome? Refusal)> OpenAsync(OutgoingMessage first, CancellationToken cancellationToken) =>
        await SendmailSession.OpenAsync(command, _relay, first, runner, transcripts.Begin(Id, first.Id), clock, cancellationToken);
}
