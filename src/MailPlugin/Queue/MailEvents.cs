using System.Threading.Channels;
using MailPlugin.Abstractions;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Queue;

/// <summary>Hands events to the host's handlers, off the sending path. When handlers cannot keep up the oldest events go: the queue is the truth.</summary>
internal sealed partial class MailEvents : IMailEvents, IAsyncDisposable
{
    const int MaxWaiting = 10_000;

    readonly ILogger<MailEvents> _logger;
    readonly Channel<MailEvent> _waiting;
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _lock = new();
    readonly Task _loop;
    Subscription[] _handlers = [];

    public MailEvents(ILogger<MailEvents> logger)
    {
        _logger = logger;
        _waiting = Channel.CreateBounded<MailEvent>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => LogDropped(_logger, dropped.Id));
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
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    async Task RunAsync()
    {
        await foreach (var what in _waiting.Reader.ReadAllAsync())
        {
            foreach (var subscription in Volatile.Read(ref _handlers))
            {
                try
                {
                    await subscription.Handler(what, _stopping.Token);
                }
                catch (Exception fault)
                {
                    LogHandlerFailed(_logger, what.Kind, what.Id, fault);
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

    [LoggerMessage(EventId = 2040, Level = LogLevel.Error, Message = "A handler failed at the event {Kind} of message {Id}")]
    static partial void LogHandlerFailed(ILogger logger, MailEventKind kind, string id, Exception fault);

    [LoggerMessage(EventId = 2041, Level = LogLevel.Warning, Message = "Handlers do not keep up: an event of message {Id} was dropped")]
    static partial void LogDropped(ILogger logger, string id);
}
