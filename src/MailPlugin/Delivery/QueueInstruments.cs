using System.Diagnostics.Metrics;
using MailPlugin.Http.Binding;
using MailPlugin.Queue;
using MailPlugin.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// What waits and how the transports are, as gauges. Whoever collects them asks without waiting, so the figures are looked up beforehand, every few seconds and before <c>GET /metrics</c> answers.
/// </summary>
internal sealed partial class QueueInstruments : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>A host that starts has more urgent things to do.</summary>
    static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(1);

    readonly IStatistics _statistics;
    readonly QueueGauge _gauge;
    readonly ITransportDirectory _transports;
    readonly TransportLines _lines;
    readonly TimeProvider _clock;
    readonly ILogger<QueueInstruments> _logger;
    readonly Meter _meter = new(PluginMeter.Name);
    volatile QueueNow _now = new(new Dictionary<MessageStatus, long>(), null);

    public QueueInstruments(IStatistics statistics, QueueGauge gauge, ITransportDirectory transports, TransportLines lines, TimeProvider clock, ILogger<QueueInstruments> logger)
    {
        (_statistics, _gauge, _transports, _lines, _clock, _logger) = (statistics, gauge, transports, lines, clock, logger);
        _meter.CreateObservableGauge("mailplugin.queue.messages", Waiting, "{message}", "Messages that are not finished.");
        _meter.CreateObservableGauge("mailplugin.queue.oldest", Oldest, "s", "For how long the message that waits longest has been due.");
        _meter.CreateObservableGauge("mailplugin.transport.state", States, null, "1 for the state that a transport is in.");
        _meter.CreateObservableGauge("mailplugin.transport.sessions", Sessions, "{session}", "Sessions that are serving messages.");
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    public async Task RefreshAsync(CancellationToken cancellationToken) => _now = await _statistics.NowAsync(_clock.GetUtcNow(), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = FirstAfter; ; wait = Every)
        {
            try
            {
                await Task.Delay(wait, _clock, stoppingToken);
                await RefreshAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRead(fault.Message);
            }
        }
    }

    IEnumerable<Measurement<long>> Waiting()
    {
        var (now, sending) = (_now, _gauge.Sending);
        yield return new(Math.Max(0, now.Totals.GetValueOrDefault(MessageStatus.Queued) - sending), new KeyValuePair<string, object?>("status", "queued"));
        yield return new(sending, new KeyValuePair<string, object?>("status", "sending"));
        yield return new(now.Totals.GetValueOrDefault(MessageStatus.Deferred), new KeyValuePair<string, object?>("status", "deferred"));
    }

    double Oldest() => _now.OldestDue is { } due && _clock.GetUtcNow() - due is var waited && waited > TimeSpan.Zero ? waited.TotalSeconds : 0;

    IEnumerable<Measurement<int>> States() => _transports.InOrder.SelectMany(transport =>
    {
        var state = TransportAnswer.StateOf(transport, _lines.Get(transport.Id));
        return Enum.GetValues<TransportState>().Select(each => new Measurement<int>(each == state ? 1 : 0, new("transport", transport.Id), new("state", EnumText.Of(each))));
    });

    IEnumerable<Measurement<int>> Sessions() =>
        _transports.InOrder.Select(transport => new Measurement<int>(_lines.Get(transport.Id).Sessions, new KeyValuePair<string, object?>("transport", transport.Id)));

    [LoggerMessage(EventId = 2060, Level = LogLevel.Warning, Message = "The queue's figures cannot be read: {Reason}")]
    partial void LogNotRead(string reason);
}
