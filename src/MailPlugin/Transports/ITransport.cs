namespace MailPlugin.Transports;

/// <summary>
/// A way out. It takes a stream of messages and gives a stream of outcomes, so that a mode may keep several messages in flight;
/// a single send is a batch of one.
/// </summary>
/// <remarks>
/// Exactly one outcome for each message that was taken from the stream, in any order: a relay that refuses, a line that breaks, an envelope that cannot be said and a cancellation are
/// outcomes, not exceptions. What is thrown is a fault of the transport or of the stream; whoever calls it owes an outcome to what it has taken by then. One call uses one session at a time;
/// calls may run side by side.
/// </remarks>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>Id of the settings it was made from.</summary>
    string Id { get; }

    IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken);
}
