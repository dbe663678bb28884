using System.Runtime.CompilerServices;
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
    const int MessagesPerProgram = 100;

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

    public async IAsyncEnumerable<TransportOutcome> SendAsync(
        IAsyncEnumerable<OutgoingMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var feed = new MessageFeed(messages, cancellationToken);
        while (await feed.PeekAsync() is { } next)
        {
            var (session, refusal) = await SendmailSession.OpenAsync(command, _relay, next, runner, transcripts.Begin(Id, next.Id), clock, cancellationToken);
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
                await using var outcomes = session.Smtp.SendAsync(feed.TakeAsync(MessagesPerProgram), cancellationToken).GetAsyncEnumerator(CancellationToken.None);
                while (await MoveNextAsync(outcomes, cancellationToken))
                {
                    yield return await session.SentAsync(outcomes.Current);
                }
            }
            finally
            {
                await session.EndAsync();
            }

            if (cancellationToken.IsCancellationRequested)
            {
                // What was taken and not handed over is told as well.
                foreach (var message in feed.TakeWaiting())
                {
                    yield return new(message, OutcomeOf.NotSent(message, TransportStage.Mail)) { Fault = new(TransportStage.Mail, TransportFaultKind.Canceled, "Canceled before it was sent.") };
                }

                yield break;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
