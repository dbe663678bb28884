using MailPlugin.Http.Binding;
using MailPlugin.Smtp;
using MailPlugin.Transports.Programs;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Transports.Sendmail;

/// <summary>A session with a program: SMTP on its standard input and output, and what it complains of beside.</summary>
internal sealed class SendmailSession : ISendingSession
{
    const int MessagesPerProgram = 100;

    readonly ProgramCommand _command;
    readonly ProgramConversation _conversation;
    readonly ProgramTranscript _lines;
    readonly RelaySession _session;
    TransportFault? _fault;

    SendmailSession(ProgramCommand command, ProgramConversation conversation, ProgramTranscript lines, RelaySession session) =>
        (_command, _conversation, _lines, _session) = (command, conversation, lines, session);

    public SmtpSession Smtp => _session.Session;

    public int Room => MessagesPerProgram;

    /// <summary>Starts the program and greets: the session, or what every message that was to go on it has come to.</summary>
    public static async Task<(SendmailSession? Session, TransportOutcome? Refusal)> OpenAsync(
        ProgramCommand command, SmtpRelay relay, OutgoingMessage first, ProgramRunner runner, ITransportTranscript? transcript, TimeProvider clock, CancellationToken cancellationToken)
    {
        var lines = new ProgramTranscript(transcript, clock);
        lines.Say($"Running {command}");
        var (conversation, trouble) = await runner.ConverseAsync(command, cancellationToken);
        if (conversation is null)
        {
            var outcome = ProgramOutcome.Of(first, command, trouble!, ProgramOutcome.NothingRefused) with { TranscriptId = lines.Id };
            await lines.EndAsync(trouble!, outcome.Fault, "");
            return (null, outcome);
        }

        try
        {
            return (new(command, conversation, lines, new(await SmtpSession.ConnectAsync(relay, conversation.Connection, transcript, clock, cancellationToken), transcript)), null);
        }
        catch (Exception fault) when (fault is SmtpException or OperationCanceledException)
        {
            var told = fault is SmtpException refused
                ? FaultOf.Exception(refused)
                : new TransportFault(TransportStage.Program, TransportFaultKind.Canceled, "Canceled before the program had greeted.");
            await using (conversation)
            {
                var end = await conversation.EndAsync();
                var outcome = Explain(new(first, []) { Fault = told, FinalReply = told.Reply, TranscriptId = lines.Id, Duration = end.Duration }, command, end);
                await lines.EndAsync(end, outcome.Fault, "");
                return (null, outcome);
            }
        }
    }

    /// <summary>One message's outcome. Where the session broke, the program's end says why: it has come by then.</summary>
    public async Task<TransportOutcome> TellAsync(SmtpOutcome sent)
    {
        _session.Outcome = EnumText.Of(sent.Verdict);
        var outcome = OutcomeOf.Sent(sent, _session);
        if (outcome.Fault is null)
        {
            return outcome;
        }

        outcome = Explain(outcome, _command, await _conversation.EndAsync());
        _fault = outcome.Fault;
        return outcome;
    }

    /// <summary>Says goodbye and waits for the program's end.</summary>
    public async Task CloseAsync()
    {
        await _session.EndAsync();
        await using (_conversation)
        {
            await _lines.EndAsync(await _conversation.EndAsync(), _fault, _session.Outcome);
        }
    }

    /// <summary>A refusal is the mail system's own word and stays. A session that breaks is a program that failed.</summary>
    static TransportOutcome Explain(TransportOutcome outcome, ProgramCommand command, ProgramResult end)
    {
        var report = ProgramReport.Of(command, end) with { MayHaveIt = outcome.Recipients.Any(recipient => recipient.Verdict == RecipientVerdict.Uncertain) };
        return outcome.Fault is { Kind: TransportFaultKind.ConnectionLost or TransportFaultKind.Timeout or TransportFaultKind.ProtocolViolation } fault
            ? outcome with { Fault = new(TransportStage.Program, TransportFaultKind.ProgramFailed, ProgramOutcome.DescribeBreak(command.Path, fault.Detail, end)), Program = report }
            : outcome with { Program = report };
    }
}
