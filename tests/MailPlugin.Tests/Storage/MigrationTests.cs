using System.Data.Common;
using Dapper;
using MailPlugin.Storage;
using MailPlugin.Storage.Migrations;
using MailPlugin.Storage.Sqlite;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Storage;

public sealed class MigrationTests : IDisposable
{
    readonly TempFolder _folder = new();

    [Fact]
    public void Both_databases_have_the_same_steps()
    {
        Assert.Equal(Steps("sqlite"), Steps("postgres"));

        static IEnumerable<(int, string)> Steps(string dialect) => MigrationStep.All(dialect).Select(step => (step.Number, step.Name));
    }

    [Fact]
    public void Numbers_may_have_gaps_and_what_came_late_is_not_passed_over()
    {
        var numbers = MigrationStep.All("sqlite").Select(step => step.Number).ToList();

        Assert.Equal([numbers[1]], MigrationStep.Missing("sqlite", [.. numbers.Where(number => number != numbers[1])]).Select(step => step.Number));
    }

    [Fact]
    public async Task A_file_that_remembers_only_a_version_goes_on_from_there()
    {
        var file = _folder.Of("mail.db");
        await using (var database = SqliteDatabase.Open(file, NullLogger.Instance))
        {
            await database.WriteAsync(connection => connection.Execute("drop table migrations; insert into state (name, value) values ('kept', 'yes')"), default);
        }

        await using var again = SqliteDatabase.Open(file, NullLogger.Instance);
        Assert.Equal("yes", await again.ReadAsync(connection => connection.ExecuteScalar<string>("select value from state where name = 'kept'"), default));
        Assert.Equal(MigrationStep.All("sqlite").Count, await CountAsync(again));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Of_nodes_that_start_at_once_one_makes_the_tables()
    {
        var store = await PostgresStore.CreateAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => store.Open())));

        Assert.Equal(MigrationStep.All("postgres").Count, await CountAsync(nodes[0]));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_schema_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        var store = await PostgresStore.CreateAsync();
        await using (var database = store.Open())
        {
            await database.WriteAsync(connection => connection.Execute("insert into migrations (number, name) values (9999, 'later')"), default);
        }

        Assert.Contains("newer", Assert.Throws<DatabaseUnavailableException>(() => store.Open()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    static Task<long> CountAsync(IDatabase database) => database.ReadAsync((DbConnection connection) => connection.ExecuteScalar<long>("select count(*) from migrations"), default);
}
