using Dapper;
using MailPlugin.Nodes;
using MailPlugin.Settings.Store;
using MailPlugin.Settings.Versions;
using MailPlugin.Storage.Queue;

namespace MailPlugin.Storage.Stores;

internal sealed class SettingsStore(IDatabase database) : ISettingsStore
{
    const string Select = "select version, updated_at, updated_by, document, secrets from settings";

    public Task<StoredSettings?> LoadAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => Read(connection.Prepared($"{Select} order by version desc limit 1")), cancellationToken);

    public Task<StoredSettings?> FindAsync(int version, CancellationToken cancellationToken) => database.ReadAsync(
        connection => Read(connection.Prepared($"{Select} where version = @version").Set("@version", version)), cancellationToken);

    public Task<IReadOnlyList<SettingsVersion>> ListAsync(int? before, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SettingsVersion>>(
        connection => [.. connection.Query<(long Version, long UpdatedAt, string UpdatedBy)>(
            "select version, updated_at, updated_by from settings where version < @Before order by version desc limit @Limit",
            new { Before = before ?? int.MaxValue, Limit = limit }).Select(row => new SettingsVersion((int)row.Version, row.UpdatedAt.ToTime(), row.UpdatedBy))],
        cancellationToken);

    public Task<bool> SaveAsync(StoredSettings settings, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            var added = connection.Execute(
                """
                insert into settings (version, updated_at, updated_by, document, secrets)
                select @Version, @UpdatedAt, @UpdatedBy, @Document, @Secrets
                where (select coalesce(max(version), 0) from settings) = @Version - 1
                on conflict do nothing
                """,
                new { settings.Version, UpdatedAt = settings.UpdatedAt.ToColumn(), settings.UpdatedBy, settings.Document, settings.Secrets }) == 1;
            if (added)
            {
                connection.Execute("delete from settings where version <= @Last", new { Last = settings.Version - SettingsVersion.Kept });
                connection.Announce(Topic.Settings);
            }

            return added;
        },
        cancellationToken);

    /// <summary>Read by hand: every host's start waits for it, and Dapper would first have to write the code.</summary>
    static StoredSettings? Read(PreparedStatement statement)
    {
        using var row = statement.ExecuteReader();
        return row.Read() ? new((int)row.GetInt64(0), row.Time(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : (byte[])row.GetValue(4)) : null;
    }
}
