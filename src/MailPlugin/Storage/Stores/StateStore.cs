using Dapper;
using MailPlugin.Diagnostics.Debug;
using MailPlugin.Storage.Queue;

namespace MailPlugin.Storage.Stores;

internal sealed class StateStore(IDatabase database) : IStateStore
{
    public Task<string?> GetAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QueryFirstOrDefault<string>("select value from state where name = @Name", new { Name = name }), cancellationToken);

    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => database.WriteAsync(connection => QueueState.Put(connection, name, value), cancellationToken);
}
