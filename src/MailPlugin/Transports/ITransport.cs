namespace MailPlugin.Transports;

/// <summary>
/// A way out. It takes a stream of messages and gives a stream of outcomes, so that a mode may keep several messages in flight;
/// a single send is a batch of one.
/// </summary>
/// <remarks>
/// Exactly one outcome for each message that was taken from the stream, in any order, whatever happens: a relay that refuses, a
/// line that breaks and a cancellation are outcomes, not exceptions. One call uses one session; calls may run side by side.
/// </remarks>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>Id of the settings it was made from.</summary>
    string Id { get; }

    IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken);
}
