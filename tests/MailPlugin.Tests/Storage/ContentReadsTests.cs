using System.Data.Common;
using MailPlugin.Queue;
using MailPlugin.Storage;
using MailPlugin.Storage.Queue;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Storage;

/// <summary>Contents that are asked for at the same time go in one query, and do not share its end.</summary>
public sealed class ContentReadsTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [ServerFact(Server.PostgreSql)]
    public async Task Those_that_fail_together_are_read_alone()
    {
        await using var store = (await PostgresStore.CreateAsync()).OpenAtCallersTime();
        using var database = new Guarded(store);
        var (first, others) = await AskAsync(store, database, 6);
        database.Fails = read => read == 3;
        database.Open();

        var read = await Task.WhenAll([.. first, .. others]).WaitAsync(Patience);

        Assert.All(read, Assert.NotNull);
        Assert.Equal(2 + 1 + others.Count, database.Reads);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task One_that_cannot_be_read_fails_nobody_else()
    {
        await using var store = (await PostgresStore.CreateAsync()).OpenAtCallersTime();
        using var database = new Guarded(store);
        var (first, others) = await AskAsync(store, database, 5);

        // The three together, and then the second of them.
        database.Fails = read => read is 3 or 5;
        database.Open();

        await Task.WhenAll(first).WaitAsync(Patience);
        Assert.NotNull(await others[0].WaitAsync(Patience));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => others[1].WaitAsync(Patience));
        Assert.NotNull(await others[2].WaitAsync(Patience));
    }

    /// <summary>Two queries are under way, so that the others wait and go together.</summary>
    static async Task<(List<Task<MessageContent?>> First, List<Task<MessageContent?>> Others)> AskAsync(IDatabase store, Guarded database, int count)
    {
        var held = await HoldAsync(store, count);
        var contents = new ContentReads(database);
        var first = new List<Task<MessageContent?>>();
        foreach (var message in held.Take(2))
        {
            first.Add(contents.ReadAsync(message, default));
            await Eventually.SeeAsync(() => database.Reads == first.Count, "each is under way by itself");
        }

        return (first, held.Skip(2).Select(message => contents.ReadAsync(message, default)).ToList());
    }

    static async Task<List<HeldMessage>> HoldAsync(IDatabase database, int count)
    {
        await new OutboxStore(database).EnqueueAsync([.. Enumerable.Range(0, count).Select(_ => Some.Message())], QueueQuota.None, default);
        var claimed = await new DeliveryStore(database).ClaimAsync(new(Some.Time, new(7, Some.Time.AddMinutes(5)), [100, 100, 100], 100, _ => 100, _ => 100), default);
        Assert.Equal(count, claimed.Messages.Count);
        return [.. claimed.Messages.Select(message => new HeldMessage(message.Key, 7))];
    }

    /// <summary>A real database whose reads wait until it is opened, and fail by their number.</summary>
    sealed class Guarded(IDatabase inner) : IDatabase, IDisposable
    {
        readonly SemaphoreSlim _opened = new(0);
        int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public Func<int, bool> Fails { get; set; } = _ => false;

        public Dialect Dialect => inner.Dialect;

        public void Open() => _opened.Release(1_000);

        public Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => inner.WriteAsync(work, cancellationToken);

        public async Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _reads);
            await _opened.WaitAsync(cancellationToken);
            return Fails(number) ? throw new DatabaseUnavailableException("not this time") : await inner.ReadAsync(work, cancellationToken);
        }

        public void Dispose() => _opened.Dispose();
    }
}
