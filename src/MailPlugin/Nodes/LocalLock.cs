using System.Collections.Concurrent;

namespace MailPlugin.Nodes;

/// <summary>Locks within this process: all that is needed where it is the only one.</summary>
internal sealed class LocalLock : INodeLock
{
    readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    public async Task<IAsyncDisposable> TakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken)
    {
        var gate = Gate(name);
        await gate.WaitAsync(cancellationToken);
        return new Hold(gate);
    }

    public async Task<IAsyncDisposable?> TryTakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken)
    {
        var gate = Gate(name);
        return await gate.WaitAsync(TimeSpan.Zero, cancellationToken) ? new Hold(gate) : null;
    }

    SemaphoreSlim Gate(string name) => _gates.GetOrAdd(name, _ => new(1));

    sealed class Hold(SemaphoreSlim gate) : IAsyncDisposable
    {
        bool _given;

        public ValueTask DisposeAsync()
        {
            if (!Interlocked.Exchange(ref _given, true))
            {
                gate.Release();
            }

            return ValueTask.CompletedTask;
        }
    }
}
