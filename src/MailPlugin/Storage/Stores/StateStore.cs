using MailPlugin.Diagnostics.Debug;
using MailPlugin.Storage.Queue;

namespace MailPlugin.Storage.Stores;

internal sealed class StateStore(IDatabase database) : IStateStore
{
    public Task<string?> GetAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        connection => (string?)connection.Prepared("select value from state where name = @name").Set("@name", name).ExecuteScalar(), cancellationToken);

    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => database.WriteAsync(connection => QueueState.Put(connection, name, value), cancellationToken);
}
