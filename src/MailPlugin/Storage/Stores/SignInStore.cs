using Dapper;
using MailPlugin.Security.SignIns;

namespace MailPlugin.Storage.Stores;

internal sealed class SignInStore(IDatabase database) : ISignInStore
{
    const string Select =
        """
        select id, token_hash as TokenHash, csrf_token as CsrfToken, key_id as KeyId, created_at as CreatedAt, last_seen_at as LastSeenAt, address
        from sign_ins
        """;

    public Task AddAsync(SignIn signIn, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute(
            """
            insert into sign_ins (id, token_hash, csrf_token, key_id, created_at, last_seen_at, address)
            values (@Id, @TokenHash, @CsrfToken, @KeyId, @CreatedAt, @LastSeenAt, @Address)
            """,
            new
            {
                signIn.Id,
                signIn.TokenHash,
                signIn.CsrfToken,
                signIn.KeyId,
                CreatedAt = signIn.CreatedAt.ToColumn(),
                LastSeenAt = signIn.LastSeenAt.ToColumn(),
                signIn.Address,
            }),
        cancellationToken);

    public Task<SignIn?> FindAsync(byte[] tokenHash, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QueryFirstOrDefault<Row>($"{Select} where token_hash = @Hash", new { Hash = tokenHash })?.ToSignIn(), cancellationToken);

    public Task<IReadOnlyList<SignIn>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SignIn>>(
        connection => [.. connection.Query<Row>($"{Select} order by last_seen_at desc").Select(row => row.ToSignIn())], cancellationToken);

    public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute("update sign_ins set last_seen_at = @At where id = @Id", new { Id = id, At = at.ToColumn() }), cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute("delete from sign_ins where id = @Id", new { Id = id }) == 1, cancellationToken);

    public Task RemoveStaleAsync(DateTimeOffset seenBefore, DateTimeOffset madeBefore, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Execute(
            "delete from sign_ins where last_seen_at < @Seen or created_at < @Made", new { Seen = seenBefore.ToColumn(), Made = madeBefore.ToColumn() }),
        cancellationToken);

    sealed class Row
    {
        public string Id { get; init; } = "";

        public byte[] TokenHash { get; init; } = [];

        public string CsrfToken { get; init; } = "";

        public string KeyId { get; init; } = "";

        public long CreatedAt { get; init; }

        public long LastSeenAt { get; init; }

        public string? Address { get; init; }

        public SignIn ToSignIn() => new()
        {
            Id = Id,
            TokenHash = TokenHash,
            CsrfToken = CsrfToken,
            KeyId = KeyId,
            CreatedAt = CreatedAt.ToTime(),
            LastSeenAt = LastSeenAt.ToTime(),
            Address = Address,
        };
    }
}
