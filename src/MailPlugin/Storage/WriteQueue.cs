using System.Threading.Channels;

namespace MailPlugin.Storage;

/// <summary>Writes that wait for the threads that commit them.</summary>
internal sealed class WriteQueue
{
    const int MaxWaiting = 4096;

    readonly Channel<WriteWork> _waiting = Channel.CreateBounded<WriteWork>(MaxWaiting);

    /// <exception cref="DatabaseUnavailableException">It is closed.</exception>
    public async Task<T> RunAsync<T>(WriteWork<T> work, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(work, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new DatabaseUnavailableException("The database is closed: the host stops.");
        }

        return await work.Task;
    }

    /// <summary>A thread of its own: a commit blocks on disk or network, and the pool's threads have better to do.</summary>
    /// <param name="commit">Gets what waits, at most so much at once, until nothing waits and nothing more comes.</param>
    public Task StartWriter(int most, Action<List<WriteWork>> commit) => Task.Factory.StartNew(
        () =>
        {
            var batch = new List<WriteWork>(most);
            while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (batch.Count < most && _waiting.Reader.TryRead(out var work))
                {
                    if (work.TryBegin())
                    {
                        batch.Add(work);
                    }
                }

                if (batch.Count > 0)
                {
                    commit(batch);
                    batch.Clear();
                }
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What waits is still written, and nothing more is taken.</summary>
    public void Close() => _waiting.Writer.TryComplete();
}
