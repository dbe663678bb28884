namespace MailPlugin.OAuth.Authorization;

/// <summary>Sign-ins at providers that have begun and not come back.</summary>
internal interface IAuthorizationStore
{
    /// <summary>Keeps one, and drops those begun before <paramref name="staleBefore"/>.</summary>
    Task AddAsync(AuthorizationRow row, DateTimeOffset staleBefore, CancellationToken cancellationToken);

    /// <summary>Takes it out: each comes back once.</summary>
    Task<AuthorizationRow?> TakeAsync(byte[] stateHash, CancellationToken cancellationToken);
}

/// <param name="StateHash">SHA-256 of the state that the provider brings back.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="Data">A <see cref="PendingAuthorization"/>, protected.</param>
internal sealed record AuthorizationRow(byte[] StateHash, DateTimeOffset CreatedAt, byte[] Data);
