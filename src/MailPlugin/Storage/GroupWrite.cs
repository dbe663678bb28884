using System.Data.Common;

namespace MailPlugin.Storage;

/// <summary>
/// A write that can be done for many callers at once with fewer statements than for each by itself. Where statements cost round trips, whatever of the same kind waits is done together; each
/// caller has its own result. Made once and kept: it is what callers of the same kind have in common.
/// </summary>
/// <param name="run">The results in the order of the items. When it throws, each item is tried alone.</param>
internal sealed class GroupWrite<TItem, TResult>(Func<DbConnection, IReadOnlyList<TItem>, IReadOnlyList<TResult>> run) : WriteGroup
{
    public TResult RunAlone(DbConnection connection, TItem item) => run(connection, [item])[0];

    public WriteWork<TResult> NewWork(TItem item, CancellationToken cancellationToken) => new Work(this, item, cancellationToken);

    public override void Run(DbConnection connection, IReadOnlyList<WriteWork> works)
    {
        var results = run(connection, [.. works.Select(work => ((Work)work).Item)]);
        for (var i = 0; i < works.Count; i++)
        {
            ((Work)works[i]).Result = results[i];
        }
    }

    sealed class Work(GroupWrite<TItem, TResult> group, TItem item, CancellationToken cancellationToken)
        : WriteWork<TResult>(connection => group.RunAlone(connection, item), cancellationToken)
    {
        public TItem Item => item;

        public override WriteGroup Group => group;
    }
}

internal abstract class WriteGroup
{
    /// <summary>Runs works that are all of this group.</summary>
    public abstract void Run(DbConnection connection, IReadOnlyList<WriteWork> works);
}
