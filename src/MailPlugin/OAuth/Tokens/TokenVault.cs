using System.Text.Json;
using MailPlugin.Security.Secrets;
using Microsoft.Extensions.Logging;

namespace MailPlugin.OAuth.Tokens;

/// <summary>Tokens at rest: protected, and never older in use than on disk.</summary>
internal sealed partial class TokenVault(ITokenStore store, ISecretProtector protector, TimeProvider clock, ILogger<TokenVault> logger)
{
    const string Purpose = "oauth";

    /// <summary>Null when there is none, or the key ring that protected it is gone.</summary>
    public async Task<StoredToken?> FindAsync(string binding, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(binding, cancellationToken) is not { } row)
        {
            return null;
        }

        if (protector.Unprotect(Purpose, row.Data) is not { } bytes)
        {
            LogUnreadable(row.Transport);
            return null;
        }

        return JsonSerializer.Deserialize<Document>(bytes)!.ToToken();
    }

    public Task SaveAsync(string binding, string transport, StoredToken token, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Document.Of(token));
        return store.SaveAsync(new(binding, transport, protector.Protect(Purpose, bytes), clock.GetUtcNow()), cancellationToken);
    }

    public Task RemoveAsync(string binding, CancellationToken cancellationToken) => store.RemoveAsync(binding, cancellationToken);

    [LoggerMessage(EventId = 1801, Level = LogLevel.Error, Message = "The token of transport {Transport} cannot be read: the key ring is missing or another one. Sign in again")]
    partial void LogUnreadable(string transport);

    /// <summary>The one form in which the secrets are revealed: on the way into the protector and out of it.</summary>
    sealed record Document(
        string? AccessToken, DateTimeOffset? ExpiresAt, string? RefreshToken, IReadOnlyList<string> Scopes, DateTimeOffset? LastRefreshAt, DateTimeOffset? SignInEndsAt, TokenRefusal? Refusal, int Protection)
    {
        public static Document Of(StoredToken token) => new(
            token.AccessToken?.Reveal(), token.ExpiresAt, token.RefreshToken?.Reveal(), token.Scopes, token.LastRefreshAt, token.SignInEndsAt, token.Refusal, token.Protection);

        public StoredToken ToToken() => new()
        {
            AccessToken = AccessToken is null ? null : new(AccessToken),
            ExpiresAt = ExpiresAt,
            RefreshToken = RefreshToken is null ? null : new(RefreshToken),
            Scopes = Scopes,
            LastRefreshAt = LastRefreshAt,
            SignInEndsAt = SignInEndsAt,
            Refusal = Refusal,
            Protection = Protection,
        };
    }
}
