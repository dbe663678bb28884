using MailPlugin.Abstractions;

namespace MailPlugin.Hosting;

/// <summary>
/// What the host's container hands out as <see cref="IMailEvents"/>. Handlers may come before the plugin's store is open: they wait here
/// and are told from then on.
/// </summary>
internal sealed class EventsForHost : IMailEvents
{
    readonly Lock _gate = new();
    readonly List<Subscription> _subscriptions = [];
    IMailEvents? _source;

    public IDisposable Subscribe(Func<MailEvent, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = new Subscription(this, handler);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
            subscription.Follow(_source);
        }

        return subscription;
    }

    /// <summary>The plugin's own events are there from now on.</summary>
    public void Attach(IMailEvents source)
    {
        lock (_gate)
        {
            _source = source;
            _subscriptions.ForEach(subscription => subscription.Follow(source));
        }
    }

    void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
            subscription.Follow(null);
        }
    }

    sealed class Subscription(EventsForHost owner, Func<MailEvent, CancellationToken, ValueTask> handler) : IDisposable
    {
        IDisposable? _inner;

        public void Follow(IMailEvents? source)
        {
            _inner?.Dispose();
            _inner = source?.Subscribe(handler);
        }

        public void Dispose() => owner.Remove(this);
    }
}
