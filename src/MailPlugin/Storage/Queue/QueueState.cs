using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

internal sealed class QueueState(IDatabase database) : IQueueState
{
    public Task<string?> ReadAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        connection => (string?)connection.Prepared("select value from state where name = @name").Set("@name", name).ExecuteScalar(), cancellationToken);

    public Task WriteAsync(string name, string value, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Prepared("insert into state (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value")
            .Set("@name", name).Set("@value", value).ExecuteNonQuery(),
        cancellationToken);
}
