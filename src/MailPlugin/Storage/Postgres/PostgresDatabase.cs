using System.Data.Common;
using MailPlugin.Storage.Migrations;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Storage.Postgres;

/// <summary>
/// One PostgreSQL for any number of nodes. A few connections write, a few read; each lives as long as it works. While the database is away every call fails within
/// <see cref="PostgresTarget.Patience"/>, most of them at once.
/// </summary>
internal sealed partial class PostgresDatabase : IDatabase, IAsyncDisposable
{
    const int Readers = 6;

    /// <summary>Longer than any node needs, once the database is back, to renew its leases and to write its outcomes.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    readonly PostgresLink _link;
    readonly PostgresWriters _writers;
    readonly ReaderPool<PostgresConnection> _readers = new(Readers);
    bool _closed;

    PostgresDatabase(PostgresLink link, ILogger logger) => (_link, _writers) = (link, new(link, logger));

    /// <summary>Connects, and brings the schema to the newest migration; of several nodes that start at once one does so.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be reached or used, or was written by a newer version.</exception>
    public static PostgresDatabase Open(PostgresTarget target, TimeProvider clock, ILogger logger, Dialect? dialect = null)
    {
        var link = new PostgresLink(target, clock, dialect ?? Dialect.Postgres);
        try
        {
            using var connection = link.Connect();
            PostgresMigrations.Apply(connection, target.Schema);
            LogOpened(logger, connection.ServerVersion, target.Place);
            return new(link, logger);
        }
        catch (DbException fault)
        {
            throw new DatabaseUnavailableException($"The database at {target.Place} cannot be used: {fault.Message}", fault);
        }
    }

    public Dialect Dialect => _link.Dialect;

    public bool LeasesEnd => !Dialect.HasClock || _link.SteadyFor >= Grace;

    public Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => _writers.RunAsync(new WriteWork<T>(work, cancellationToken), cancellationToken);

    public Task<TResult> WriteAsync<TItem, TResult>(GroupWrite<TItem, TResult> write, TItem item, CancellationToken cancellationToken) =>
        _writers.RunAsync(write.NewWork(item, cancellationToken), cancellationToken);

    public async Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken)
    {
        var begun = _link.Clock.GetTimestamp();
        if (!await _readers.EnterAsync(_link.Patience, cancellationToken))
        {
            throw new DatabaseUnavailableException("The database is too slow: every connection is in use.");
        }

        // Npgsql is used synchronously: off the caller's thread, who is answered in time whatever it waits for.
        var read = Task.Run(() => ReadAndGiveBack(work), CancellationToken.None);
        try
        {
            return await read.WaitAsync(_link.Patience - _link.Clock.GetElapsedTime(begun) is { Ticks: > 0 } left ? left : TimeSpan.Zero, _link.Clock, cancellationToken);
        }
        catch (TimeoutException) when (!read.IsCompleted)
        {
            throw new DatabaseUnavailableException("The database does not answer in time.");
        }
        catch (Exception fault) when (PostgresFault.IsDatabases(fault) || PostgresFault.IsCollision(fault))
        {
            throw new DatabaseUnavailableException($"The database cannot be read: {fault.Message}", fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, true))
        {
            return;
        }

        await _writers.DisposeAsync();
        await _readers.DisposeAsync();
    }

    T ReadAndGiveBack<T>(Func<DbConnection, T> work)
    {
        try
        {
            return Read(work);
        }
        finally
        {
            _readers.Leave();
        }
    }

    T Read<T>(Func<DbConnection, T> work)
    {
        if (_readers.Take() is { } kept)
        {
            try
            {
                return Read(kept, work);
            }
            catch (Exception fault) when (PostgresFault.IsDatabases(fault) && !PostgresFault.IsSilence(fault) && !kept.IsSound)
            {
                // It was cut while nobody used it: a new one tells whether the database is there.
            }
        }

        return Read(_link.Connect(), work);
    }

    T Read<T>(PostgresConnection reader, Func<DbConnection, T> work) => _readers.Use(
        reader,
        connection =>
        {
            connection.BeginSnapshot();
            var result = work(connection);
            connection.Commit();
            return result;
        });

    [LoggerMessage(EventId = 1520, Level = LogLevel.Information, Message = "Database opened: PostgreSQL {Version} at {Place}")]
    static partial void LogOpened(ILogger logger, string version, string place);
}
