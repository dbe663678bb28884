using MailPlugin.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Transports;

/// <summary>
/// Keeps one transport for each of the settings and makes it anew when its settings change. A transport that was replaced is disposed when
/// its last loan is back: who is in the middle of a message finishes it by the old settings.
/// </summary>
internal sealed partial class TransportDirectory : ITransportDirectory, IHostedService, IAsyncDisposable
{
    readonly ISettingsSource _settings;
    readonly TransportFactory _factory;
    readonly ITranscriptSource _transcripts;
    readonly ILogger _logger;
    readonly Lock _gate = new();
    Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    IReadOnlyList<TransportSettings> _order = [];

    public TransportDirectory(ISettingsSource settings, TransportFactory factory, ITranscriptSource transcripts, ILogger<TransportDirectory> logger)
    {
        (_settings, _factory, _transcripts, _logger) = (settings, factory, transcripts, logger);
        _settings.Changed += OnSettingsChanged;
    }

    public event Action<IReadOnlyCollection<string>>? Changed;

    public IReadOnlyList<TransportSettings> InOrder => Volatile.Read(ref _order);

    public TransportLoan? Borrow(string id)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(id, out var entry))
            {
                return null;
            }

            entry.Loans++;
            return new(entry.Settings, entry.Transport, () => GiveBack(entry), entry.Replaced.Token);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Adopt();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _settings.Changed -= OnSettingsChanged;
        Dictionary<string, Entry> entries;
        lock (_gate)
        {
            (entries, _entries) = (_entries, new(StringComparer.Ordinal));
        }

        foreach (var entry in entries.Values)
        {
            await entry.Transport.DisposeAsync();
        }
    }

    void OnSettingsChanged(VersionedSettings settings) => Adopt();

    /// <summary>What is in force now: two changes may be told in the other order.</summary>
    void Adopt()
    {
        var changed = new List<string>();
        lock (_gate)
        {
            var transports = _settings.Current.Settings.Transports;
            var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
            foreach (var transport in transports)
            {
                if (_entries.Remove(transport.Id, out var kept) && kept.Settings == transport)
                {
                    entries[transport.Id] = kept;
                    continue;
                }

                if (kept is not null)
                {
                    Retire(kept);
                }

                entries[transport.Id] = new(transport, _factory.Create(transport, _transcripts));
                changed.Add(transport.Id);
            }

            foreach (var gone in _entries.Values)
            {
                Retire(gone);
            }

            _entries = entries;
            Volatile.Write(ref _order, transports);
        }

        Changed?.Invoke(changed);
    }

    void GiveBack(Entry entry)
    {
        lock (_gate)
        {
            entry.Loans--;
            if (!entry.Replaced.IsCancellationRequested || entry.Loans > 0)
            {
                return;
            }
        }

        _ = DisposeAsync(entry);
    }

    void Retire(Entry entry)
    {
        // Who waits for it wakes up elsewhere, not under this lock.
        _ = entry.Replaced.CancelAsync();
        if (entry.Loans == 0)
        {
            _ = DisposeAsync(entry);
        }
    }

    async Task DisposeAsync(Entry entry)
    {
        try
        {
            await entry.Transport.DisposeAsync();
        }
        catch (Exception fault)
        {
            LogNotDisposed(entry.Settings.Id, fault);
        }
    }

    [LoggerMessage(EventId = 1310, Level = LogLevel.Warning, Message = "The former transport {Id} could not be closed in order")]
    partial void LogNotDisposed(string id, Exception fault);

    sealed class Entry(TransportSettings settings, ITransport transport)
    {
        public TransportSettings Settings { get; } = settings;

        public ITransport Transport { get; } = transport;

        /// <summary>It has no timer and outlives nobody: there is nothing to dispose of.</summary>
        public CancellationTokenSource Replaced { get; } = new();

        public int Loans { get; set; }
    }
}
