using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace MailPlugin.Storage;

/// <summary>
/// Writes that wait for the threads that commit them. Where there are several, one is at work as long as it can keep up, so that what comes meanwhile shares the next commit; another joins when so much
/// waits that to wait for more would save little, or when the first takes long. Thread-safe.
/// </summary>
/// <param name="most">What one commit takes at most.</param>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "It holds nothing but memory, and who comes late still asks it")]
internal sealed class WriteQueue(int most)
{
    const int MaxWaiting = 4096;

    readonly object _lock = new();
    readonly Queue<WriteWork> _waiting = new();
    readonly SemaphoreSlim _places = new(MaxWaiting);

    /// <summary>When each commit that is under way began, the oldest first; and when the last one ended.</summary>
    readonly List<long> _begun = [];
    long _endedAt;

    /// <summary>Threads that wait.</summary>
    int _idle;

    /// <summary>What has to wait for the one that waits for a time to be woken before; 0: none does.</summary>
    int _wakeAt;

    /// <summary>How many were written together or came meanwhile: as many are likely to come again.</summary>
    int _expected;
    bool _closed;

    /// <summary>What waits for another thread to join at once.</summary>
    public int Enough { get; init; } = int.MaxValue;

    /// <summary>A commit that takes longer is not waited for: another thread joins.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>After a commit, how long the next one waits for as many as shared that one: callers that were answered come again, and would else make two halves that take turns.</summary>
    public TimeSpan Gather { get; init; }

    /// <exception cref="DatabaseUnavailableException">It is closed.</exception>
    public async Task<T> RunAsync<T>(WriteWork<T> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        if (!Enqueue(work))
        {
            _places.Release();
            throw new DatabaseUnavailableException("The database is closed: the host stops.");
        }

        return await work.Task;
    }

    /// <summary>A thread of its own: a commit blocks on disk or network, and the pool's threads have better to do.</summary>
    /// <param name="commit">Gets what waits until nothing waits and nothing more comes.</param>
    public Task StartWriter(Action<List<WriteWork>> commit) => Task.Factory.StartNew(
        () =>
        {
            var batch = new List<WriteWork>(most);
            while (Take(batch, out var begun))
            {
                try
                {
                    if (batch.Count > 0)
                    {
                        commit(batch);
                    }
                }
                finally
                {
                    batch.Clear();
                    Done(begun);
                }
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Tells callers that what they wrote is on disk. Those who come while others are told are not counted twice.</summary>
    public void Answer(List<WriteWork> batch)
    {
        lock (_lock)
        {
            _expected = Math.Min(most, batch.Count + _waiting.Count);
        }

        batch.ForEach(work => work.Complete());
    }

    /// <summary>What waits is still written, and nothing more is taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    bool Enqueue(WriteWork work)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _waiting.Enqueue(work);

            // Nobody is woken for nothing: it would cost more than a share of a commit.
            if (_idle > 0 && (_wakeAt == 0 || _waiting.Count == _wakeAt))
            {
                Monitor.Pulse(_lock);
            }

            return true;
        }
    }

    /// <returns>False: nothing more comes.</returns>
    bool Take(List<WriteWork> batch, out long begun)
    {
        begun = 0;
        lock (_lock)
        {
            while (!IsTurn(out var wait, out var wakeAt))
            {
                if (_closed && _waiting.Count == 0)
                {
                    return false;
                }

                _wakeAt = wakeAt;
                _idle++;
                Monitor.Wait(_lock, wait);
                _idle--;
                _wakeAt = wakeAt > 0 ? 0 : _wakeAt;
            }

            while (batch.Count < most && _waiting.TryDequeue(out var work))
            {
                _places.Release();
                if (work.TryBegin())
                {
                    batch.Add(work);
                }
            }

            _begun.Add(begun = Stopwatch.GetTimestamp());
            return true;
        }
    }

    /// <param name="wait">How long to wait for a turn, unless somebody wakes.</param>
    /// <param name="wakeAt">How much has to wait for that; 0: anything.</param>
    bool IsTurn(out TimeSpan wait, out int wakeAt)
    {
        (wait, wakeAt) = (Timeout.InfiniteTimeSpan, 0);
        if (_waiting.Count == 0)
        {
            return false;
        }

        wakeAt = _begun.Count == 0 ? _expected : Enough;
        var left = _begun.Count == 0 ? Gather - Stopwatch.GetElapsedTime(_endedAt) : Longest - Stopwatch.GetElapsedTime(_begun[0]);
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        return _closed || _waiting.Count >= wakeAt || left <= TimeSpan.Zero;
    }

    void Done(long begun)
    {
        lock (_lock)
        {
            _begun.Remove(begun);
            _endedAt = Stopwatch.GetTimestamp();
        }
    }
}
