using System.Collections.Concurrent;
using MailPlugin.Delivery;
using MailPlugin.Nodes;
using MailPlugin.Queue;
using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.Storage.Queue;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Storage;

public sealed class NodeTests
{
    static readonly CancellationToken Never = CancellationToken.None;

    [ServerFact(Server.PostgreSql)]
    public async Task Nodes_count_each_other_and_each_has_a_place_of_its_own()
    {
        var store = await PostgresStore.CreateAsync();
        await using var one = await Node.StartAsync(store);
        Assert.Equal((1, 0), (one.Nodes.Count, one.Nodes.Rank));

        var other = await Node.StartAsync(store);
        await Eventually.SeeAsync(() => one.Nodes.Count == 2, "what the nodes know");
        Assert.Equal((2, 0, 1), (other.Nodes.Count, one.Nodes.Rank, other.Nodes.Rank));
        Assert.Equal([2, 1], new[] { one, other }.Select(node => ((INodes)node.Nodes).Of(3)));
        Assert.Equal([1, 0], new[] { one, other }.Select(node => ((INodes)node.Nodes).Of(1)));

        await other.DisposeAsync();
        await Eventually.SeeAsync(() => one.Nodes.Count == 1, "what the nodes know");
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_change_is_heard_of_on_every_node_and_not_one_that_was_rolled_back()
    {
        var store = await PostgresStore.CreateAsync();
        await using var one = await Node.StartAsync(store);
        await using var other = await Node.StartAsync(store);

        await Assert.ThrowsAsync<InvalidOperationException>(() => one.Database.WriteAsync<int>(
            connection =>
            {
                connection.Announce("never");
                throw new InvalidOperationException();
            },
            Never));
        await one.AnnounceAsync("colour");

        await Eventually.SeeAsync(() => one.Heard.Contains("colour") && other.Heard.Contains("colour"), "what the nodes know");
        Assert.DoesNotContain("never", other.Heard);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task What_was_changed_while_a_node_could_not_listen_is_heard_of_afterwards()
    {
        var store = await PostgresStore.CreateAsync();
        await using var one = await Node.StartAsync(store);
        await using var other = await Node.StartAsync(store);

        Assert.True(await store.CutAsync() >= 2);
        await one.AnnounceAsync("colour");

        await Eventually.SeeAsync(() => one.Heard.Contains("colour") && other.Heard.Contains("colour"), "what the nodes know");
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_wake_up_reaches_the_others()
    {
        var store = await PostgresStore.CreateAsync();
        await using var one = await Node.StartAsync(store);
        await using var other = await Node.StartAsync(store);
        await Eventually.SeeAsync(() => one.Nodes.Count == 2, "what the nodes know");

        one.Nodes.WakeOthers();

        await Eventually.SeeAsync(() => other.Heard.Contains(Topic.Queue), "what the nodes know");
    }

    [ServerFact(Server.PostgreSql)]
    public async Task What_is_locked_is_held_by_one_node_at_a_time()
    {
        var store = await PostgresStore.CreateAsync();
        await using var first = store.Open();
        await using var second = store.Open();
        var locks = new[] { NewLock(first), NewLock(second) };
        var (inside, most, done) = (0, 0, 0);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async number =>
        {
            await using var hold = await locks[number % 2].TakeAsync("token:primary", TimeSpan.FromSeconds(30), Never);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Delay(20);
            Interlocked.Decrement(ref inside);
            done++;
        })).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((1, 12), (most, done));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_holder_that_stands_still_loses_its_lock_and_takes_nobody_elses_with_it()
    {
        var store = await PostgresStore.CreateAsync();
        await using var database = store.Open();
        await using var another = store.Open();
        var (lost, own) = (NewLock(database), NewLock(another));

        var stale = await lost.TakeAsync("t", TimeSpan.FromMilliseconds(1), Never);
        await using var held = await own.TakeAsync("t", TimeSpan.FromMinutes(1), Never).WaitAsync(TimeSpan.FromSeconds(30));
        await stale.DisposeAsync();

        var third = NewLock(database).TakeAsync("t", TimeSpan.FromMinutes(1), Never);
        await Task.WhenAny(third, Task.Delay(500));
        Assert.False(third.IsCompleted);
        await held.DisposeAsync();
        await using var freed = await third.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task The_queue_is_tidied_by_one_node_at_a_time_and_by_another_when_that_one_is_gone()
    {
        var store = await PostgresStore.CreateAsync();
        var first = await Node.StartAsync(store);
        await using var second = await Node.StartAsync(store);
        await Eventually.SeeAsync(() => first.Nodes.Count == 2 && second.Nodes.Count == 2, "what the nodes know");
        var (one, other) = (new Tidying(), new Tidying());
        var (byFirst, bySecond) = (one.MaintenanceOf(first), other.MaintenanceOf(second));

        var underWay = byFirst.RunInTurnAsync(Never);
        await one.Begun.WaitAsync(TimeSpan.FromSeconds(30));
        await bySecond.RunInTurnAsync(Never);
        Assert.Equal(0, other.Passes);

        // It dies in the middle of it: nobody gives its lock back.
        await first.DisposeAsync();
        await Eventually.SeeAsync(() => second.Nodes.Rank == 0, "what the nodes know");
        await bySecond.RunInTurnAsync(Never);
        Assert.Equal(0, other.Passes);
        await second.Database.WriteAsync(connection => connection.Run("update node_locks set until = 0"), Never);
        other.GoOn();
        await bySecond.RunInTurnAsync(Never).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((1, 1), (one.Passes, other.Passes));
        one.GoOn();
        await underWay.WaitAsync(TimeSpan.FromSeconds(30));
    }

    static PostgresLock NewLock(IDatabase database) => new(database, TimeProvider.System, NullLogger<PostgresLock>.Instance);

    /// <summary>Counts passes and stands still in each until it may go on.</summary>
    sealed class Tidying : IQueueRetention
    {
        readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Passes { get; private set; }

        public Task Begun => _begun.Task;

        public void GoOn() => _mayGoOn.TrySetResult();

        public QueueMaintenance MaintenanceOf(Node node) => new(
            this, new MessageActs(node.Database), new HoldClock(new QueueState(node.Database)), new DeliveryReport(new MailEvents((_, _) => { }), NullLogger<DeliveryReport>.Instance), new RetentionOptions(),
            node.Nodes, NewLock(node.Database), TimeProvider.System,
            NullLogger<QueueMaintenance>.Instance);

        public async Task<int> TidyAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            Passes++;
            _begun.TrySetResult();
            await _mayGoOn.Task;
            return 0;
        }

        public Task<int> DropContentsAsync(DateTimeOffset olderThan, int limit, CancellationToken cancellationToken) => Task.FromResult(0);

        public Task<int> DropMessagesAsync(DateTimeOffset olderThan, int limit, CancellationToken cancellationToken) => Task.FromResult(0);

        public Task<bool> ShrinkAsync(CancellationToken cancellationToken) => Task.FromResult(false);

        public Task SweepAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<(long Bytes, long Messages)> MeasureAsync(CancellationToken cancellationToken) => Task.FromResult((0L, 0L));
    }

    sealed class Node : IAsyncDisposable
    {
        Node(PostgresDatabase database, PostgresNode nodes) => (Database, Nodes) = (database, nodes);

        public PostgresDatabase Database { get; }

        public PostgresNode Nodes { get; }

        public ConcurrentBag<string> Heard { get; } = [];

        public static async Task<Node> StartAsync(PostgresStore store)
        {
            var database = store.Open();
            var node = new Node(database, new(store.Target, database, TimeProvider.System, NullLogger<PostgresNode>.Instance));
            ((IStoreChanges)node.Nodes).Changed += node.Heard.Add;
            await node.Nodes.StartAsync(Never);
            return node;
        }

        public Task<int> AnnounceAsync(string topic) => Database.WriteAsync(
            connection =>
            {
                connection.Announce(topic);
                return 0;
            },
            Never);

        public async ValueTask DisposeAsync()
        {
            await Nodes.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
