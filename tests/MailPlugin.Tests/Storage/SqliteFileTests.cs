using MailPlugin.Storage;
using MailPlugin.Storage.Sqlite;
using MailPlugin.TestBed;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Storage;

public sealed class SqliteFileTests : IDisposable
{
    readonly TempFolder _folder = new();

    string DatabaseFile => _folder.Of("mail.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_opener_is_refused_and_told_who_has_it()
    {
        await using var first = Open();

        var refusal = Assert.Throws<DatabaseUnavailableException>(Open);

        Assert.Contains($"in use by another process (process {Environment.ProcessId})", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_first_has_closed_it_opens_again()
    {
        await Open().DisposeAsync();

        await using var again = Open();

        Assert.Equal(1, await again.ReadAsync(connection => Convert.ToInt32(connection.Prepared("select 1").ExecuteScalar(), null), default));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_and_let_go_of()
    {
        await Open().DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(DatabaseFile);
        Array.Fill(bytes, (byte)0xAA, 0, Math.Min(8_192, bytes.Length));
        await File.WriteAllBytesAsync(DatabaseFile, bytes);
        Assert.Throws<DatabaseUnavailableException>(Open);
        File.Delete(DatabaseFile);

        await using var fresh = Open();
    }

    [Theory]
    [InlineData("message_contents", true)]
    [InlineData("settings", false)]
    public async Task A_large_file_is_checked_without_its_mail(string damagedTable, bool opens)
    {
        long root;
        await using (var database = Open())
        {
            root = await database.ReadAsync(connection => (long)connection.Prepared("select rootpage from sqlite_master where name = @name").Set("@name", damagedTable).ExecuteScalar()!, default);
        }

        await using (var stream = File.OpenWrite(DatabaseFile))
        {
            stream.Position = (root - 1) * 4096;
            await stream.WriteAsync(Enumerable.Repeat((byte)0xAA, 4096).ToArray());
        }

        if (opens)
        {
            await using var database = OpenLarge();
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ReadAsync(connection => connection.Prepared($"select count(*) from {damagedTable}").ExecuteScalar(), default));
        }
        else
        {
            Assert.Contains(DatabaseFile, Assert.Throws<DatabaseUnavailableException>(OpenLarge).Message, StringComparison.Ordinal);
        }

        SqliteDatabase OpenLarge() => SqliteDatabase.Open(DatabaseFile, NullLogger.Instance, checkedWhole: 0);
    }

    [Fact]
    public async Task One_bad_work_does_not_fail_those_that_share_its_commit()
    {
        await using var database = Open();
        var release = new TaskCompletionSource();

        // While the first commit is held up, the others gather for the second.
        var first = database.WriteAsync(_ => release.Task.Wait(TimeSpan.FromSeconds(10)), default);
        var works = Enumerable.Range(0, 20).Select(number => database.WriteAsync(
            connection => number == 7
                ? connection.Run("insert into nowhere values (1)")
                : connection.Prepared("insert into state (name, value) values (@name, 'x')").Set("@name", $"n{number}").ExecuteNonQuery(),
            default)).ToList();
        release.SetResult();

        await first;
        for (var number = 0; number < works.Count; number++)
        {
            if (number == 7)
            {
                await Assert.ThrowsAnyAsync<Exception>(() => works[7]);
            }
            else
            {
                Assert.Equal(1, await works[number]);
            }
        }

        Assert.Equal(19L, await database.ReadAsync(connection => connection.Prepared("select count(*) from state where name like 'n%'").ExecuteScalar(), default));
    }

    [Fact]
    public async Task A_work_that_fails_halfway_leaves_nothing()
    {
        await using var database = Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync<int>(
            connection =>
            {
                connection.Run("insert into state (name, value) values ('half', 'x')");
                throw new InvalidOperationException("in the middle");
            },
            default));

        Assert.Equal(0L, await database.ReadAsync(connection => connection.Prepared("select count(*) from state").ExecuteScalar(), default));
    }

    [Fact]
    public async Task A_caller_that_gives_up_before_its_turn_writes_nothing()
    {
        await using var database = Open();
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = database.WriteAsync(
            _ =>
            {
                begun.SetResult();
                return release.Task.Wait(TimeSpan.FromSeconds(10));
            },
            default);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10));
        using var giveUp = new CancellationTokenSource();
        var second = database.WriteAsync(connection => connection.Run("insert into state (name, value) values ('late', 'x')"), giveUp.Token);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        release.SetResult();
        await first;

        Assert.Equal(0L, await database.ReadAsync(connection => connection.Prepared("select count(*) from state").ExecuteScalar(), default));
    }

    [Fact]
    public async Task A_full_disk_is_unavailable_and_passes()
    {
        await using var database = Open();
        await database.WriteAsync(connection => connection.Run("pragma max_page_count = 1"), default);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.WriteAsync(
            connection => connection.Prepared("insert into state (name, value) values ('big', @value)").Set("@value", new string('x', 1_000_000)).ExecuteNonQuery(), default));
        await database.WriteAsync(connection => connection.Run("pragma max_page_count = 1000000"), default);

        Assert.Equal(1, await database.WriteAsync(connection => connection.Prepared("insert into state (name, value) values ('big', @value)").Set("@value", new string('x', 1_000_000)).ExecuteNonQuery(), default));
    }

    [Fact]
    public async Task Freed_pages_go_back_to_the_disk()
    {
        await using var database = Open();
        await database.WriteAsync(connection => connection.Prepared("insert into state (name, value) values ('big', @value)").Set("@value", new string('x', 4_000_000)).ExecuteNonQuery(), default);
        await database.WriteAsync(connection => connection.Run("delete from state"), default);
        var retention = new MailPlugin.Storage.Queue.QueueRetention(database);
        var before = await PagesAsync(database);

        while (await retention.ShrinkAsync(default))
        {
            // A few pages at a time.
        }

        Assert.True(await PagesAsync(database) < before / 10);
    }

    static Task<long> PagesAsync(SqliteDatabase database) => database.ReadAsync(connection => (long)connection.Prepared("pragma page_count").ExecuteScalar()!, default);

    SqliteDatabase Open() => SqliteDatabase.Open(DatabaseFile, NullLogger.Instance);
}
