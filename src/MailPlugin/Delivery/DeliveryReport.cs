using System.Diagnostics.Metrics;
using MailPlugin.Abstractions;
using MailPlugin.Queue;
using MailPlugin.Transports;

namespace MailPlugin.Delivery;

/// <summary>Tells the outside what delivery did: counters for those who watch, events for the host.</summary>
internal sealed class DeliveryReport : IDisposable
{
    readonly MailEvents _events;
    readonly Meter _meter;
    readonly Counter<long> _attempts;
    readonly Counter<long> _recipients;
    readonly Histogram<double> _duration;

    public DeliveryReport(MailEvents events)
    {
        _events = events;
        _meter = new Meter(PluginMeter.Name);
        _attempts = _meter.CreateCounter<long>("mailplugin.attempts", "{attempt}", "Attempts to hand a message to a transport.");
        _recipients = _meter.CreateCounter<long>("mailplugin.recipients", "{recipient}", "Outcomes of recipients.");
        _duration = _meter.CreateHistogram<double>("mailplugin.attempt.duration", "s", "How long attempts took.");
    }

    public void Attempted(string transport, TransportOutcome outcome, TransactionVerdict verdict)
    {
        var result = verdict.Accepted ? "accepted" : verdict.Trouble is not null ? "transport-failed" : "refused";
        _attempts.Add(1, new("transport", transport), new("outcome", result));
        _duration.Record(outcome.Duration.TotalSeconds, new KeyValuePair<string, object?>("transport", transport));
    }

    public void Written(ClaimedMessage message, MessageOutcome outcome, MessageStatus status)
    {
        foreach (var change in outcome.Changes)
        {
            Tell(change.State, message.Id, message.MessageId, message.Recipients[change.Index].Address, outcome.At, change.Transport, change.Reply, message.Source);
        }
    }

    /// <summary>A message whose time ran out while nobody had it.</summary>
    public void Expired(ExpiredMessage message)
    {
        foreach (var recipient in message.Recipients)
        {
            Tell(recipient.State, message.Id, message.MessageId, recipient.Address, message.At, null, recipient.Reply, message.Source);
        }
    }

    public void Dispose() => _meter.Dispose();

    void Tell(RecipientState state, string id, string messageId, string address, DateTimeOffset at, string? transport, string? reply, string source)
    {
        _recipients.Add(1, new("transport", transport ?? ""), new("state", Word(state)));
        if (_events.HasHandlers && KindOf(state) is { } kind)
        {
            _events.Publish(new(kind, id, messageId, address, at, transport, reply, source.Length == 0 ? null : source));
        }
    }

    static string Word(RecipientState state) => state.ToString().ToLowerInvariant();

    static MailEventKind? KindOf(RecipientState state) => state switch
    {
        RecipientState.Accepted => MailEventKind.Accepted,
        RecipientState.Deferred => MailEventKind.Deferred,
        RecipientState.Failed or RecipientState.Expired => MailEventKind.Failed,
        RecipientState.Suppressed => MailEventKind.Suppressed,
        _ => null,
    };
}
