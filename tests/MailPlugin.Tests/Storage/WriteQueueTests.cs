using System.Collections.Concurrent;
using MailPlugin.Storage;

namespace MailPlugin.Tests.Storage;

/// <summary>Which thread commits when, and what shares a commit.</summary>
public sealed class WriteQueueTests : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly ConcurrentQueue<int> _sizes = new();
    readonly List<Task> _writers = [];
    readonly SemaphoreSlim _entered = new(0);
    readonly SemaphoreSlim _mayEnd = new(0);
    WriteQueue _queue = new(64);
    bool _isHeld = true;

    public async ValueTask DisposeAsync()
    {
        _isHeld = false;
        _mayEnd.Release(1_000);
        _queue.Close();
        await Task.WhenAll(_writers).WaitAsync(Patience);
        _entered.Dispose();
        _mayEnd.Dispose();
    }

    [Fact]
    public async Task What_comes_during_a_commit_shares_the_next_one()
    {
        Start(new(64) { Enough = 1_000 }, 1);
        var first = WriteAsync();
        await EnteredAsync();
        var others = Enumerable.Range(0, 10).Select(_ => WriteAsync()).ToList();

        _mayEnd.Release(2);
        await Task.WhenAll([first, .. others]).WaitAsync(Patience);

        Assert.Equal([1, 10], _sizes);
    }

    [Fact]
    public async Task A_second_thread_joins_as_soon_as_enough_waits()
    {
        Start(new(64) { Enough = 5, Longest = TimeSpan.FromMinutes(5) }, 2);
        _ = WriteAsync();
        await EnteredAsync();

        for (var more = 0; more < 5; more++)
        {
            _ = WriteAsync();
        }

        await EnteredAsync();
        Assert.Equal([1, 5], _sizes);
    }

    [Fact]
    public async Task A_second_thread_joins_one_that_takes_long()
    {
        Start(new(64) { Enough = 1_000 }, 2);
        _ = WriteAsync();
        await EnteredAsync();

        _ = WriteAsync();

        await EnteredAsync();
        Assert.Equal([1, 1], _sizes);
    }

    [Fact]
    public async Task Callers_that_come_again_share_a_commit_and_do_not_take_turns_in_two_halves()
    {
        const int Callers = 8;
        const int Turns = 40;
        _isHeld = false;
        Start(new(64) { Enough = 1_000, Gather = TimeSpan.FromMilliseconds(500) }, 2);

        // As many as are expected do come, until the first have had their turns.
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => WriteManyAsync(Turns)))).WaitAsync(Patience);

        Assert.Equal(Callers * Turns, _sizes.Sum());
        Assert.Equal(Callers, _sizes.Max());
        Assert.InRange(_sizes.Count, Turns, Turns * 3 / 2);
    }

    [Fact]
    public async Task Whoever_comes_alone_waits_for_nobody()
    {
        _isHeld = false;
        Start(new(64) { Enough = 1_000, Gather = TimeSpan.FromMinutes(5) }, 2);

        for (var turn = 0; turn < 20; turn++)
        {
            await WriteAsync().WaitAsync(Patience);
        }

        Assert.All(_sizes, size => Assert.Equal(1, size));
    }

    [Fact]
    public async Task Whoever_comes_when_all_threads_rest_is_written_at_once()
    {
        Start(new(64) { Enough = 1_000, Longest = TimeSpan.FromMinutes(5) }, 2);

        // The second thread waits for the first to take long; the first is through before that.
        var first = WriteAsync();
        await EnteredAsync();
        var second = WriteAsync();
        _isHeld = false;
        _mayEnd.Release();
        await Task.WhenAll(first, second).WaitAsync(Patience);

        await WriteAsync().WaitAsync(Patience);

        Assert.Equal([1, 1, 1], _sizes);
    }

    [Fact]
    public async Task While_one_thread_is_stuck_the_other_does_not_wait_for_it_each_time()
    {
        Start(new(64) { Enough = 1_000, Longest = TimeSpan.FromMilliseconds(200) }, 2);
        _ = WriteAsync();
        await EnteredAsync();
        _isHeld = false;
        await WriteAsync().WaitAsync(Patience);

        // Each by itself, and nobody waits a fifth of a second for the one that is stuck.
        await WriteManyAsync(1_000).WaitAsync(Patience);

        Assert.Equal(1_002, _sizes.Sum());
    }

    [Fact]
    public async Task Those_who_do_not_come_again_are_waited_for_no_longer_than_was_said()
    {
        Start(new(64) { Enough = 1_000, Gather = TimeSpan.FromMilliseconds(20) }, 1);
        var together = Enumerable.Range(0, 6).Select(_ => WriteAsync()).ToList();
        _isHeld = false;
        _mayEnd.Release(10);
        await Task.WhenAll(together).WaitAsync(Patience);

        await WriteAsync().WaitAsync(Patience);

        Assert.Equal(7, _sizes.Sum());
    }

    [Fact]
    public async Task When_it_closes_what_waits_is_written_and_nothing_more_is_taken()
    {
        Start(new(4) { Enough = 1_000, Gather = TimeSpan.FromMinutes(5) }, 1);
        var writes = Enumerable.Range(0, 10).Select(_ => WriteAsync()).ToList();
        await EnteredAsync();

        _queue.Close();
        _isHeld = false;
        _mayEnd.Release(10);

        await Task.WhenAll(writes).WaitAsync(Patience);
        await Task.WhenAll(_writers).WaitAsync(Patience);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => WriteAsync());
    }

    [Fact]
    public async Task Who_gives_up_while_waiting_is_left_out()
    {
        Start(new(64) { Enough = 1_000 }, 1);
        var first = WriteAsync();
        await EnteredAsync();
        using var giveUp = new CancellationTokenSource();
        var second = WriteAsync(giveUp.Token);
        var third = WriteAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _mayEnd.Release(2);
        await Task.WhenAll(first, third).WaitAsync(Patience);
        Assert.Equal([1, 1], _sizes);
    }

    void Start(WriteQueue queue, int threads)
    {
        _queue = queue;
        for (var thread = 0; thread < threads; thread++)
        {
            _writers.Add(queue.StartWriter(Commit));
        }
    }

    Task<int> WriteAsync(CancellationToken cancellationToken = default) => _queue.RunAsync(new WriteWork<int>(_ => 1, cancellationToken), cancellationToken);

    async Task WriteManyAsync(int times)
    {
        for (var turn = 0; turn < times; turn++)
        {
            await WriteAsync();
        }
    }

    async Task EnteredAsync() => Assert.True(await _entered.WaitAsync(Patience));

    void Commit(List<WriteWork> batch)
    {
        _sizes.Enqueue(batch.Count);
        _entered.Release();
        if (Volatile.Read(ref _isHeld))
        {
            _mayEnd.Wait();
        }

        batch.ForEach(work => work.Run(null!, _ => false));
        _queue.Answer(batch);
    }
}
