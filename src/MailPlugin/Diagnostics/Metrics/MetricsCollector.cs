using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MailPlugin.Diagnostics.Metrics;

/// <summary>
/// Listens to the plugin's own meters and keeps their sums, for <c>GET /metrics</c>. A host with OpenTelemetry reads the same meters by itself;
/// this is for those without. The number of series is bounded: a label that takes ever new values cannot fill the memory.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    /// <summary>Names of the meters that count.</summary>
    public static readonly IReadOnlyCollection<string> Meters = ["MailPlugin", "MailPlugin.Smtp"];

    const int MaxSeries = 4_096;

    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<SeriesKey, Series> _series = new();

    public MetricsCollector()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All series as they are now, gauges freshly read.</summary>
    public IReadOnlyList<(SeriesKey Key, Series Series)> Read()
    {
        lock (_listener)
        {
            // What is no longer told, such as a transport that was deleted, is no longer there.
            foreach (var (key, series) in _series)
            {
                if (series is Series.Last)
                {
                    _series.TryRemove(key, out _);
                }
            }

            _listener.RecordObservableInstruments();
            return [.. _series.Select(pair => (pair.Key, pair.Value))];
        }
    }

    public void Dispose() => _listener.Dispose();

    void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = SeriesKey.Of(instrument, tags);
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            series = _series.GetOrAdd(key, _ => Series.For(instrument));
        }

        series.Add(value);
    }
}
