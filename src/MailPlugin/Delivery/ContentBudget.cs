namespace MailPlugin.Delivery;

/// <summary>
/// How many bytes of contents delivery may hold in memory, whatever the number of messages. One message always may, however big; else a limit below its size would keep it for ever.
/// </summary>
internal sealed class ContentBudget(long bytes)
{
    readonly Lock _lock = new();
    TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _used;

    public long Used => Interlocked.Read(ref _used);

    public bool TryTake(long size)
    {
        lock (_lock)
        {
            if (_used > 0 && _used + size > bytes)
            {
                return false;
            }

            _used += size;
            return true;
        }
    }

    public async Task TakeAsync(long size, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked for before the try: what is given in between is not missed.
            Task given;
            lock (_lock)
            {
                given = _given.Task;
            }

            if (TryTake(size))
            {
                return;
            }

            await given.WaitAsync(cancellationToken);
        }
    }

    public void Give(long size)
    {
        TaskCompletionSource given;
        lock (_lock)
        {
            _used -= size;
            given = _given;
            _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        given.TrySetResult();
    }
}
