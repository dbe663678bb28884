using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Storage.Sqlite;

/// <summary>
/// The one writer. Whatever waits is run in one transaction, each work in a savepoint of its own, and committed together: the wait
/// for the disk is shared. Callers hear of success only after the commit. When a commit fails, each work is tried once more alone, so that
/// one bad item does not fail the others.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    const int MaxBatch = 256;
    const int ReadOnly = 8;

    readonly SqliteConnection _connection;
    readonly ILogger _logger;
    readonly WriteQueue _waiting = new(MaxBatch);
    readonly Task _loop;

    public SqliteWriter(SqliteConnection connection, ILogger logger)
    {
        _connection = connection;
        _logger = logger;
        _loop = _waiting.StartWriter(Commit);
    }

    public Task<T> RunAsync<T>(Func<DbConnection, T> function, CancellationToken cancellationToken) =>
        _waiting.RunAsync(new WriteWork<T>(function, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _waiting.Close();
        await _loop;
        _connection.Dispose();
    }

    void Commit(List<WriteWork> batch)
    {
        try
        {
            CommitTogether(batch);
        }
        catch (Exception fault) when (batch.Count == 1 || IsBroken(fault))
        {
            LogFailed(_logger, batch.Count, fault);
            batch.ForEach(work => work.Fail(Unavailable(fault)));
        }
        catch (Exception fault)
        {
            LogAlone(_logger, batch.Count, fault);
            foreach (var work in batch)
            {
                Commit([work]);
            }
        }
    }

    void CommitTogether(List<WriteWork> batch)
    {
        // Plain statements instead of a transaction object: prepared commands need not be told of it one by one.
        _connection.Run("begin immediate");
        try
        {
            RunAll(batch);
            if (SqliteLibrary.HasMoved(_connection))
            {
                throw new SqliteException("the file was moved or deleted; put it back, or restart the host", ReadOnly);
            }

            _connection.Run(batch.Count == 1 && batch[0].Fault is not null ? "rollback" : "commit");
        }
        catch
        {
            RollBack();
            throw;
        }

        _waiting.Answer(batch);
    }

    void RunAll(List<WriteWork> batch)
    {
        if (batch.Count == 1)
        {
            batch[0].Run(_connection, IsBroken);
            return;
        }

        foreach (var work in batch)
        {
            _connection.Run("savepoint work");
            work.Run(_connection, IsBroken);
            if (work.Fault is not null)
            {
                _connection.Run("rollback to work");
            }

            _connection.Run("release work");
        }
    }

    /// <summary>SQLite has ended the transaction itself after some errors; then there is nothing to roll back.</summary>
    void RollBack()
    {
        try
        {
            _connection.Run("rollback");
        }
        catch (SqliteException fault)
        {
            LogNotRolledBack(_logger, fault.Message);
        }
    }

    /// <summary>FULL, IOERR, READONLY, CORRUPT, CANTOPEN, NOTADB; BUSY, LOCKED, NOMEM, PROTOCOL: the database's fault and not the work's, so that trying each alone would only repeat it.</summary>
    static bool IsBroken(Exception fault) => fault is SqliteException { SqliteErrorCode: 13 or 10 or 8 or 11 or 14 or 26 or 5 or 6 or 7 or 15 };

    static DatabaseUnavailableException Unavailable(Exception fault) => new($"The database cannot be written: {fault.Message}", fault);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Error, Message = "A commit of {Count} writes failed; nothing of it was kept")]
    static partial void LogFailed(ILogger logger, int count, Exception fault);

    [LoggerMessage(EventId = 1503, Level = LogLevel.Warning, Message = "A commit of {Count} writes failed; each is tried alone")]
    static partial void LogAlone(ILogger logger, int count, Exception fault);

    [LoggerMessage(EventId = 1504, Level = LogLevel.Debug, Message = "Nothing to roll back: {Reason}")]
    static partial void LogNotRolledBack(ILogger logger, string reason);
}
