using System.Data.Common;
using Dapper;
using MailPlugin.Storage.Sqlite;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TempFolder _temp = new();
    readonly RecordedLog _log = new();

    string File => _temp.Of("mail.db");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_work_that_fails_fails_alone_and_nothing_of_it_stays()
    {
        await using var database = await WithTableAsync();
        using var hold = new ManualResetEventSlim();
        var first = database.WriteAsync(connection => hold.Wait(Patience), Never);
        var works = Enumerable.Range(0, 50).Select(number => database.WriteAsync(
            connection =>
            {
                connection.Execute("insert into t (id, v) values (@Id, 'x')", new { Id = number });
                return number % 7 == 3 ? throw new InvalidOperationException($"work {number}") : number;
            },
            Never)).ToList();
        hold.Set();
        await first.WaitAsync(Patience);

        for (var number = 0; number < works.Count; number++)
        {
            if (number % 7 == 3)
            {
                Assert.Equal($"work {number}", (await Assert.ThrowsAsync<InvalidOperationException>(() => works[number].WaitAsync(Patience))).Message);
            }
            else
            {
                Assert.Equal(number, await works[number].WaitAsync(Patience));
            }
        }

        var kept = await database.ReadAsync(connection => connection.Query<long>("select id from t order by id").ToList(), Never);
        Assert.Equal(Enumerable.Range(0, 50).Where(number => number % 7 != 3).Select(number => (long)number), kept);
    }

    [Fact]
    public async Task What_was_deleted_is_in_no_file_once_it_is_swept()
    {
        const string Secret = "token-Zk3vQ9-secret";
        await using var database = await WithTableAsync();
        await database.WriteAsync(connection => connection.Execute("insert into t (id, v) values (1, @V)", new { V = new string('x', 5_000) + Secret }), Never);
        await database.WriteAsync(connection => connection.Execute("delete from t"), Never);
        Assert.True(IsInAFile());

        await database.SweepAsync(Never);

        Assert.False(IsInAFile());
        Assert.Equal(1, await database.WriteAsync(connection => connection.Execute("insert into t (id, v) values (2, 'x')"), Never));

        bool IsInAFile() => Directory.EnumerateFiles(_temp.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Secret)) >= 0;
        });
    }

    [Fact]
    public async Task A_sweep_does_not_wait_for_a_reader_that_takes_its_time()
    {
        await using var database = await WithTableAsync();
        await database.WriteAsync(connection => connection.Execute("insert into t (id, v) values (1, 'x')"), Never);
        using var hold = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var read = database.ReadAsync(
            connection =>
            {
                var count = connection.ExecuteScalar<long>("select count(*) from t");
                inside.Set();
                hold.Wait(Patience);
                return count;
            },
            Never);
        Assert.True(inside.Wait(Patience));

        await database.SweepAsync(Never).WaitAsync(Patience);

        hold.Set();
        Assert.Equal(1, await read.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_work_that_fails_on_its_own_leaves_nothing()
    {
        await using var database = await WithTableAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync<int>(
            connection =>
            {
                connection.Execute("insert into t (id, v) values (1, 'x')");
                throw new InvalidOperationException();
            },
            Never));

        Assert.Equal(0, await CountAsync(database));
        await database.WriteAsync(connection => connection.Execute("insert into t (id, v) values (1, 'x')"), Never);
        Assert.Equal(1, await CountAsync(database));
    }

    [Fact]
    public async Task A_broken_rule_of_the_database_is_the_fault_of_one_work()
    {
        await using var database = await WithTableAsync();
        using var hold = new ManualResetEventSlim();
        var first = database.WriteAsync(connection => hold.Wait(Patience), Never);
        var one = Insert(database, 1);
        var twin = Insert(database, 1);
        var two = Insert(database, 2);
        hold.Set();

        await first.WaitAsync(Patience);
        await one.WaitAsync(Patience);
        await two.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<DbException>(() => twin.WaitAsync(Patience));
        Assert.Equal(2, await CountAsync(database));
    }

    [Fact]
    public async Task A_work_that_is_canceled_while_it_waits_is_not_done()
    {
        await using var database = await WithTableAsync();
        using var hold = new ManualResetEventSlim();
        using var canceled = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var first = database.WriteAsync(
            connection =>
            {
                begun.SetResult();
                return hold.Wait(Patience);
            },
            Never);

        // Once the first runs, what comes later waits for the next commit.
        await begun.Task.WaitAsync(Patience);
        var waiting = database.WriteAsync(connection => connection.Execute("insert into t (id, v) values (1, 'x')"), canceled.Token);
        await canceled.CancelAsync();
        hold.Set();

        await first.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        Assert.Equal(0, await CountAsync(database));
    }

    [Fact]
    public async Task What_waits_when_it_is_closed_is_still_written_and_what_comes_later_is_refused()
    {
        using var hold = new ManualResetEventSlim();
        var database = await WithTableAsync();
        var first = database.WriteAsync(connection => hold.Wait(Patience), Never);
        var works = Enumerable.Range(1, 20).Select(number => Insert(database, number)).ToList();
        var closing = database.DisposeAsync().AsTask();
        hold.Set();
        await closing.WaitAsync(Patience);

        await first.WaitAsync(Patience);
        await Task.WhenAll(works).WaitAsync(Patience);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Insert(database, 99).WaitAsync(Patience));
        await using var again = Open();
        Assert.Equal(20, await CountAsync(again));
    }

    [Fact]
    public async Task A_read_after_it_was_closed_is_refused_and_does_not_wait_for_ever()
    {
        var database = await WithTableAsync();
        await CountAsync(database);
        await database.DisposeAsync();

        for (var times = 0; times < 10; times++)
        {
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => CountAsync(database).WaitAsync(Patience));
        }

        await database.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_read_sees_one_state_while_others_write()
    {
        await using var database = await WithTableAsync();
        using var reading = new ManualResetEventSlim();
        using var written = new ManualResetEventSlim();
        await Insert(database, 1);
        var counts = database.ReadAsync(
            connection =>
            {
                var before = connection.ExecuteScalar<long>("select count(*) from t");
                reading.Set();
                Assert.True(written.Wait(Patience));
                return (before, after: connection.ExecuteScalar<long>("select count(*) from t"));
            },
            Never);
        Assert.True(reading.Wait(Patience));
        await Insert(database, 2);
        written.Set();

        Assert.Equal((1, 1), await counts.WaitAsync(Patience));
        Assert.Equal(2, await CountAsync(database));
    }

    [Fact]
    public async Task A_read_that_fails_costs_no_place()
    {
        await using var database = await WithTableAsync();
        for (var times = 0; times < 20; times++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => database.ReadAsync<int>(_ => throw new InvalidOperationException(), Never).WaitAsync(Patience));
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ReadAsync(connection => connection.Execute("select * from nowhere"), Never).WaitAsync(Patience));
        }

        Assert.Equal(0, await CountAsync(database).WaitAsync(Patience));
    }

    [Fact]
    public async Task Many_writers_and_readers_get_on()
    {
        await using var database = await WithTableAsync();
        using var limit = new CancellationTokenSource(Patience);
        var writers = Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; number < 50; number++)
            {
                await Insert(database, (writer * 1000) + number);
            }
        })).ToList();
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var last = 0L;
            while (!writers.All(writer => writer.IsCompleted))
            {
                var now = await CountAsync(database);
                Assert.True(now >= last);
                last = now;
                limit.Token.ThrowIfCancellationRequested();
            }
        })).ToList();
        await Task.WhenAll([.. writers, .. readers]).WaitAsync(Patience);

        Assert.Equal(16 * 50, await CountAsync(database));
    }

    [Fact]
    public async Task What_was_answered_is_there_after_it_is_opened_again()
    {
        await using (var database = await WithTableAsync())
        {
            await Insert(database, 1);
        }

        await using var again = Open();
        Assert.Equal(1, await CountAsync(again));
    }

    [Fact]
    public async Task Each_migration_is_applied_once()
    {
        await Open().DisposeAsync();
        var version = UserVersion();
        await Open().DisposeAsync();

        Assert.True(version > 0);
        Assert.Equal(version, UserVersion());
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await Open().DisposeAsync();
        Execute("pragma user_version = 9999");

        Assert.Contains("newer", Assert.Throws<DatabaseUnavailableException>(Open).Message, StringComparison.Ordinal);
        Assert.Equal(9999, UserVersion());
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_name()
    {
        System.IO.File.WriteAllText(File, new string('x', 10_000));

        Assert.Contains(File, Assert.Throws<DatabaseUnavailableException>(Open).Message, StringComparison.Ordinal);
        Assert.Equal(10_000, new FileInfo(File).Length);
    }

    [Fact]
    public async Task A_damaged_file_is_refused_by_name()
    {
        await using (var database = await WithTableAsync())
        {
            for (var number = 0; number < 200; number++)
            {
                await database.WriteAsync(connection => connection.Execute("insert into t (id, v) values (@Id, @V)", new { Id = number, V = new string('v', 500) }), Never);
            }
        }

        await using (var stream = System.IO.File.OpenWrite(File))
        {
            stream.Position = stream.Length / 2;
            await stream.WriteAsync(new byte[8192]);
        }

        Assert.Contains(File, Assert.Throws<DatabaseUnavailableException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_its_place_is_refused_by_name()
    {
        Directory.CreateDirectory(File);

        Assert.Contains(File, Assert.Throws<DatabaseUnavailableException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_try_to_open_a_bad_file_gives_everything_back()
    {
        await Open().DisposeAsync();
        Execute("pragma user_version = 9999");
        for (var times = 0; times < 30; times++)
        {
            Assert.Throws<DatabaseUnavailableException>(Open);
        }

        Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd").Select(Target), target => target?.StartsWith(File, StringComparison.Ordinal) == true);

        static string? Target(string link)
        {
            try
            {
                return new FileInfo(link).LinkTarget;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Database_WAL_and_shared_memory_are_for_the_hosts_user_alone()
    {
        await using var database = await WithTableAsync();
        await Insert(database, 1);

        Assert.Equal(["mail.db", "mail.db-shm", "mail.db-wal", "mail.db.lock", "mail.db.pid"], Directory.EnumerateFiles(_temp.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Modes.AreOnlyTheOwners(Directory.EnumerateFiles(_temp.Path));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_not_made_anew_by_a_reader()
    {
        await using var database = await WithTableAsync();
        foreach (var file in Directory.EnumerateFiles(_temp.Path))
        {
            System.IO.File.Delete(file);
        }

        // No reader has a connection yet.
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => CountAsync(database).WaitAsync(Patience));
        Assert.False(System.IO.File.Exists(File));
    }

    SqliteDatabase Open() => SqliteDatabase.Open(File, _log.Of<SqliteDatabase>());

    async Task<SqliteDatabase> WithTableAsync()
    {
        var database = Open();
        await database.WriteAsync(connection => connection.Execute("create table if not exists t (id integer primary key, v text not null) strict"), Never);
        return database;
    }

    static Task<int> Insert(SqliteDatabase database, int id) =>
        database.WriteAsync(connection => connection.Execute("insert into t (id, v) values (@Id, 'x')", new { Id = id }), Never);

    static Task<long> CountAsync(SqliteDatabase database) => database.ReadAsync(connection => connection.ExecuteScalar<long>("select count(*) from t"), Never);

    long UserVersion()
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection.ExecuteScalar<long>("pragma user_version");
    }

    void Execute(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
