using System.Diagnostics.Metrics;
using MailPlugin.Abstractions;
using MailPlugin.Queue;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>Tells the outside what delivery did: counters for those who watch, events for the host, and in the log what will never arrive.</summary>
internal sealed partial class DeliveryReport : IDisposable
{
    readonly ILogger<DeliveryReport> _logger;
    readonly MailEvents _events;
    readonly Meter _meter;
    readonly Counter<long> _attempts;
    readonly Counter<long> _recipients;
    readonly Histogram<double> _duration;

    public DeliveryReport(MailEvents events, ILogger<DeliveryReport> logger)
    {
        (_events, _logger) = (events, logger);
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
            var address = message.Recipients[change.Index].Address;
            Tell(change.State, message.Id, message.MessageId, address, outcome.At, change.Transport, change.Reply, message.Source);
            Log(change.State, message.Id, change.Index + 1, message.Recipients.Count, change.Transport, change.Reply, address);
        }
    }

    /// <summary>A message whose time ran out while nobody had it.</summary>
    public void Expired(ExpiredMessage message)
    {
        foreach (var (place, recipient) in message.Recipients)
        {
            Tell(recipient.State, message.Id, message.MessageId, recipient.Address, message.At, null, recipient.Reply, message.Source);
            Log(recipient.State, message.Id, place + 1, message.Count, null, recipient.Reply, recipient.Address);
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

    /// <summary>Without the address, which servers like to repeat: erasing a recipient does not reach the log.</summary>
    void Log(RecipientState state, string id, int number, int count, string? transport, string? reply, string address)
    {
        if (state is not (RecipientState.Failed or RecipientState.Expired))
        {
            return;
        }

        var words = reply?.Replace(address, "***", StringComparison.OrdinalIgnoreCase) ?? "";
        if (state == RecipientState.Expired)
        {
            LogExpired(id, number, count, words);
        }
        else
        {
            LogFailed(id, number, count, transport ?? "", words);
        }
    }

    [LoggerMessage(EventId = 2042, Level = LogLevel.Warning, Message = "Message {MessageId} failed for recipient {Number} of {Count} by {Transport}: {Reply}")]
    partial void LogFailed(string messageId, int number, int count, string transport, string reply);

    [LoggerMessage(EventId = 2043, Level = LogLevel.Warning, Message = "Message {MessageId} ran out of time for recipient {Number} of {Count}: {Reply}")]
    partial void LogExpired(string messageId, int number, int count, string reply);

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
