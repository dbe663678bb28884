using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

internal sealed class QueueState(IDatabase database) : IQueueState
{
    public Task<string?> ReadAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        connection => (string?)connection.Prepared("select value from state where name = @name").Set("@name", name).ExecuteScalar(), cancellationToken);

    public Task WriteAsync(string name, string value, CancellationToken cancellationToken) => database.WriteAsync(connection => Put(connection, name, value), cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            // A name of its own: nodes that look at the same time do not wait for each other's row.
            var name = $"probe.{Guid.CreateVersion7():N}";
            connection.Prepared("insert into state (name, value) values (@name, '')").Set("@name", name).ExecuteNonQuery();
            return connection.Prepared("delete from state where name = @name").Set("@name", name).ExecuteNonQuery();
        },
        cancellationToken);

    /// <summary>Names of what belongs together begin with the topic that it is told under: <c>delivery.paused</c>.</summary>
    internal static int Put(DbConnection connection, string name, string value)
    {
        connection.Announce(name.Split('.')[0]);
        return connection.Prepared("insert into state (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value")
            .Set("@name", name).Set("@value", value).ExecuteNonQuery();
    }
}
