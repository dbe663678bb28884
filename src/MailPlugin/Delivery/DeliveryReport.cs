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
        _meter = new Meter(QueueMeter.Name);
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
            _recipients.Add(1, new("transport", change.Transport ?? ""), new("state", Word(change.State)));
            Log(message, change);
            if (_events.HasHandlers && KindOf(change.State) is { } kind)
            {
                _events.Publish(new(
                    kind, message.Id, message.MessageId, message.Recipients[change.Index].Address, outcome.At, change.Transport, change.Reply,
                    message.Source.Length == 0 ? null : message.Source));
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Without the address, which servers like to repeat: erasing a recipient does not reach the log.</summary>
    void Log(ClaimedMessage message, RecipientChange change)
    {
        if (change.State is not (RecipientState.Failed or RecipientState.Expired))
        {
            return;
        }

        var reply = change.Reply?.Replace(message.Recipients[change.Index].Address, "***", StringComparison.OrdinalIgnoreCase) ?? "";
        if (change.State == RecipientState.Expired)
        {
            LogExpired(message.Id, change.Index + 1, message.Recipients.Count, reply);
        }
        else
        {
            LogFailed(message.Id, change.Index + 1, message.Recipients.Count, change.Transport ?? "", reply);
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
