using MailPlugin.Settings;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Delivery;

/// <summary>Settings and their transports, both in memory; changed by the test.</summary>
internal sealed class FakeSettings : ISettingsSource, ITransportDirectory
{
    readonly Dictionary<string, ScriptedTransport> _transports = [];
    CancellationTokenSource _replaced = new();

    public VersionedSettings Current { get; private set; } = new(1, null, null, MailSettings.Empty);

    public event Action<VersionedSettings>? Changed;

    event Action<IReadOnlyCollection<string>>? TransportsChanged;

    event Action<IReadOnlyCollection<string>>? ITransportDirectory.Changed
    {
        add => TransportsChanged += value;
        remove => TransportsChanged -= value;
    }

    public IReadOnlyList<TransportSettings> InOrder => Current.Settings.Transports;

    public ScriptedTransport Add(string id, int maxSessions = 4, int maxRecipients = 100, int? ratePerMinute = null, TransportMode mode = TransportMode.Smtp)
    {
        var smtp = new SmtpSettings { Host = "mx.example", MaxSessions = maxSessions, MaxRecipients = maxRecipients, RatePerMinute = ratePerMinute };
        var transport = new ScriptedTransport(id);
        _transports[id] = transport;
        Change(settings => settings with
        {
            Transports =
            [
                .. settings.Transports,
                new() { Id = id, Name = id, Mode = mode, Smtp = mode == TransportMode.Smtp ? smtp : null },
            ],
        });
        return transport;
    }

    public void Change(Func<MailSettings, MailSettings> change, params string[] changedTransports)
    {
        Current = Current with { Version = Current.Version + 1, Settings = change(Current.Settings) };
        Changed?.Invoke(Current);
        TransportsChanged?.Invoke(changedTransports);
    }

    /// <summary>What has borrowed a transport is told that its settings are others now.</summary>
    public void Replace() => Interlocked.Exchange(ref _replaced, new()).Cancel();

    public TransportLoan? Borrow(string id) =>
        Current.Settings.Transport(id) is { } settings && _transports.TryGetValue(id, out var transport) ? new(settings, transport, () => { }, _replaced.Token) : null;
}
