using System.Threading.Channels;
using MailPlugin.Abstractions;

namespace MailPlugin.Queue;

/// <summary>Hands events to the host's handlers, off the sending path. When handlers cannot keep up the oldest events go: the queue is the truth.</summary>
internal sealed class MailEvents : IMailEvents, IAsyncDisposable
{
    const int MaxWaiting = 10_000;

    /// <summary>What a handler gets that does not heed the stop.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Action<MailEvent, Exception?> _trouble;
    readonly Channel<MailEvent> _waiting;
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _lock = new();
    readonly Task _loop;
    Subscription[] _handlers = [];

    /// <param name="trouble">Hears of handlers that failed (with their exception) and of events that were dropped (without).</param>
    public MailEvents(Action<MailEvent, Exception?> trouble)
    {
        _trouble = trouble;
        _waiting = Channel.CreateBounded<MailEvent>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => _trouble(dropped, null));
        _loop = Task.Run(RunAsync);
    }

    public bool HasHandlers => Volatile.Read(ref _handlers).Length > 0;

    public IDisposable Subscribe(Func<MailEvent, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = new Subscription(this, handler);
        lock (_lock)
        {
            _handlers = [.. _handlers, subscription];
        }

        return subscription;
    }

    public void Publish(MailEvent what) => _waiting.Writer.TryWrite(what);

    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete())
        {
            return;
        }

        await _stopping.CancelAsync();
        if (await Task.WhenAny(_loop, Task.Delay(Patience)) == _loop)
        {
            _stopping.Dispose();
        }
    }

    async Task RunAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // What still waits when the host stops goes: nobody can say how long handlers would take over it.
            if (_stopping.IsCancellationRequested || !_waiting.Reader.TryRead(out var what))
            {
                return;
            }

            foreach (var subscription in Volatile.Read(ref _handlers))
            {
                try
                {
                    await subscription.Handler(what, _stopping.Token);
                }
                catch (Exception fault)
                {
                    _trouble(what, fault);
                }
            }
        }
    }

    void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            _handlers = [.. _handlers.Where(handler => handler != subscription)];
        }
    }

    sealed class Subscription(MailEvents events, Func<MailEvent, CancellationToken, ValueTask> handler) : IDisposable
    {
        public Func<MailEvent, CancellationToken, ValueTask> Handler { get; } = handler;

        public void Dispose() => events.Remove(this);
    }
}
