using Dapper;
using MailPlugin.Nodes;
using MailPlugin.Settings.Store;

namespace MailPlugin.Storage.Stores;

internal sealed class SettingsStore(IDatabase database) : ISettingsStore
{
    public Task<StoredSettings?> LoadAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QueryFirstOrDefault<Row>(
            "select version, updated_at as UpdatedAt, updated_by as UpdatedBy, document, secrets from settings order by version desc limit 1")?.ToSettings(),
        cancellationToken);

    public Task<bool> SaveAsync(StoredSettings settings, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            var saved = connection.Execute(
                """
                insert into settings (version, updated_at, updated_by, document, secrets)
                select @Version, @UpdatedAt, @UpdatedBy, @Document, @Secrets
                where (select coalesce(max(version), 0) from settings) = @Version - 1
                on conflict do nothing
                """,
                new { settings.Version, UpdatedAt = settings.UpdatedAt.ToColumn(), settings.UpdatedBy, settings.Document, settings.Secrets }) == 1;
            if (saved)
            {
                connection.Announce(Topic.Settings);
            }

            return saved;
        },
        cancellationToken);

    sealed class Row
    {
        public long Version { get; init; }

        public long UpdatedAt { get; init; }

        public string UpdatedBy { get; init; } = "";

        public string Document { get; init; } = "";

        public byte[]? Secrets { get; init; }

        public StoredSettings ToSettings() => new((int)Version, UpdatedAt.ToTime(), UpdatedBy, Document, Secrets);
    }
}
