using System.Data.Common;

namespace MailPlugin.Storage;

/// <summary>
/// The one database behind every store. Work is given as a function of a connection, so that the stores need no knowledge of
/// who else writes.
/// </summary>
internal interface IDatabase
{
    /// <summary>Which of the two it is.</summary>
    Dialect Dialect { get; }

    /// <summary>
    /// Whether leases that have ended may be taken over. Not for a while after the database was away: whoever could neither renew a lease nor write what came of it has the first word.
    /// </summary>
    bool LeasesEnd => true;

    /// <summary>
    /// Runs work in a transaction, shared with whatever else waits to be written. When the task completes the commit is on disk
    /// (fsync); when it faults nothing of this work was kept, and the work of others is not affected. The work must be quick, must not
    /// begin or end transactions, and may be run a second time if the first commit failed.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot commit.</exception>
    Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken);

    /// <summary>The same for a write that is done for many callers at once where that is faster.</summary>
    Task<TResult> WriteAsync<TItem, TResult>(GroupWrite<TItem, TResult> write, TItem item, CancellationToken cancellationToken) =>
        WriteAsync(connection => write.RunAlone(connection, item), cancellationToken);

    /// <summary>Runs work on a consistent snapshot. Short: a long read holds the checkpoint back.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken);

    /// <summary>Clears away what deleted content left in files beside the database. Where somebody is in the way it is left to the next time.</summary>
    Task SweepAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
