using Dapper;
using MailPlugin.OAuth.Authorization;
using MailPlugin.OAuth.Tokens;

namespace MailPlugin.Storage.Stores;

internal sealed class TokenStore(IDatabase database) : ITokenStore, IAuthorizationStore
{
    public Task<TokenRow?> FindAsync(string binding, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QueryFirstOrDefault<Row>(
            "select binding, transport, data, updated_at as UpdatedAt from oauth_tokens where binding = @Binding", new { Binding = binding })?.ToToken(),
        cancellationToken);

    public Task SaveAsync(TokenRow row, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute(
            """
            insert into oauth_tokens (binding, transport, data, updated_at) values (@Binding, @Transport, @Data, @UpdatedAt)
            on conflict (binding) do update set transport = excluded.transport, data = excluded.data, updated_at = excluded.updated_at
            """,
            new { row.Binding, row.Transport, row.Data, UpdatedAt = row.UpdatedAt.ToColumn() }),
        cancellationToken);

    public Task RemoveAsync(string binding, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute("delete from oauth_tokens where binding = @Binding", new { Binding = binding }), cancellationToken);

    public Task RemoveUnusedAsync(IReadOnlyCollection<string> used, DateTimeOffset untouchedSince, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            var stale = connection.Query<string>("select binding from oauth_tokens where updated_at < @Since", new { Since = untouchedSince.ToColumn() }).Except(used).ToList();
            return connection.Execute("delete from oauth_tokens where binding = @Binding", stale.Select(binding => new { Binding = binding }));
        },
        cancellationToken);

    public Task AddAsync(AuthorizationRow row, DateTimeOffset staleBefore, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            connection.Execute("delete from oauth_authorizations where created_at < @Before", new { Before = staleBefore.ToColumn() });
            return connection.Execute(
                "insert into oauth_authorizations (state_hash, created_at, data) values (@StateHash, @CreatedAt, @Data)", new { row.StateHash, CreatedAt = row.CreatedAt.ToColumn(), row.Data });
        },
        cancellationToken);

    public Task<AuthorizationRow?> TakeAsync(byte[] stateHash, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.QueryFirstOrDefault<AuthorizationData>(
            "delete from oauth_authorizations where state_hash = @Hash returning state_hash as StateHash, created_at as CreatedAt, data", new { Hash = stateHash })?.ToRow(),
        cancellationToken);

    sealed class Row
    {
        public string Binding { get; init; } = "";

        public string Transport { get; init; } = "";

        public byte[] Data { get; init; } = [];

        public long UpdatedAt { get; init; }

        public TokenRow ToToken() => new(Binding, Transport, Data, UpdatedAt.ToTime());
    }

    sealed class AuthorizationData
    {
        public byte[] StateHash { get; init; } = [];

        public long CreatedAt { get; init; }

        public byte[] Data { get; init; } = [];

        public AuthorizationRow ToRow() => new(StateHash, CreatedAt.ToTime(), Data);
    }
}
