namespace MailPlugin.Security.SignIns;

internal interface ISignInStore
{
    Task AddAsync(SignIn signIn, CancellationToken cancellationToken);

    Task<SignIn?> FindAsync(byte[] tokenHash, CancellationToken cancellationToken);

    Task<IReadOnlyList<SignIn>> ListAsync(CancellationToken cancellationToken);

    Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Removes those last seen or made before these times.</summary>
    Task RemoveStaleAsync(DateTimeOffset seenBefore, DateTimeOffset madeBefore, CancellationToken cancellationToken);
}
