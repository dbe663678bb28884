using System.Data.Common;
using Dapper;
using MailPlugin.Nodes;
using MailPlugin.Security;
using MailPlugin.Security.Keys;

namespace MailPlugin.Storage.Stores;

internal sealed class ApiKeyStore(IDatabase database) : IApiKeyStore
{
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ApiKey>>(
        connection => [.. connection.Query<Row>(
            """
            select id, name, hash, scopes, from_addresses as FromAddresses, rate_per_minute as RatePerMinute,
                   created_at as CreatedAt, expires_at as ExpiresAt, last_used_at as LastUsedAt
            from api_keys where revoked_at is null order by created_at desc, id
            """).Select(row => row.ToKey())],
        cancellationToken);

    public Task<bool> AddAsync(ApiKey key, bool onlyIfNone, CancellationToken cancellationToken) => database.WriteAsync(
        connection => Add(connection, key, onlyIfNone), cancellationToken);

    static bool Add(DbConnection connection, ApiKey key, bool onlyIfNone)
    {
        // Of two nodes that see none, or that each leave the other's as the last one, the second has to look again.
        connection.Serialize(Topic.Keys);
        var added = connection.Execute(
            """
            insert into api_keys (id, name, hash, scopes, from_addresses, rate_per_minute, created_at, expires_at)
            select @Id, @Name, @Hash, @Scopes, @From, @RatePerMinute, @CreatedAt, @ExpiresAt
            where @Always or not exists (select 1 from api_keys where revoked_at is null)
            """,
            new
            {
                key.Id,
                key.Name,
                key.Hash,
                Scopes = string.Join(' ', key.Scopes),
                From = key.From.Count == 0 ? null : string.Join('\n', key.From),
                key.RatePerMinute,
                CreatedAt = key.CreatedAt.ToColumn(),
                ExpiresAt = key.ExpiresAt.ToColumn(),
                Always = !onlyIfNone,
            }) == 1;
        if (added)
        {
            connection.Announce(Topic.Keys);
        }

        return added;
    }

    public Task<RevokeOutcome> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            connection.Serialize(Topic.Keys);
            var alive = connection.Query<(string Id, string Scopes, long? ExpiresAt)>(
                "select id, scopes, expires_at from api_keys where revoked_at is null and (expires_at is null or expires_at > @At)", new { At = at.ToColumn() }).ToList();
            var admins = alive.Where(key => key.Scopes.Split(' ').Contains(Scopes.Admin)).ToList();
            var own = admins.Find(key => key.Id == id);
            if (own.Id is not null && !admins.Exists(key => key.Id != id && (key.ExpiresAt ?? long.MaxValue) >= (own.ExpiresAt ?? long.MaxValue)))
            {
                return RevokeOutcome.LastAdmin;
            }

            if (connection.Execute("update api_keys set revoked_at = @At where id = @Id and revoked_at is null", new { Id = id, At = at.ToColumn() }) == 0)
            {
                return RevokeOutcome.NotFound;
            }

            connection.Execute("delete from sign_ins where key_id = @Id", new { Id = id });
            connection.Announce(Topic.Keys);
            return RevokeOutcome.Revoked;
        },
        cancellationToken);

    public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute("update api_keys set last_used_at = @At where id = @Id", new { Id = id, At = at.ToColumn() }), cancellationToken);

    sealed class Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public byte[] Hash { get; init; } = [];

        public string Scopes { get; init; } = "";

        public string? FromAddresses { get; init; }

        public long? RatePerMinute { get; init; }

        public long CreatedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public long? LastUsedAt { get; init; }

        public ApiKey ToKey() => new()
        {
            Id = Id,
            Name = Name,
            Hash = Hash,
            Scopes = Scopes.Split(' '),
            From = FromAddresses?.Split('\n') ?? [],
            RatePerMinute = (int?)RatePerMinute,
            CreatedAt = CreatedAt.ToTime(),
            ExpiresAt = ExpiresAt.ToTime(),
            LastUsedAt = LastUsedAt.ToTime(),
        };
    }
}
