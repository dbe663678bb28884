using Dapper;
using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Storage;

/// <summary>What the stores rely on and no store's test would show.</summary>
public sealed class PostgresDatabaseTests
{
    static readonly CancellationToken Never = CancellationToken.None;

    [ServerFact(Server.PostgreSql)]
    public async Task One_that_fails_does_not_keep_the_others_from_being_written()
    {
        await using var database = (await PostgresStore.CreateAsync()).Open();

        var writes = Enumerable.Range(0, 200).Select(number => database.WriteAsync(
            connection => number % 10 == 3 ? throw new InvalidOperationException("mine") : Put(connection, $"n{number}", "x"), Never)).ToList();
        await Task.WhenAll(writes.Where((_, number) => number % 10 != 3));

        foreach (var failed in writes.Where((_, number) => number % 10 == 3))
        {
            Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => failed)).Message);
        }

        Assert.Equal(180, await CountAsync(database));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_statement_that_the_database_refuses_is_its_callers_fault_alone()
    {
        await using var database = (await PostgresStore.CreateAsync()).Open();

        var good = Enumerable.Range(0, 20).Select(number => database.WriteAsync(connection => Put(connection, $"n{number}", "x"), Never)).ToList();
        var bad = database.WriteAsync(connection => connection.Execute("insert into state (name) values ('no value')"), Never);
        var late = database.WriteAsync(
            connection =>
            {
                connection.Prepared("insert into state (name, value) values (@name, @value)").Set("@name", "late").Set("@value", (string?)null).ExecuteLater();
                return 0;
            },
            Never);
        await Task.WhenAll(good);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => bad);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => late);
        Assert.Equal(20, await CountAsync(database));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Statements_run_in_the_order_in_which_they_were_given()
    {
        await using var database = (await PostgresStore.CreateAsync()).Open();

        var seen = await database.WriteAsync(
            connection =>
            {
                for (var number = 0; number < 1500; number++)
                {
                    connection.Prepared("insert into state (name, value) values ('n', @value) on conflict (name) do update set value = excluded.value")
                        .Set("@value", $"{number}").ExecuteLater();
                }

                var read = connection.ExecuteScalar<string>("select value from state where name = 'n'");
                connection.Prepared("update state set value = 'last' where name = 'n'").ExecuteLater();
                return (read, connection.Prepared("select value from state where name = 'n'").ExecuteScalar());
            },
            Never);

        Assert.Equal(("1499", "last"), seen);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Texts_that_PostgreSQL_cannot_keep_are_kept_as_well_as_it_can()
    {
        await using var database = (await PostgresStore.CreateAsync()).Open();
        const string Odd = "a\0b\uD800c😀";

        await database.WriteAsync(connection => Put(connection, "prepared", Odd), Never);
        await database.WriteAsync(connection => connection.Execute("insert into state (name, value) values ('dapper', @Value)", new { Value = Odd }), Never);

        Assert.Equal(
            ["a\uFFFDb\uFFFDc😀", "a\uFFFDb\uFFFDc😀"],
            await database.ReadAsync(connection => connection.Query<string>("select value from state order by name").ToList(), Never));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Two_that_lock_each_other_out_are_both_written_in_the_end()
    {
        var store = await PostgresStore.CreateAsync();
        await using var one = store.Open();
        await using var other = store.Open();
        await one.WriteAsync(connection => Put(connection, "a", "0") + Put(connection, "b", "0"), Never);
        using var both = new Barrier(2);
        var crossed = 0;

        var writes = new[] { Cross(one, "a", "b"), Cross(other, "b", "a") };
        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("2", await one.ReadAsync(connection => connection.ExecuteScalar<string>("select value from state where name = 'a'"), Never));

        Task<int> Cross(PostgresDatabase database, string first, string second) => database.WriteAsync(
            connection =>
            {
                Add(connection, first);
                if (Interlocked.Increment(ref crossed) <= 2)
                {
                    both.SignalAndWait(TimeSpan.FromSeconds(20));
                }

                return Add(connection, second);
            },
            Never);

        static int Add(System.Data.Common.DbConnection connection, string name) =>
            connection.Prepared("update state set value = cast(cast(value as bigint) + 1 as text) where name = @name").Set("@name", name).ExecuteNonQuery();
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Connections_that_were_cut_while_idle_are_made_anew_and_nobody_notices()
    {
        var store = await PostgresStore.CreateAsync();
        await using var database = store.Open();
        await database.WriteAsync(connection => Put(connection, "a", "0"), Never);
        await database.ReadAsync(connection => connection.ExecuteScalar<long>("select 1"), Never);
        Assert.True(await store.CutAsync() >= 2);

        await database.WriteAsync(connection => Put(connection, "b", "0"), Never);
        Assert.Equal(2, await CountAsync(database));
    }

    static int Put(System.Data.Common.DbConnection connection, string name, string value) =>
        connection.Prepared("insert into state (name, value) values (@name, @value)").Set("@name", name).Set("@value", value).ExecuteNonQuery();

    static Task<long> CountAsync(PostgresDatabase database) => database.ReadAsync(connection => connection.ExecuteScalar<long>("select count(*) from state"), Never);
}
