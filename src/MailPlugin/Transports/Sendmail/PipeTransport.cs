using MailPlugin.Transports.Programs;

namespace MailPlugin.Transports.Sendmail;

/// <summary>Hands each message to a run of its own of a program that reads it from its standard input and has sender and recipients as arguments.</summary>
/// <param name="command">The command line for a sender and recipients.</param>
internal sealed class PipeTransport(
    string id, Func<string, IReadOnlyList<string>, ProgramCommand> command, ProgramRunner runner, ITranscriptSource transcripts, TimeProvider clock) : ITransport
{
    public string Id { get; } = id;

    public IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        OneByOne.SendAsync(messages, SendAsync, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<TransportOutcome> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var refused = Refused(message);
        var recipients = message.Recipients.Where(address => !refused.ContainsKey(address)).ToList();
        if (recipients.Count == 0)
        {
            return new(message, [.. message.Recipients.Select(address => new RecipientOutcome(address, RecipientVerdict.Refused, TransportStage.Program, refused[address]))]);
        }

        var call = command(message.EnvelopeFrom, recipients);
        var content = PipeContent.Of(message);
        var transcript = new ProgramTranscript(transcripts.Begin(Id, message.Id), clock);
        transcript.Begin(call, content);
        var result = await runner.RunAsync(call, content, cancellationToken);
        var outcome = ProgramOutcome.Of(message, call, result, refused) with { TranscriptId = transcript.Id };
        await transcript.EndAsync(result, outcome.Fault, outcome.FinalReply is { Exit: > 0 and var code } ? $"exit code {code}" : "ok");
        return outcome;
    }

    static Dictionary<string, TransportReply> Refused(OutgoingMessage message)
    {
        var refused = new Dictionary<string, TransportReply>(StringComparer.Ordinal);
        var sender = ProgramAddress.Refuse(message.EnvelopeFrom, isSender: true);
        foreach (var address in message.Recipients)
        {
            if ((sender ?? ProgramAddress.Refuse(address, isSender: false)) is { } against)
            {
                refused[address] = against;
            }
        }

        return refused;
    }
}
