using MailPlugin.Security;
using MailPlugin.Security.Keys;
using MailPlugin.Storage.Stores;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Security;

public sealed class KeyRegisterTests : IAsyncLifetime
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    Plugin _plugin = null!;

    public Task InitializeAsync()
    {
        _plugin = Plugin.Create();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _plugin.DisposeAsync().AsTask();

    [Fact]
    public async Task A_key_is_found_by_its_text_until_it_expires()
    {
        var store = new ApiKeyStore(_plugin.Database);
        await store.AddAsync(Key("k_1", "mp_one", Scopes.Send) with { ExpiresAt = _plugin.Clock.GetUtcNow().AddMinutes(10) }, false, Never);
        var register = await LoadAsync(store);

        Assert.Equal("k_1", register.Find("mp_one")?.Id);
        Assert.Null(register.Find("mp_One"));
        Assert.Null(register.Find(""));
        _plugin.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(register.Find("mp_one"));
        Assert.Null(register.FindById("k_1"));
    }

    [Fact]
    public async Task A_list_that_was_read_before_a_key_was_revoked_does_not_bring_it_back()
    {
        var store = new SlowStore(Key("k_1", "mp_one", Scopes.Admin));
        var register = Register(store);
        var older = register.LoadAsync(Never);
        await store.Listing.WaitAsync(Patience);
        store.Keys = [];
        var newer = register.LoadAsync(Never);
        store.GoOn.SetResult();
        await Task.WhenAll(older, newer).WaitAsync(Patience);

        Assert.Null(register.Find("mp_one"));
    }

    [Fact]
    public async Task The_last_admin_key_that_has_not_expired_stays()
    {
        var store = new ApiKeyStore(_plugin.Database);
        var now = _plugin.Clock.GetUtcNow();
        await store.AddAsync(Key("k_admin", "mp_a", Scopes.Admin), false, Never);
        await store.AddAsync(Key("k_expired", "mp_b", Scopes.Admin) with { ExpiresAt = now.AddMinutes(-1) }, false, Never);
        await store.AddAsync(Key("k_send", "mp_c", Scopes.Send), false, Never);

        Assert.Equal(RevokeOutcome.LastAdmin, await store.RevokeAsync("k_admin", now, Never));
        Assert.Equal(RevokeOutcome.Revoked, await store.RevokeAsync("k_expired", now, Never));
        Assert.Equal(RevokeOutcome.Revoked, await store.RevokeAsync("k_send", now, Never));
        Assert.Equal(RevokeOutcome.NotFound, await store.RevokeAsync("k_send", now, Never));
        Assert.Equal(["k_admin"], (await store.ListAsync(Never)).Select(key => key.Id));
    }

    [Fact]
    public async Task An_admin_key_that_ends_sooner_is_no_reason_to_give_up_the_one_that_stays()
    {
        var store = new ApiKeyStore(_plugin.Database);
        var now = _plugin.Clock.GetUtcNow();
        await store.AddAsync(Key("k_stays", "mp_a", Scopes.Admin), false, Never);
        await store.AddAsync(Key("k_short", "mp_b", Scopes.Admin) with { ExpiresAt = now.AddSeconds(3) }, false, Never);

        Assert.Equal(RevokeOutcome.LastAdmin, await store.RevokeAsync("k_stays", now, Never));
        Assert.Equal(RevokeOutcome.Revoked, await store.RevokeAsync("k_short", now, Never));
    }

    [Fact]
    public async Task Of_two_admins_who_revoke_each_other_at_once_one_stays()
    {
        var store = new ApiKeyStore(_plugin.Database);
        for (var round = 0; round < 20; round++)
        {
            var (one, two) = ($"k_{round}_1", $"k_{round}_2");
            var before = (await store.ListAsync(Never)).Select(key => key.Id).ToList();
            await store.AddAsync(Key(one, $"mp_{one}", Scopes.Admin), false, Never);
            await store.AddAsync(Key(two, $"mp_{two}", Scopes.Admin), false, Never);
            foreach (var id in before)
            {
                await store.RevokeAsync(id, _plugin.Clock.GetUtcNow(), Never);
            }

            var outcomes = await Task.WhenAll(
                Task.Run(() => store.RevokeAsync(one, _plugin.Clock.GetUtcNow(), Never)), Task.Run(() => store.RevokeAsync(two, _plugin.Clock.GetUtcNow(), Never)));

            Assert.Equal([RevokeOutcome.Revoked, RevokeOutcome.LastAdmin], outcomes.Order());
        }
    }

    [Fact]
    public async Task Of_many_first_keys_one_is_kept()
    {
        var store = new ApiKeyStore(_plugin.Database);
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            Task.Run(() => store.AddAsync(Key($"k_{number}", $"mp_{number}", Scopes.Admin), onlyIfNone: true, Never))));

        Assert.Single(added, true);
        Assert.Single(await store.ListAsync(Never));
    }

    [Fact]
    public async Task A_key_keeps_everything_that_it_was_made_with()
    {
        var store = new ApiKeyStore(_plugin.Database);
        var key = Key("k_1", "mp_one", Scopes.Send, Scopes.Test) with
        {
            From = ["a@example.com", "\"x y\"@example.com"],
            RatePerMinute = 60,
            ExpiresAt = _plugin.Clock.GetUtcNow().AddDays(1),
        };
        await store.AddAsync(key, false, Never);
        await store.TouchAsync("k_1", _plugin.Clock.GetUtcNow(), Never);

        var kept = Assert.Single(await store.ListAsync(Never));
        Assert.Equal(key.From, kept.From);
        Assert.Equal(key.Scopes, kept.Scopes);
        Assert.Equal((60, key.ExpiresAt, _plugin.Clock.GetUtcNow()), (kept.RatePerMinute, kept.ExpiresAt, kept.LastUsedAt));
        Assert.Equal(KeyText.Hash("mp_one"), kept.Hash);
    }

    [Fact]
    public void Keys_are_long_random_and_of_one_form()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => KeyText.New()).ToList();

        Assert.Equal(100, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^mp_[A-Za-z0-9_-]{43}$", key));
    }

    async Task<KeyRegister> LoadAsync(IApiKeyStore store)
    {
        var register = Register(store);
        await register.LoadAsync(Never);
        return register;
    }

    KeyRegister Register(IApiKeyStore store) => new(store, new BootstrapKey(Plugin.Options()), _plugin.Clock, _plugin.Log.Of<KeyRegister>());

    ApiKey Key(string id, string text, params string[] scopes) =>
        new() { Id = id, Name = id, Hash = KeyText.Hash(text), Scopes = scopes, CreatedAt = _plugin.Clock.GetUtcNow() };

    /// <summary>Its first list is on the way for as long as the test wants.</summary>
    sealed class SlowStore(ApiKey key) : IApiKeyStore
    {
        readonly TaskCompletionSource _listing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _lists;

        public IReadOnlyList<ApiKey> Keys { get; set; } = [key];

        public Task Listing => _listing.Task;

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
        {
            var keys = Keys;
            if (Interlocked.Increment(ref _lists) == 1)
            {
                _listing.SetResult();
                await GoOn.Task;
            }

            return keys;
        }

        public Task<bool> AddAsync(ApiKey key, bool onlyIfNone, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<RevokeOutcome> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => Task.FromResult(RevokeOutcome.Revoked);

        public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
