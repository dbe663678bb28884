using MailPlugin.Queue;
using MailPlugin.Storage.Queue;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Npgsql;

namespace MailPlugin.Tests.Storage;

/// <summary>Claims that were committed and whose node never heard of it.</summary>
public sealed class LostClaimTests
{
    static readonly CancellationToken Never = CancellationToken.None;

    long _token;

    [ServerFact(Server.PostgreSql)]
    public async Task What_a_claim_took_whose_answer_was_cut_off_is_taken_by_the_next_one()
    {
        var store = await PostgresStore.CreateAsync();
        await using var way = new CommitCutter(store.Port);
        await using var database = store.By(way.Port).Open();
        var queue = new DeliveryStore(database);
        var ids = await StoreAsync(new OutboxStore(database), 5);

        way.CutNext();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ClaimAsync(queue));
        Assert.Equal(5, await LeasedAsync(store));

        var claimed = (await ClaimAsync(queue)).Messages;

        Assert.Equal(ids.Order(), claimed.Select(message => message.Id).Order());
        Assert.All(claimed, message => Assert.Equal(_token, message.Lease.Token));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task What_others_hold_is_let_be_when_a_lost_claim_is_let_go()
    {
        var store = await PostgresStore.CreateAsync();
        await using var way = new CommitCutter(store.Port);
        await using var database = store.By(way.Port).Open();
        await using var directly = store.Open();
        var (queue, other) = (new DeliveryStore(database), new DeliveryStore(directly));
        await StoreAsync(new OutboxStore(directly), 3);
        var held = (await ClaimAsync(other, total: 2)).Messages;

        way.CutNext();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ClaimAsync(queue));
        var own = (await ClaimAsync(queue)).Messages;

        Assert.Equal((2, 1), (held.Count, own.Count));
        Assert.Empty(held.Select(message => message.Id).Intersect(own.Select(message => message.Id)));
        Assert.Equal(
            [MessageStatus.Sent, MessageStatus.Sent],
            await other.RecordAsync(
                [.. held.Select(message => new MessageOutcome(message.Key, message.Lease.Token) { Changes = [new(0, RecipientState.Accepted, "250 ok", "p")], Due = Some.Time, At = Some.Time })], Never));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_claim_that_was_never_committed_leaves_nothing_to_be_let_go()
    {
        var store = await PostgresStore.CreateAsync();
        await using var database = store.Open();
        var queue = new DeliveryStore(database);
        await StoreAsync(new OutboxStore(database), 2);
        await using (var connection = store.Target.NewConnection())
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var locks = new NpgsqlCommand("lock table messages in access exclusive mode", connection, transaction);
            await locks.ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ClaimAsync(queue));
        }

        Assert.Equal(0, await LeasedAsync(store));
        Assert.Equal(2, (await ClaimAsync(queue)).Messages.Count);
    }

    static async Task<IEnumerable<string>> StoreAsync(OutboxStore outbox, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var messages = Enumerable.Range(0, count).Select(number => Some.Message(now) with { Source = $"s{number % 2}" }).ToList();
        await outbox.EnqueueAsync(messages, QueueQuota.None, Never);
        return messages.Select(message => message.Id);
    }

    static async Task<long> LeasedAsync(PostgresStore store)
    {
        await using var connection = store.Target.NewConnection();
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*) from messages where lease is not null", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    Task<ClaimResult> ClaimAsync(DeliveryStore queue, int total = 100)
    {
        var now = TimeProvider.System.GetUtcNow();
        return queue.ClaimAsync(new(now, new(++_token, now.AddMinutes(5)), [total, total, total], total, _ => 1_000, _ => 1_000), Never);
    }
}
