using System.Runtime.CompilerServices;
using MailPlugin.Settings;

namespace MailPlugin.Transports.Capture;

/// <summary>Keeps mail where it is: in the queue, where it can be read. Who may get mail all the same, and whoever it is redirected to, is left to the next transport.</summary>
internal sealed class CaptureTransport(string id, CaptureSettings settings) : ITransport
{
    static readonly TransportReply Kept = new(0, null, "captured: kept and not sent");

    public string Id { get; } = id;

    public async IAsyncEnumerable<TransportOutcome> SendAsync(
        IAsyncEnumerable<OutgoingMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in messages.WithCancellation(cancellationToken))
        {
            yield return new(message, [.. message.Recipients.Select(Of)]) { FinalReply = Kept };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    RecipientOutcome Of(string address) =>
        settings.Allows(address) ? new(address, RecipientVerdict.PassedOn, TransportStage.Rcpt, null)
        : settings.RedirectTo is { } instead ? new(address, RecipientVerdict.PassedOn, TransportStage.Rcpt, null) { RedirectTo = instead }
        : new(address, RecipientVerdict.Captured, TransportStage.Content, Kept);
}
