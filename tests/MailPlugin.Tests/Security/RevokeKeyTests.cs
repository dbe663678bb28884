using MailPlugin.Security;
using MailPlugin.Security.Keys;
using MailPlugin.Storage.Stores;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Security;

public sealed class RevokeKeyTests
{
    [Fact]
    public async Task A_revoked_key_stops_working_though_the_caller_hangs_up()
    {
        await using var plugin = Plugin.Create();
        using var hangsUp = new CancellationTokenSource();
        var store = new HangUp(new ApiKeyStore(plugin.Database), hangsUp);
        foreach (var id in new[] { "k_1", "k_2" })
        {
            await store.AddAsync(new() { Id = id, Name = id, Hash = KeyText.Hash($"mp_{id}"), Scopes = [Scopes.Admin], CreatedAt = plugin.Clock.GetUtcNow() }, false, CancellationToken.None);
        }

        using var keys = new KeyRegister(store, new BootstrapKey(Plugin.Options()), plugin.Clock, plugin.Log.Of<KeyRegister>());
        await keys.LoadAsync(CancellationToken.None);
        var audit = new AuditLog(plugin.Database, plugin.Clock);

        await RevokeKey.HandleAsync("k_1", new(), store, keys, audit, plugin.Clock, hangsUp.Token);

        Assert.True(hangsUp.IsCancellationRequested);
        Assert.Null(keys.Find("mp_k_1"));
        Assert.NotNull(keys.Find("mp_k_2"));
        Assert.Equal("key revoked", Assert.Single(await audit.ListAsync(null, 10, CancellationToken.None)).Action);
    }

    [Fact]
    public async Task A_revoked_key_that_could_not_be_read_again_stops_working_with_the_next_call()
    {
        await using var plugin = Plugin.Create();
        var store = new Unread(new ApiKeyStore(plugin.Database));
        foreach (var id in new[] { "k_1", "k_2" })
        {
            await store.AddAsync(new() { Id = id, Name = id, Hash = KeyText.Hash($"mp_{id}"), Scopes = [Scopes.Admin], CreatedAt = plugin.Clock.GetUtcNow() }, false, CancellationToken.None);
        }

        using var keys = new KeyRegister(store, new BootstrapKey(Plugin.Options()), plugin.Clock, plugin.Log.Of<KeyRegister>());
        await keys.LoadAsync(CancellationToken.None);
        var audit = new AuditLog(plugin.Database, plugin.Clock);
        store.IsAway = true;
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => RevokeKey.HandleAsync("k_1", new(), store, keys, audit, plugin.Clock, default));
        store.IsAway = false;

        await RevokeKey.HandleAsync("k_1", new(), store, keys, audit, plugin.Clock, default);

        Assert.Null(keys.Find("mp_k_1"));
        Assert.NotNull(keys.Find("mp_k_2"));
    }

    /// <summary>What is revoked is on disk, and the keys cannot be read then.</summary>
    sealed class Unread(IApiKeyStore store) : IApiKeyStore
    {
        public bool IsAway { get; set; }

        public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) => IsAway ? throw new DatabaseUnavailableException("away") : store.ListAsync(cancellationToken);

        public Task<bool> AddAsync(ApiKey key, bool onlyIfNone, CancellationToken cancellationToken) => store.AddAsync(key, onlyIfNone, cancellationToken);

        public Task<RevokeOutcome> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => store.RevokeAsync(id, at, cancellationToken);

        public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => store.TouchAsync(id, at, cancellationToken);
    }

    /// <summary>The caller goes in the moment in which the key is revoked.</summary>
    sealed class HangUp(IApiKeyStore store, CancellationTokenSource caller) : IApiKeyStore
    {
        public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

        public Task<bool> AddAsync(ApiKey key, bool onlyIfNone, CancellationToken cancellationToken) => store.AddAsync(key, onlyIfNone, cancellationToken);

        public async Task<RevokeOutcome> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
        {
            var outcome = await store.RevokeAsync(id, at, cancellationToken);
            await caller.CancelAsync();
            return outcome;
        }

        public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => store.TouchAsync(id, at, cancellationToken);
    }
}
