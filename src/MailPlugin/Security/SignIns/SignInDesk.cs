using MailPlugin.Security.Keys;

namespace MailPlugin.Security.SignIns;

/// <summary>Opens, recognises and ends sign-ins.</summary>
internal sealed class SignInDesk(ISignInStore store, KeyRegister keys, TimeProvider clock)
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    /// <summary>A new sign-in with a token of its own, whatever cookie came with the request; stale ones go on the way.</summary>
    public async Task<(SignIn SignIn, string Token)> OpenAsync(ApiKey key, string? address, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var token = KeyText.Token();
        var signIn = new SignIn
        {
            Id = KeyText.NewId("s_"),
            TokenHash = KeyText.Hash(token),
            CsrfToken = KeyText.Token(),
            KeyId = key.Id,
            CreatedAt = now,
            LastSeenAt = now,
            Address = address,
        };
        await store.RemoveStaleAsync(now - Idle, now - Longest, cancellationToken);
        await store.AddAsync(signIn, cancellationToken);
        return (signIn, token);
    }

    public async Task<(SignIn SignIn, ApiKey Key)?> RecogniseAsync(string token, CancellationToken cancellationToken)
    {
        var signIn = await store.FindAsync(KeyText.Hash(token), cancellationToken);
        if (signIn is null || !IsAlive(signIn) || keys.FindById(signIn.KeyId) is not { } key)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (now - signIn.LastSeenAt >= TouchEvery)
        {
            try
            {
                await store.TouchAsync(signIn.Id, now, cancellationToken);
            }
            catch (DatabaseUnavailableException)
            {
                // The disk is full, say: whoever is to mend it needs the page. The sign-in only ends sooner.
            }
        }

        return (signIn, key);
    }

    /// <summary>Whether a sign-in goes on. Asking is no use of it: an answer that streams does not keep it from ending.</summary>
    public async Task<bool> IsOpenAsync(string token, CancellationToken cancellationToken) =>
        await store.FindAsync(KeyText.Hash(token), cancellationToken) is { } signIn && IsAlive(signIn) && keys.FindById(signIn.KeyId) is not null;

    public Task EndAsync(string id, CancellationToken cancellationToken) => store.RemoveAsync(id, cancellationToken);

    bool IsAlive(SignIn signIn)
    {
        var now = clock.GetUtcNow();
        return now - signIn.LastSeenAt < Idle && now - signIn.CreatedAt < Longest;
    }
}
