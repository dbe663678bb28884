using System.Threading.Channels;
using MailPlugin.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace MailPlugin.Benchmarks;

/// <summary>
/// What the disk and SQLite give at best: one row a message, prepared, one writer, everything that waits in one commit, the same WAL with <c>synchronous=FULL</c>.
/// </summary>
internal sealed class BareCommit : IAsyncDisposable
{
    readonly Channel<(byte[] Bytes, TaskCompletionSource Done)> _waiting = Channel.CreateBounded<(byte[], TaskCompletionSource)>(new BoundedChannelOptions(4096) { SingleReader = true });
    readonly SqliteConnection _connection;
    readonly Task _loop;

    public BareCommit(string file)
    {
        SqliteLibrary.EnsureLoaded();
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        Run("pragma journal_mode=wal; pragma synchronous=full; create table rows (key integer primary key, bytes blob not null);");
        _loop = Task.Factory.StartNew(Loop, TaskCreationOptions.LongRunning);
    }

    public async Task WriteAsync(byte[] bytes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((bytes, done));
        await done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _loop;
        await _connection.DisposeAsync();
    }

    void Loop()
    {
        using var insert = _connection.CreateCommand();
        insert.CommandText = "insert into rows (bytes) values (@bytes)";
        var parameter = insert.Parameters.Add("@bytes", SqliteType.Blob);
        using var begin = _connection.CreateCommand();
        begin.CommandText = "begin immediate";
        using var commit = _connection.CreateCommand();
        commit.CommandText = "commit";
        var batch = new List<TaskCompletionSource>();
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            begin.ExecuteNonQuery();
            while (batch.Count < 256 && _waiting.Reader.TryRead(out var next))
            {
                parameter.Value = next.Bytes;
                insert.ExecuteNonQuery();
                batch.Add(next.Done);
            }

            commit.ExecuteNonQuery();
            batch.ForEach(done => done.SetResult());
            batch.Clear();
        }
    }

    void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
