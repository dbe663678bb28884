using MailPlugin.Queue;

namespace MailPlugin.Delivery;

/// <summary>Whether delivery is paused: mail is accepted and kept, and nothing is sent.</summary>
internal sealed class DeliverySwitch(IQueueState state)
{
    const string Name = "delivery.paused";

    volatile bool _paused;

    /// <summary>Raised after a change.</summary>
    public event Action? Changed;

    public bool IsPaused => _paused;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var before = _paused;
        _paused = await state.ReadAsync(Name, cancellationToken) == "true";
        if (_paused != before)
        {
            Changed?.Invoke();
        }
    }

    public async Task SetAsync(bool paused, CancellationToken cancellationToken)
    {
        await state.WriteAsync(Name, paused ? "true" : "false", cancellationToken);
        _paused = paused;
        Changed?.Invoke();
    }
}
