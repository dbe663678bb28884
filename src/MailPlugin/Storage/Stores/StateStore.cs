using Dapper;
using MailPlugin.Diagnostics.Debug;

namespace MailPlugin.Storage.Stores;

internal sealed class StateStore(IDatabase database) : IStateStore
{
    public Task<string?> GetAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QueryFirstOrDefault<string>("select value from state where name = @Name", new { Name = name }), cancellationToken);

    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute(
            "insert into state (name, value) values (@Name, @Value) on conflict (name) do update set value = excluded.value", new { Name = name, Value = value }),
        cancellationToken);
}
