using MailPlugin.Queue;
using MailPlugin.Storage.Postgres;
using MailPlugin.Storage.Queue;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Npgsql;

namespace MailPlugin.Tests.Storage;

/// <summary>What the server makes of the statements: how much of a table it reads, and who waits for whom.</summary>
public sealed class PostgresPlanTests
{
    const int Finished = 20_000;

    static readonly CancellationToken Never = CancellationToken.None;

    [ServerFact(Server.PostgreSql)]
    public async Task Nothing_reads_all_messages_though_the_plans_were_made_when_there_were_few()
    {
        var store = await PostgresStore.CreateAsync();
        await using (var database = store.Open())
        {
            // So often that the server keeps what it has planned.
            for (var round = 0; round < 12; round++)
            {
                await LiveAsync(database);
            }

            await FillAsync(store);
            for (var round = 0; round < 12; round++)
            {
                await LiveAsync(database);
            }
        }

        // The connections have told what they read when they ended.
        Assert.All(await ReadRowsAsync(store), place => Assert.InRange(place.Value, 0, Finished / 4));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Each_connection_that_writes_counts_in_rows_of_its_own()
    {
        var store = await PostgresStore.CreateAsync();
        await using var database = store.Open();
        var link = new PostgresLink(store.Target, TimeProvider.System, MailPlugin.Storage.Dialect.Postgres);

        using var first = link.Connect(writes: true);
        long freed;
        using (var second = link.Connect(writes: true))
        {
            Assert.NotEqual(first.Slot, second.Slot);
            freed = second.Slot;
        }

        // With the end of a connection, which the server notices when it does.
        await Eventually.SeeAsync(
            () =>
            {
                using var third = link.Connect(writes: true);
                return third.Slot == freed;
            },
            "its rows are another's");
    }

    /// <summary>A message's whole life, and what is looked at meanwhile.</summary>
    static async Task LiveAsync(PostgresDatabase database)
    {
        var (outbox, delivery, reader, acts) = (new OutboxStore(database), new DeliveryStore(database), new MessageReader(database), new MessageActs(database));
        var now = TimeProvider.System.GetUtcNow();
        var messages = new[] { Some.Message(now) with { Idempotency = new("key", $"{Guid.CreateVersion7()}", new byte[] { 1 }) }, Some.Message(now) with { Body = new byte[40_000] } };
        await outbox.EnqueueAsync(messages, new(1_000_000, 1L << 40), Never);
        var token = Lease.NewToken();
        var claimed = await delivery.ClaimAsync(new(now, new(token, now.AddMinutes(1)), [70, 20, 10], 100, _ => 100, _ => 100), Never);
        Assert.Equal(2, claimed.Messages.Count);
        foreach (var message in claimed.Messages)
        {
            Assert.NotNull(await delivery.ReadContentAsync(new(message.Key, token), Never));
        }

        await delivery.ExtendAsync([.. claimed.Messages.Select(message => new HeldMessage(message.Key, token))], now, TimeSpan.FromMinutes(1), Never);
        var written = await delivery.RecordAsync([.. claimed.Messages.Select(message => Some.Accepted(message, now))], Never);
        Assert.All(written, status => Assert.Equal(MessageStatus.Sent, status));
        Assert.NotNull(await reader.FindAsync(messages[0].Id, Never));
        Assert.NotNull(await reader.ReadContentAsync(messages[0].Id, Never));
        await reader.ListAsync(new(), null, 20, Never);
        await acts.CancelAsync(messages[0].Id, now, Never);
        await acts.ExpireAsync(_ => false, 0, now, Never);
        await outbox.FindAnswerAsync(messages[0].Idempotency!, now, Never);
    }

    static async Task FillAsync(PostgresStore store)
    {
        await using var connection = store.Target.NewConnection();
        await connection.OpenAsync();
        await using var fill = new NpgsqlCommand($"""
            with added as (
              insert into messages (id, message_id, status, lane, stream, created_at, expires_at, held_base, tries, flags, size, owner, subject, subject_key, from_address, recipients)
              select '00' || lpad(n::text, 24, '0'), '<' || n || '@example.com>', 3, 1, E'\n', 0, 0, 0, 1, 0, 4, '', 'Hello', 'hello', 'a@example.com', '[]' from generate_series(1, {Finished}) n
              returning key)
            insert into message_contents (key, header, body) select key, '', '' from added
            """, connection);
        await fill.ExecuteNonQueryAsync();
    }

    /// <summary>Where rows of messages or contents are read from, and how many were.</summary>
    static async Task<Dictionary<string, long>> ReadRowsAsync(PostgresStore store)
    {
        await using var connection = store.Target.NewConnection();
        await connection.OpenAsync();
        await Eventually.SeeAsync(
            async () =>
            {
                await using var ask = new NpgsqlCommand("select count(*) from pg_stat_activity where application_name = current_setting('application_name') and pid <> pg_backend_pid()", connection);
                return (long)(await ask.ExecuteScalarAsync())! == 0;
            },
            "the connections have ended");
        var before = "";
        return await Eventually.SeeAsync(
            async () =>
            {
                await using var ask = new NpgsqlCommand("""
                    select relname::text, seq_tup_read from pg_stat_user_tables where schemaname = current_schema() and relname in ('messages', 'message_contents')
                    union all
                    select indexrelname::text, idx_tup_read from pg_stat_user_indexes where schemaname = current_schema() and relname in ('messages', 'message_contents')
                    """, connection);
                var places = new Dictionary<string, long>();
                await using var row = await ask.ExecuteReaderAsync();
                while (await row.ReadAsync())
                {
                    places[row.GetString(0)] = row.GetInt64(1);
                }

                return places;
            },
            places =>
            {
                var now = string.Join(",", places);
                var stands = places.Values.Sum() > 0 && now == before;
                before = now;
                return stands;
            },
            "the connections have told");
    }
}
