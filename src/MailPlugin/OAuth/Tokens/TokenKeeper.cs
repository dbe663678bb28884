using System.Collections.Concurrent;
using System.Security.Cryptography;
using MailPlugin.Nodes;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.OAuth.Tokens;

/// <summary>
/// Has a token ready for whoever signs in at a relay. One request to the provider at a time for each binding, over all nodes; whoever asks meanwhile waits for its answer. It is not
/// called back when one of them gives up, because a refresh token may have been changed for another by then. What the provider gave is on disk before it is used.
/// </summary>
internal sealed partial class TokenKeeper(TokenVault vault, TokenEndpoint endpoint, INodeLock locks, TimeProvider clock, ILogger<TokenKeeper> logger) : IAccessTokens
{
    /// <summary>Renewed so long before its end, or at a quarter of its life where that is less.</summary>
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Another node may have renewed it, or somebody signed out there.</summary>
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>How long a refusal answers for the provider.</summary>
    static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    /// <summary>Longer than a provider is waited for, asked twice.</summary>
    static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(60);

    /// <summary>Beyond it an assertion's times are refused.</summary>
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    static readonly HashSet<string> OnlyAPersonHelps = ["invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied", "expired_token"];

    readonly ConcurrentDictionary<string, TokenEntry> _entries = new(StringComparer.Ordinal);

    public async Task<Secret> GetAsync(TransportSettings transport, CancellationToken cancellationToken)
    {
        var entry = EntryOf(transport);
        var failures = entry.Failures;
        if (entry.Current(clock.GetUtcNow(), LookAgain) is { } token && IsUsable(token, entry) && IsProtected(token, transport))
        {
            return token.AccessToken!;
        }

        try
        {
            return await InTurnAsync(entry, () => LookOrRenewAsync(entry, transport, failures)).WaitAsync(cancellationToken);
        }
        catch (DatabaseUnavailableException fault)
        {
            // Without the store a new refresh token could be lost: better none for now.
            throw Fault(TransportFaultKind.TokenUnavailable, fault.Message);
        }
    }

    public void Refused(TransportSettings transport, Secret token) => EntryOf(transport).Refused = token;

    public async Task<AccessTokenState?> StateAsync(TransportSettings transport, CancellationToken cancellationToken)
    {
        if (transport.Smtp?.OAuth is not { } oauth)
        {
            return null;
        }

        // Not in turn: a provider that does not answer keeps nobody from seeing how things stand.
        var entry = EntryOf(transport);
        var token = entry.Current(clock.GetUtcNow(), LookAgain) ?? await FindAsync(entry, cancellationToken);
        var canRenew = oauth.NeedsSignIn ? token?.RefreshToken is not null || token?.IsFresh(clock.GetUtcNow(), TimeSpan.Zero) == true : GrantForm.HasWhatItShows(oauth);
        return new(
            transport.Smtp.Login, canRenew && token?.Refusal is not { NeedsSignIn: true }, token?.Scopes ?? oauth.Scopes, token?.ExpiresAt, token?.LastRefreshAt, token?.SignInEndsAt, token?.Refusal?.Words);
    }

    /// <summary>A person signed in.</summary>
    public Task AdoptAsync(TransportSettings transport, TokenAnswer.Granted granted)
    {
        var entry = EntryOf(transport);
        return InTurnAsync(entry, async () =>
        {
            IAsyncDisposable? turn = null;
            try
            {
                turn = await TakeTurnAsync(entry);
            }
            catch (DatabaseUnavailableException)
            {
                // It cannot be written either, and is kept until it can.
            }

            await using var taken = turn;
            return await KeepAsync(entry, transport, granted, null, clock.GetUtcNow());
        });
    }

    /// <summary>Somebody signs out: the token is forgotten here.</summary>
    /// <returns>What there was to give back.</returns>
    public Task<StoredToken?> ForgetAsync(TransportSettings transport)
    {
        var entry = EntryOf(transport);
        return InTurnAsync(entry, async () =>
        {
            await using var turn = await TakeTurnAsync(entry);
            var token = await LookAsync(entry);
            await vault.RemoveAsync(entry.Binding, CancellationToken.None);
            entry.Adopt(null, clock.GetUtcNow());
            return token;
        });
    }

    /// <summary>Asks the provider whatever the token's age: a refresh token that nobody uses dies at some of them.</summary>
    public Task RenewAsync(TransportSettings transport)
    {
        var entry = EntryOf(transport);
        return InTurnAsync(entry, async () =>
        {
            await using var turn = await TakeTurnAsync(entry);
            return await RenewAsync(entry, transport, await LookAsync(entry));
        });
    }

    /// <summary>What was tried once, as a draft is, is not kept in memory for ever.</summary>
    public void ForgetUnused(IReadOnlyCollection<string> bindings)
    {
        foreach (var (binding, entry) in _entries)
        {
            if (!bindings.Contains(binding) && entry is { Unsaved: null, Gate.CurrentCount: 1 })
            {
                _entries.TryRemove(KeyValuePair.Create(binding, entry));
            }
        }
    }

    /// <summary>Waits for what is under way: an answer that nobody keeps may be a refresh token lost.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in _entries.Values)
        {
            await entry.Gate.WaitAsync(cancellationToken);
            entry.Gate.Release();
        }
    }

    TokenEntry EntryOf(TransportSettings transport) => _entries.GetOrAdd(TokenBinding.Of(transport), static binding => new(binding));

    static async Task<T> InTurnAsync<T>(TokenEntry entry, Func<Task<T>> work)
    {
        await entry.Gate.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    async Task<StoredToken?> LookAsync(TokenEntry entry)
    {
        if (entry.Unsaved is { } unsaved)
        {
            await SaveAsync(entry, unsaved.Transport, unsaved.Token);
            return unsaved.Token;
        }

        var token = await FindAsync(entry, CancellationToken.None);
        entry.Adopt(token, clock.GetUtcNow());
        return token;
    }

    async Task<StoredToken?> FindAsync(TokenEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Unsaved is { } unsaved)
        {
            return unsaved.Token;
        }

        try
        {
            return await vault.FindAsync(entry.Binding, cancellationToken);
        }
        catch (DatabaseUnavailableException) when (entry.Last is { } last)
        {
            // What was known is as good as what cannot be read.
            return last;
        }
    }

    /// <param name="entry">What is known of the binding.</param>
    /// <param name="transport">For whom.</param>
    /// <param name="failures">How often the provider had not answered when the token was asked for.</param>
    async Task<Secret> LookOrRenewAsync(TokenEntry entry, TransportSettings transport, int failures)
    {
        var token = await LookAsync(entry);
        if (token is not null && !IsProtected(token, transport))
        {
            throw Fault(TransportFaultKind.TokenSignInNeeded, $"The connection to {transport.Smtp!.Host} is less protected than when {transport.Smtp.Login} signed in: sign in again.");
        }

        if (token is not null && IsUsable(token, entry))
        {
            return token.AccessToken!;
        }

        if (entry.Failures != failures)
        {
            throw Fault(TransportFaultKind.TokenUnavailable, entry.Trouble!);
        }

        await using var turn = await TakeTurnAsync(entry);
        token = await LookAsync(entry);
        return token is not null && IsUsable(token, entry) ? token.AccessToken! : await RenewAsync(entry, transport, token);
    }

    /// <summary>Of this binding's over all nodes.</summary>
    Task<IAsyncDisposable> TakeTurnAsync(TokenEntry entry) => locks.TakeAsync($"oauth/{entry.Binding}", LongestTurn, CancellationToken.None);

    async Task<Secret> RenewAsync(TokenEntry entry, TransportSettings transport, StoredToken? token)
    {
        var (oauth, account, asked) = (transport.Smtp!.OAuth!, transport.Smtp!.Login!, clock.GetUtcNow());
        if (token?.Refusal is { } refusal && asked - refusal.At < AskAgain && asked >= refusal.At)
        {
            throw Fault(refusal, oauth, account);
        }

        var refreshToken = token?.RefreshToken ?? oauth.RefreshToken;
        var isUnattended = oauth.Flow is OAuthFlow.ClientCredentials or OAuthFlow.ServiceAccount;
        if (!GrantForm.HasWhatItShows(oauth) && (isUnattended || refreshToken is null))
        {
            throw Fault(
                oauth.NeedsSignIn ? TransportFaultKind.TokenSignInNeeded : TransportFaultKind.TokenRefused,
                oauth.NeedsSignIn ? $"Nobody has signed in at {oauth.Provider} for {account} yet." : "The settings have no secret to ask for a token with.");
        }

        var answer = await AskAsync(entry, oauth, account, refreshToken);
        switch (answer)
        {
            case TokenAnswer.Granted granted:
                LogRenewed(transport.Id, oauth.TokenUrl.Host);
                return (await KeepAsync(entry, transport, granted, token, asked)).AccessToken!;

            case TokenAnswer.Refused refused:
                var told = new TokenRefusal(refused.Error, refused.Text, clock.GetUtcNow(), !isUnattended && OnlyAPersonHelps.Contains(refused.Error));
                LogRefused(transport.Id, oauth.TokenUrl.Host, told.Words);
                await SaveAsync(entry, transport.Id, (token ?? new() { Protection = TokenBinding.Protection(transport.Smtp) }) with { AccessToken = null, ExpiresAt = null, Refusal = told });
                throw Fault(told, oauth, account);

            case TokenAnswer.Unavailable unavailable:
                // What is left of the old one is better than nothing.
                if (token is not null && token.IsFresh(clock.GetUtcNow(), TimeSpan.Zero) && !token.AccessToken!.Equals(entry.Refused))
                {
                    return token.AccessToken;
                }

                if (unavailable.Forbidden)
                {
                    throw Fault(TransportFaultKind.DestinationNotAllowed, unavailable.Reason);
                }

                entry.Fail(unavailable.Reason);
                throw Fault(TransportFaultKind.TokenUnavailable, unavailable.Reason);

            default:
                throw new InvalidOperationException("An answer that nobody knows.");
        }
    }

    /// <summary>Once more where the provider's clock is another: the times of an assertion are checked by it.</summary>
    async Task<TokenAnswer> AskAsync(TokenEntry entry, OAuthSettings oauth, string account, Secret? refreshToken)
    {
        var answer = await endpoint.AskAsync(oauth, Form(), CancellationToken.None);
        if (oauth.PrivateKey is null || answer is not TokenAnswer.Refused { ServerTime: { } theirs } || (theirs - (clock.GetUtcNow() + entry.ClockOffset)).Duration() < Skew)
        {
            return answer;
        }

        entry.ClockOffset = theirs - clock.GetUtcNow();
        LogClock(oauth.TokenUrl.Host, entry.ClockOffset.TotalSeconds);
        return await endpoint.AskAsync(oauth, Form(), CancellationToken.None);

        List<KeyValuePair<string, string>> Form()
        {
            try
            {
                return GrantForm.Unattended(oauth, account, refreshToken, clock.GetUtcNow() + entry.ClockOffset);
            }
            catch (CryptographicException)
            {
                throw Fault(TransportFaultKind.TokenRefused, "The private key of the settings cannot sign.");
            }
        }
    }

    async Task<StoredToken> KeepAsync(TokenEntry entry, TransportSettings transport, TokenAnswer.Granted granted, StoredToken? before, DateTimeOffset asked)
    {
        var token = new StoredToken
        {
            AccessToken = granted.AccessToken,
            ExpiresAt = asked + granted.Lifetime,
            RefreshToken = granted.RefreshToken ?? before?.RefreshToken ?? transport.Smtp!.OAuth!.RefreshToken,
            Scopes = granted.Scopes ?? transport.Smtp!.OAuth!.Scopes,
            LastRefreshAt = asked,
            SignInEndsAt = granted.RefreshLifetime is { } lifetime ? asked + lifetime : granted.RefreshToken is null ? before?.SignInEndsAt : null,
            Protection = before?.Protection ?? TokenBinding.Protection(transport.Smtp!),
        };
        await SaveAsync(entry, transport.Id, token);
        entry.Refused = null;
        return token;
    }

    async Task SaveAsync(TokenEntry entry, string transport, StoredToken token)
    {
        entry.Adopt(token, clock.GetUtcNow());
        try
        {
            await vault.SaveAsync(entry.Binding, transport, token, CancellationToken.None);
            entry.Unsaved = null;
        }
        catch (DatabaseUnavailableException fault)
        {
            // The old refresh token may be void by now: it is kept here and written as soon as that works.
            entry.Unsaved = (transport, token);
            LogNotSaved(transport, fault.Message);
        }
    }

    bool IsUsable(StoredToken token, TokenEntry entry)
    {
        var life = token.ExpiresAt - token.LastRefreshAt;
        var margin = life is { } whole && whole / 4 < Margin ? whole / 4 : Margin;
        return token.IsFresh(clock.GetUtcNow(), margin) && !token.AccessToken!.Equals(entry.Refused);
    }

    /// <summary>Who brings a secret of their own may choose; a sign-in was for a relay as well protected as it was then.</summary>
    static bool IsProtected(StoredToken token, TransportSettings transport) =>
        !transport.Smtp!.OAuth!.NeedsSignIn || (TokenBinding.Protection(transport.Smtp) & token.Protection) == token.Protection;

    static AccessTokenException Fault(TokenRefusal refusal, OAuthSettings oauth, string account) => refusal.NeedsSignIn
        ? Fault(TransportFaultKind.TokenSignInNeeded, $"{account} has to sign in at {oauth.Provider} again. {oauth.TokenUrl.Host} said: {refusal.Words}")
        : Fault(TransportFaultKind.TokenRefused, $"{oauth.TokenUrl.Host} gives no token for {account}: {refusal.Words}");

    static AccessTokenException Fault(TransportFaultKind kind, string detail) => new(new(TransportStage.Auth, kind, detail));

    [LoggerMessage(EventId = 1802, Level = LogLevel.Information, Message = "Transport {Transport} has a new access token from {Host}")]
    partial void LogRenewed(string transport, string host);

    [LoggerMessage(EventId = 1803, Level = LogLevel.Warning, Message = "{Host} gives transport {Transport} no token: {Words}")]
    partial void LogRefused(string transport, string host, string words);

    [LoggerMessage(EventId = 1804, Level = LogLevel.Error, Message = "The new token of transport {Transport} could not be written and is kept in memory: {Reason}")]
    partial void LogNotSaved(string transport, string reason);

    [LoggerMessage(EventId = 1805, Level = LogLevel.Warning, Message = "The clock of {Host} is {Seconds} s ahead of this host's; assertions follow it")]
    partial void LogClock(string host, double seconds);
}
