using System.Runtime.CompilerServices;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Transports.Programs;

/// <summary>A stream of messages for ways out that take one at a time, each before the next is asked for.</summary>
internal static class OneByOne
{
    public static async IAsyncEnumerable<TransportOutcome> SendAsync(
        IAsyncEnumerable<OutgoingMessage> messages, Func<OutgoingMessage, CancellationToken, Task<TransportOutcome>> send, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var feed = new MessageFeed(messages, cancellationToken);
        while (await feed.PeekAsync() is not null)
        {
            foreach (var message in feed.TakeWaiting())
            {
                yield return await send(message, cancellationToken);
            }
        }
    }
}
