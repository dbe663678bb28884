using MailPlugin.Settings;

namespace MailPlugin.Transports;

/// <summary>The transports of the settings in force.</summary>
internal interface ITransportDirectory
{
    /// <summary>All of them in the settings' order, those that are switched off included.</summary>
    IReadOnlyList<TransportSettings> InOrder { get; }

    /// <summary>
    /// A transport for use until the loan is given back; null when the settings have none with this id. One that the settings took away or changed lives on until its
    /// last loan is back, so that whoever sends never finds it disposed.
    /// </summary>
    TransportLoan? Borrow(string id);

    /// <summary>Raised after the transports of new settings are in place, with the ids of those that are new or not as they were. Handlers return at once.</summary>
    event Action<IReadOnlyCollection<string>>? Changed;
}

/// <summary>A transport in use.</summary>
/// <param name="settings">Those it was made by.</param>
/// <param name="transport">What was lent.</param>
/// <param name="giveBack">Called once.</param>
/// <param name="replaced">See <see cref="Replaced"/>.</param>
internal sealed class TransportLoan(TransportSettings settings, ITransport transport, Action giveBack, CancellationToken replaced = default) : IDisposable
{
    Action? _giveBack = giveBack;

    public TransportSettings Settings { get; } = settings;

    public ITransport Transport { get; } = transport;

    /// <summary>Canceled when the settings have changed: what is under way is finished, the next message goes by a new loan.</summary>
    public CancellationToken Replaced { get; } = replaced;

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
