using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Delivery;

/// <summary>A transport that answers as the test says, message by message, and remembers what it was given.</summary>
internal sealed class ScriptedTransport(string id) : ITransport
{
    public string Id { get; } = id;

    /// <summary>What becomes of a message; an exception is thrown by the transport itself.</summary>
    public Func<OutgoingMessage, TransportOutcome> Answer { get; set; } = Outcome.Accepted;

    /// <summary>Awaited before each answer.</summary>
    public Func<OutgoingMessage, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public ConcurrentQueue<OutgoingMessage> Sent { get; } = new();

    public int Calls;

    public int MostAtOnce;

    int _atOnce;

    public async IAsyncEnumerable<TransportOutcome> SendAsync(IAsyncEnumerable<OutgoingMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Calls);
        var now = Interlocked.Increment(ref _atOnce);
        InterlockedMax(ref MostAtOnce, now);
        try
        {
            await foreach (var message in messages.WithCancellation(CancellationToken.None))
            {
                TransportOutcome outcome;
                try
                {
                    await Before(message, cancellationToken);
                    Sent.Enqueue(message);
                    outcome = Answer(message);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    outcome = Outcome.Fault(message, TransportFaultKind.Canceled, TransportStage.Content);
                }

                yield return outcome;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) is var found && found != seen)
        {
            seen = found;
        }
    }
}

internal static class Outcome
{
    public static TransportOutcome Accepted(OutgoingMessage message) => Each(message, (_, _) => (RecipientVerdict.Accepted, TransportStage.Content, "250 2.0.0 Ok: queued"));

    public static TransportOutcome Refused(OutgoingMessage message, TransportStage stage, string reply) => Each(message, (_, _) => (RecipientVerdict.Refused, stage, reply));

    public static TransportOutcome Each(OutgoingMessage message, Func<string, int, (RecipientVerdict Verdict, TransportStage Stage, string? Reply)> say) => new(
        message,
        [.. message.Recipients.Select((address, index) =>
        {
            var (verdict, stage, reply) = say(address, index);
            return new RecipientOutcome(address, verdict, stage, reply is null ? null : Reply(reply));
        })])
    {
        Duration = TimeSpan.FromMilliseconds(3),
    };

    public static TransportOutcome Fault(OutgoingMessage message, TransportFaultKind kind, TransportStage stage, string? reply = null) => new(
        message, [.. message.Recipients.Select(address => new RecipientOutcome(address, RecipientVerdict.NotSent, stage, null))])
    {
        Fault = new(stage, kind, $"it was {kind}") { Reply = reply is null ? null : Reply(reply) },
    };

    /// <summary>Reads <c>550 5.1.1 no such user</c>.</summary>
    public static TransportReply Reply(string text)
    {
        var code = int.Parse(text[..3], System.Globalization.CultureInfo.InvariantCulture);
        var rest = text[3..].TrimStart();
        var enhanced = System.Text.RegularExpressions.Regex.Match(rest, @"^[245]\.\d{1,3}\.\d{1,3}(?= |$)") is { Success: true } match ? match.Value : null;
        return new(code, enhanced, rest);
    }
}
