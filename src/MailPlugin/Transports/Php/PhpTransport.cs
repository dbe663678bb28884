using MailPlugin.Settings;
using MailPlugin.Transports.Programs;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Transports.Php;

/// <summary>Hands each message to PHP's mail(), one call for all its recipients: they share what it says.</summary>
internal sealed class PhpTransport(string id, PhpSettings settings, ProgramRunner runner, ITranscriptSource transcripts, TimeProvider clock) : ITransport
{
    /// <summary>Without it something else than PHP ended well.</summary>
    const string Answer = "mail() returned true";

    readonly ProgramCommand _command = new(settings.Path, PhpScript.Arguments(settings, PhpScript.Mail));

    public string Id { get; } = id;

    public IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        OneByOne.SendAsync(messages, SendAsync, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<TransportOutcome> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (!PhpMessage.IsSafeSender(message.EnvelopeFrom))
        {
            var against = new TransportReply(553, "5.1.7", $"5.1.7 not handed over: mail() puts the sender into a shell's command line, where {PlainText.Clip(PlainText.Lines(message.EnvelopeFrom), 80)} is not safe");
            return new(message, [.. message.Recipients.Select(address => new RecipientOutcome(address, RecipientVerdict.Refused, TransportStage.Program, against))]);
        }

        var input = PhpMessage.Input(message);
        var transcript = new ProgramTranscript(transcripts.Begin(Id, message.Id), clock);
        transcript.Begin(_command, input);
        var result = await runner.RunAsync(_command, input, cancellationToken);
        var outcome = Of(message, result) with { TranscriptId = transcript.Id };
        await transcript.EndAsync(result, outcome.Fault, outcome.FinalReply is { Exit: > 0 and var code } ? $"exit code {code}" : "ok");
        return outcome;
    }

    TransportOutcome Of(OutgoingMessage message, ProgramResult result)
    {
        var outcome = ProgramOutcome.Of(message, _command, result, ProgramOutcome.NothingRefused);
        if (result is not { ExitCode: 0 } || outcome.Fault is not null || result.Output.Contains(Answer, StringComparison.Ordinal))
        {
            return outcome;
        }

        var fault = new TransportFault(TransportStage.Program, TransportFaultKind.ProgramUnusable, $"{settings.Path} ended well, but did not answer as PHP does");
        return outcome with { Fault = fault, FinalReply = null, Recipients = OutcomeOf.NotSent(message, TransportStage.Program) };
    }
}
