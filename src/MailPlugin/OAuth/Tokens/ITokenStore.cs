namespace MailPlugin.OAuth.Tokens;

/// <summary>Tokens by what they are bound to.</summary>
internal interface ITokenStore
{
    Task<TokenRow?> FindAsync(string binding, CancellationToken cancellationToken);

    /// <summary>Keeps it, in place of whatever was there. On disk when the task completes.</summary>
    Task SaveAsync(TokenRow row, CancellationToken cancellationToken);

    Task RemoveAsync(string binding, CancellationToken cancellationToken);

    /// <summary>Removes what was not touched since and belongs to none of these.</summary>
    Task RemoveUnusedAsync(IReadOnlyCollection<string> used, DateTimeOffset untouchedSince, CancellationToken cancellationToken);
}

/// <param name="Binding">See <see cref="TokenBinding"/>.</param>
/// <param name="Transport">The transport that it was had for.</param>
/// <param name="Data">A <see cref="StoredToken"/>, protected.</param>
/// <param name="UpdatedAt">When it was kept.</param>
internal sealed record TokenRow(string Binding, string Transport, byte[] Data, DateTimeOffset UpdatedAt);
