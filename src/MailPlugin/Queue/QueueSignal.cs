namespace MailPlugin.Queue;

/// <summary>Wakes the worker. It carries no data: a signal that is lost costs a wait, never a message.</summary>
internal sealed class QueueSignal : IDisposable
{
    readonly SemaphoreSlim _signal = new(0, 1);

    public void Raise()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is raised already.
        }
    }

    public void Dispose() => _signal.Dispose();

    /// <summary>Waits for a signal or the end of the time, whichever is first.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) => _signal.WaitAsync(time, cancellationToken);
}
