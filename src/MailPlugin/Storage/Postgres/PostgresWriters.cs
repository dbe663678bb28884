using Microsoft.Extensions.Logging;

namespace MailPlugin.Storage.Postgres;

/// <summary>
/// A few connections that write. Each takes what waits and runs it in one transaction, so that the wait for the disk, and for the network, is shared; the server
/// joins the commits of several besides. What is done for many callers with a few statements has connections of its own: no submission waits for a claim. Where one work fails, all of its transaction
/// are run again, each alone.
/// </summary>
internal sealed partial class PostgresWriters : IAsyncDisposable
{
    /// <summary>For each of the two kinds.</summary>
    const int Count = 2;
    const int MaxBatch = 64;
    const int MaxTries = 4;

    /// <summary>So many together cost a quarter of what each would alone; more save little.</summary>
    const int Enough = 16;

    /// <summary>Callers that were answered need about so long to come again.</summary>
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(2);

    /// <summary>A connection that nobody used for so long is asked before it is trusted.</summary>
    static readonly TimeSpan Stale = TimeSpan.FromSeconds(1);

    readonly PostgresLink _link;
    readonly ILogger _logger;
    readonly WriteQueue _grouped = new(MaxBatch) { Enough = Enough, Gather = Gather };
    readonly WriteQueue _single = new(MaxBatch) { Enough = Enough };
    readonly Task _loops;

    public PostgresWriters(PostgresLink link, ILogger logger)
    {
        (_link, _logger) = (link, logger);
        _loops = Task.WhenAll(Enumerable.Range(0, Count).SelectMany(_ => new[] { RunWriterAsync(_grouped), RunWriterAsync(_single) }));
    }

    /// <exception cref="DatabaseUnavailableException">It was not written, or the database did not answer in time. In the latter case it was, if the commit was under way already.</exception>
    public async Task<T> RunAsync<T>(WriteWork<T> work, CancellationToken cancellationToken)
    {
        var written = (work.Group is null ? _single : _grouped).RunAsync(work, cancellationToken);
        try
        {
            return await written.WaitAsync(_link.Patience, _link.Clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // It may have come to its end in the very moment in which the time was over.
            if (written.IsCompleted)
            {
                return await written;
            }

            work.Abandon();
            throw new DatabaseUnavailableException("The database does not answer in time.") { MayBeOfSize = false };
        }
    }

    public async ValueTask DisposeAsync()
    {
        _grouped.Close();
        _single.Close();
        await _loops;
    }

    async Task RunWriterAsync(WriteQueue waiting)
    {
        using var writer = new Writer(this, waiting);
        await waiting.StartWriter(writer.Commit);
    }

    [LoggerMessage(EventId = 1521, Level = LogLevel.Error, Message = "A commit of {Count} writes failed; nothing of it was kept, as far as is known: {Reason}")]
    static partial void LogFailed(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 1522, Level = LogLevel.Debug, Message = "A commit of {Count} writes failed; each is tried alone")]
    static partial void LogAlone(ILogger logger, int count, Exception fault);

    /// <summary>One connection and the thread that uses it.</summary>
    sealed class Writer(PostgresWriters owner, WriteQueue waiting) : IDisposable
    {
        PostgresConnection? _connection;
        long _usedAt;
        bool _wasCut;

        public void Commit(List<WriteWork> batch)
        {
            for (var tried = 1; ; tried++)
            {
                try
                {
                    CommitTogether(batch);
                    return;
                }
                catch (Exception fault) when (PostgresFault.IsDatabases(fault))
                {
                    if (_wasCut && tried == 1 && !PostgresFault.IsSilence(fault))
                    {
                        // Nothing was committed, and a new connection tells whether the database is there.
                        continue;
                    }

                    owner._link.Failed();
                    LogFailed(owner._logger, batch.Count, fault.Message);
                    batch.ForEach(work => work.Fail(Unavailable(fault)));
                    return;
                }
                catch (Exception fault) when (batch.Count == 1)
                {
                    if (!PostgresFault.IsCollision(fault))
                    {
                        batch[0].Fail(fault);
                        return;
                    }

                    if (tried == MaxTries || batch[0].IsAbandoned)
                    {
                        LogFailed(owner._logger, 1, fault.Message);
                        batch[0].Fail(Unavailable(fault));
                        return;
                    }
                }
                catch (Exception fault)
                {
                    LogAlone(owner._logger, batch.Count, fault);
                    foreach (var work in batch.Where(work => !work.IsAbandoned))
                    {
                        Commit([work]);
                    }

                    return;
                }
            }
        }

        public void Dispose() => Drop();

        void CommitTogether(List<WriteWork> batch)
        {
            var kept = _connection;
            var connection = Ready();
            var committing = false;
            try
            {
                RunAll(connection, batch);
                if (batch.Exists(work => work.IsAbandoned))
                {
                    // Somebody was told already that it takes too long: then nobody is told anything else, and nothing is kept.
                    throw new TimeoutException("The database is too slow.");
                }

                committing = true;
                connection.Commit();
                owner._link.Succeeded();
                _usedAt = owner._link.Clock.GetTimestamp();
            }
            catch (Exception fault)
            {
                RollBack(connection);
                if (PostgresFault.IsReadOnly(fault))
                {
                    Drop();
                }

                _wasCut = !committing && connection == kept && _connection is null;
                throw;
            }

            waiting.Answer(batch);
        }

        static void RunAll(PostgresConnection connection, List<WriteWork> batch)
        {
            // A group does first what waits for others by name (idempotency marks), then what counts, so that no two transactions wait for each other.
            foreach (var group in batch.Where(work => work.Group is not null).GroupBy(work => work.Group!))
            {
                group.Key.Run(connection, [.. group]);
            }

            foreach (var work in batch.Where(work => work.Group is null))
            {
                work.Run(connection, _ => true);
            }
        }

        /// <summary>A connection with a transaction begun.</summary>
        PostgresConnection Ready()
        {
            if (_connection is { } kept)
            {
                kept.Begin();
                if (owner._link.Clock.GetElapsedTime(_usedAt) < Stale)
                {
                    return kept;
                }

                try
                {
                    kept.Flush();
                    return kept;
                }
                catch (Exception fault) when (PostgresFault.IsDatabases(fault))
                {
                    // It was cut while nobody used it: a new one tells whether the database is there.
                    Drop();
                }
            }

            _connection = owner._link.Connect(writes: true);
            _connection.Begin();
            return _connection;
        }

        void RollBack(PostgresConnection connection)
        {
            try
            {
                connection.RollBack();
            }
            catch (Exception fault) when (PostgresFault.IsDatabases(fault) || fault is InvalidOperationException)
            {
                // The server takes back what a connection that is gone has begun.
                Drop();
            }
        }

        void Drop()
        {
            _connection?.Dispose();
            _connection = null;
        }

        static DatabaseUnavailableException Unavailable(Exception fault) => new($"The database cannot be written: {fault.Message}", fault) { MayBeOfSize = PostgresFault.IsShortage(fault) };
    }
}
