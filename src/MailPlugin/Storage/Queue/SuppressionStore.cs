using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

internal sealed class SuppressionStore(IDatabase database) : ISuppressionStore
{
    internal const string Columns = "address, reason, source, created_at, expires_at";
    internal const string InForce = "(expires_at is null or expires_at > @now)";

    public Task<IReadOnlyList<Suppression>> ListAsync(SuppressionPosition? after, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Suppression>>(connection => List(connection, after, limit, now), cancellationToken);

    public Task PutAsync(Suppression suppression, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => Put(connection, suppression), cancellationToken);

    public Task<bool> RemoveAsync(string address, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Prepared("delete from suppressions where address = @address").Set("@address", Recipient.KeyOf(address)).ExecuteNonQuery() > 0,
        cancellationToken);

    internal static int Put(DbConnection connection, Suppression suppression) =>
        connection.Prepared($"""
            insert into suppressions ({Columns}) values (@address, @reason, @source, @created_at, @expires_at)
            on conflict (address) do update set reason = excluded.reason, source = excluded.source, created_at = excluded.created_at, expires_at = excluded.expires_at
            """)
            .Set("@address", Recipient.KeyOf(suppression.Address)).Set("@reason", suppression.Reason).Set("@source", suppression.Source)
            .Set("@created_at", suppression.CreatedAt.ToUnixTimeMilliseconds()).Set("@expires_at", suppression.ExpiresAt?.ToUnixTimeMilliseconds())
            .ExecuteNonQuery();

    /// <summary>What is in force of these addresses, by their keys.</summary>
    internal static Dictionary<string, Suppression> Find(DbConnection connection, IEnumerable<string> addresses, DateTimeOffset now)
    {
        var found = new Dictionary<string, Suppression>(StringComparer.Ordinal);
        var keys = addresses.Select(Recipient.KeyOf);
        if (connection.Dialect().IsShared)
        {
            Read(connection.Prepared($"select {Columns} from suppressions where address = any(@addresses) and {InForce}").SetAll("@addresses", keys));
        }
        else
        {
            var one = connection.Prepared($"select {Columns} from suppressions where address = @address and {InForce}");
            foreach (var key in keys)
            {
                Read(one.Set("@address", key));
            }
        }

        return found;

        void Read(PreparedStatement command)
        {
            using var row = command.Set("@now", now.ToUnixTimeMilliseconds()).ExecuteReader();
            while (row.Read())
            {
                found[row.GetString(0)] = SuppressionStore.Read(row);
            }
        }
    }

    static List<Suppression> List(DbConnection connection, SuppressionPosition? after, int limit, DateTimeOffset now)
    {
        var list = new List<Suppression>();
        using var row = connection.Prepared($"""
            select {Columns} from suppressions where {InForce} and (created_at < @at or (created_at = @at and address < @address))
            order by created_at desc, address desc limit @limit
            """)
            .Set("@now", now.ToUnixTimeMilliseconds()).Set("@limit", limit)
            .Set("@at", after?.CreatedAt.ToUnixTimeMilliseconds() ?? long.MaxValue).Set("@address", after?.Address ?? "").ExecuteReader();
        while (row.Read())
        {
            list.Add(Read(row));
        }

        return list;
    }

    internal static Suppression Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.Time(3), row.IsDBNull(4) ? null : row.Time(4));
}
