using System.Data.Common;
using Dapper;
using MailPlugin.Nodes;
using MailPlugin.Security;
using MailPlugin.Security.Keys;
using MailPlugin.Storage.Queue;

namespace MailPlugin.Storage.Stores;

internal sealed class ApiKeyStore(IDatabase database) : IApiKeyStore
{
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ApiKey>>(List, cancellationToken);

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

    /// <summary>Read by hand: every host's start waits for it, and Dapper would first have to write the code.</summary>
    static List<ApiKey> List(DbConnection connection)
    {
        var keys = new List<ApiKey>();
        using var row = connection.Prepared("""
            select id, name, hash, scopes, from_addresses, rate_per_minute, created_at, expires_at, last_used_at from api_keys where revoked_at is null order by created_at desc, id
            """).ExecuteReader();
        while (row.Read())
        {
            keys.Add(new()
            {
                Id = row.GetString(0),
                Name = row.GetString(1),
                Hash = (byte[])row.GetValue(2),
                Scopes = row.GetString(3).Split(' '),
                From = row.Text(4)?.Split('\n') ?? [],
                RatePerMinute = row.IsDBNull(5) ? null : (int)row.GetInt64(5),
                CreatedAt = row.Time(6),
                ExpiresAt = row.IsDBNull(7) ? null : row.Time(7),
                LastUsedAt = row.IsDBNull(8) ? null : row.Time(8),
            });
        }

        return keys;
    }
}
