using System.Runtime.CompilerServices;

namespace MailPlugin.Transports;

/// <summary>Stands where the host's outbound policy rules a transport out as a whole: every message comes back with the reason.</summary>
internal sealed class ForbiddenTransport(string id, string reason) : ITransport
{
    readonly TransportFault _fault = new(TransportStage.Connect, TransportFaultKind.DestinationNotAllowed, reason);

    public string Id { get; } = id;

    public async IAsyncEnumerable<TransportOutcome> SendAsync(
        IAsyncEnumerable<OutgoingMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in messages.WithCancellation(cancellationToken))
        {
            yield return new(message, [.. message.Recipients.Select(address => new RecipientOutcome(address, RecipientVerdict.NotSent, _fault.Stage, null))]) { Fault = _fault };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
