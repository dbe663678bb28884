using System.Data.Common;
using MailPlugin.Nodes;
using MailPlugin.Queue;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Storage.Postgres;

/// <summary>Locks as rows that end by the database's clock. No connection is held meanwhile, so that a slow holder costs nobody one.</summary>
internal sealed partial class PostgresLock(IDatabase database, TimeProvider clock, ILogger<PostgresLock> logger) : INodeLock
{
    static readonly TimeSpan Again = TimeSpan.FromMilliseconds(150);

    /// <summary>In front: callers of one node stand in line here and do not ask the database one by one.</summary>
    readonly LocalLock _local = new();

    public async Task<IAsyncDisposable> TakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken)
    {
        var local = await _local.TakeAsync(name, longest, cancellationToken);
        try
        {
            var token = Lease.NewToken();
            while (!await database.WriteAsync(connection => TryTake(connection, name, token, longest), cancellationToken))
            {
                await Task.Delay(Again, clock, cancellationToken);
            }

            return new Hold(this, local, name, token);
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    public async Task<IAsyncDisposable?> TryTakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (await _local.TryTakeAsync(name, longest, cancellationToken) is not { } local)
        {
            return null;
        }

        var taken = false;
        try
        {
            var token = Lease.NewToken();
            taken = await database.WriteAsync(connection => TryTake(connection, name, token, longest), cancellationToken);
            return taken ? new Hold(this, local, name, token) : null;
        }
        finally
        {
            if (!taken)
            {
                await local.DisposeAsync();
            }
        }
    }

    static bool TryTake(DbConnection connection, string name, long token, TimeSpan longest) =>
        connection.Prepared($"""
            insert into node_locks (name, token, until) values (@name, @token, {Dialect.DatabaseNow} + @longest)
            on conflict (name) do update set token = excluded.token, until = excluded.until where node_locks.until <= {Dialect.DatabaseNow}
            """)
            .Set("@name", name).Set("@token", token).Set("@longest", (long)longest.TotalMilliseconds).ExecuteNonQuery() == 1;

    async Task GiveBackAsync(string name, long token)
    {
        try
        {
            await database.WriteAsync(
                connection => connection.Prepared("delete from node_locks where name = @name and token = @token").Set("@name", name).Set("@token", token).ExecuteNonQuery(), CancellationToken.None);
        }
        catch (DatabaseUnavailableException fault)
        {
            LogNotGivenBack(name, fault.Message);
        }
    }

    [LoggerMessage(EventId = 1525, Level = LogLevel.Warning, Message = "The lock {Name} could not be given back and ends by its time: {Reason}")]
    partial void LogNotGivenBack(string name, string reason);

    sealed class Hold(PostgresLock owner, IAsyncDisposable local, string name, long token) : IAsyncDisposable
    {
        bool _given;

        public async ValueTask DisposeAsync()
        {
            if (!Interlocked.Exchange(ref _given, true))
            {
                await owner.GiveBackAsync(name, token);
                await local.DisposeAsync();
            }
        }
    }
}
