namespace MailPlugin.Security.Keys;

internal interface IApiKeyStore
{
    /// <summary>All keys that were not revoked, expired ones included, newest first.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key; with <paramref name="onlyIfNone"/> only when no key exists, so that of several starts one wins.</summary>
    Task<bool> AddAsync(ApiKey key, bool onlyIfNone, CancellationToken cancellationToken);

    /// <summary>Revokes a key with its sign-ins.</summary>
    Task<RevokeOutcome> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);
}

internal enum RevokeOutcome
{
    Revoked,
    NotFound,

    /// <summary>No other key with scope admin is valid as long as this one: without it everybody would be locked out, now or when the others expire.</summary>
    LastAdmin,
}
