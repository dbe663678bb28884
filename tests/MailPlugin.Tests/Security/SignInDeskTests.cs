using System.Net;
using MailPlugin.Security;
using MailPlugin.Security.Keys;
using MailPlugin.Security.SignIns;
using MailPlugin.Storage.Stores;
using MailPlugin.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Tests.Security;

public sealed class SignInDeskTests : IAsyncLifetime
{
    static readonly CancellationToken Never = CancellationToken.None;

    Plugin _plugin = null!;
    KeyRegister _keys = null!;
    SignInStore _store = null!;
    SignInDesk _desk = null!;
    ApiKey _key = null!;

    public async Task InitializeAsync()
    {
        _plugin = Plugin.Create();
        var keys = new ApiKeyStore(_plugin.Database);
        _key = new() { Id = "k_1", Name = "ops", Hash = KeyText.Hash("mp_one"), Scopes = [Scopes.Admin], CreatedAt = _plugin.Clock.GetUtcNow() };
        await keys.AddAsync(_key, false, Never);
        await keys.AddAsync(_key with { Id = "k_2", Hash = KeyText.Hash("mp_two") }, false, Never);
        _keys = await _plugin.LoadKeysAsync();
        _store = new(_plugin.Database);
        _desk = new(_store, _keys, _plugin.Clock);
    }

    public Task DisposeAsync()
    {
        _keys.Dispose();
        return _plugin.DisposeAsync().AsTask();
    }

    [Fact]
    public async Task It_lasts_half_an_hour_without_use()
    {
        var (signIn, token) = await _desk.OpenAsync(_key, "192.0.2.1", Never);

        _plugin.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(signIn.Id, (await _desk.RecogniseAsync(token, Never))?.SignIn.Id);
        _plugin.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(await _desk.RecogniseAsync(token, Never));
        _plugin.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(await _desk.RecogniseAsync(token, Never));
    }

    [Fact]
    public async Task It_is_recognised_though_its_last_use_cannot_be_written()
    {
        var (signIn, token) = await _desk.OpenAsync(_key, "192.0.2.1", Never);
        _plugin.Clock.Advance(TimeSpan.FromMinutes(2));
        var desk = new SignInDesk(new FullStore(_store), _keys, _plugin.Clock);

        Assert.Equal(signIn.Id, (await desk.RecogniseAsync(token, Never))?.SignIn.Id);
    }

    [Fact]
    public async Task It_lasts_twelve_hours_however_much_it_is_used()
    {
        var (_, token) = await _desk.OpenAsync(_key, null, Never);
        for (var minutes = 20; minutes < 12 * 60; minutes += 20)
        {
            _plugin.Clock.Advance(TimeSpan.FromMinutes(20));
            Assert.NotNull(await _desk.RecogniseAsync(token, Never));
        }

        _plugin.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Null(await _desk.RecogniseAsync(token, Never));
    }

    [Fact]
    public async Task It_ends_with_its_key_and_no_other()
    {
        var (_, own) = await _desk.OpenAsync(_key, null, Never);
        var (_, other) = await _desk.OpenAsync(_keys.FindById("k_2")!, null, Never);
        await new ApiKeyStore(_plugin.Database).RevokeAsync("k_1", _plugin.Clock.GetUtcNow(), Never);

        // Its row is gone, before the register has heard of it.
        Assert.Null(await _desk.RecogniseAsync(own, Never));
        Assert.NotNull(await _desk.RecogniseAsync(other, Never));
    }

    [Fact]
    public async Task Each_has_tokens_of_its_own_and_the_store_keeps_only_a_hash()
    {
        var (one, token) = await _desk.OpenAsync(_key, null, Never);
        var (two, second) = await _desk.OpenAsync(_key, null, Never);

        Assert.NotEqual(token, second);
        Assert.NotEqual(one.CsrfToken, two.CsrfToken);
        Assert.NotEqual(token, one.CsrfToken);
        Assert.Equal(KeyText.Hash(token), (await _store.FindAsync(KeyText.Hash(token), Never))!.TokenHash);
        Assert.Null(await _desk.RecogniseAsync(Convert.ToHexString(one.TokenHash), Never));
        Assert.Null(await _desk.RecogniseAsync("", Never));
    }

    [Fact]
    public async Task Stale_ones_go_at_the_next_sign_in()
    {
        await _desk.OpenAsync(_key, null, Never);
        _plugin.Clock.Advance(TimeSpan.FromHours(1));
        var (alive, _) = await _desk.OpenAsync(_key, null, Never);

        Assert.Equal([alive.Id], (await _store.ListAsync(Never)).Select(signIn => signIn.Id));
    }

    [Fact]
    public async Task Signing_out_ends_it_at_once()
    {
        var (signIn, token) = await _desk.OpenAsync(_key, null, Never);
        await _desk.EndAsync(signIn.Id, Never);

        Assert.Null(await _desk.RecogniseAsync(token, Never));
        Assert.False(await _store.RemoveAsync(signIn.Id, Never));
    }

    [Theory]
    [InlineData("http", null, false)]
    [InlineData("https", null, true)]
    [InlineData("http", "https://example.com/", true)]
    [InlineData("http", "http://example.com/apps", false)]
    public void The_cookie_is_for_the_API_alone_and_secure_where_browsers_use_https(string scheme, string? publicUrl, bool secure)
    {
        var context = new DefaultHttpContext();
        context.Request.Scheme = scheme;
        new SignInCookie(Plugin.Options(new() { ["PublicUrl"] = publicUrl })).Write(context, "token");

        var parts = context.Response.Headers.SetCookie.ToString().Split("; ");
        Assert.Equal("mailplugin=token", parts[0]);
        Assert.Contains("httponly", parts);
        Assert.Contains("samesite=strict", parts);

        // Browsers take the folder of the address that they called, which is the API's base as they see it.
        Assert.DoesNotContain(parts, part => part.StartsWith("path", StringComparison.Ordinal));
        Assert.Contains("max-age=43200", parts);
        Assert.Equal(secure, parts.Contains("secure"));
    }

    [Fact]
    public void One_address_is_stopped_after_ten_attempts_and_locks_nobody_else_out()
    {
        using var limiter = new SignInLimiter();
        var attacker = IPAddress.Parse("192.0.2.66");
        var refused = Enumerable.Range(0, 1000).Count(_ => limiter.Refuse(attacker) is not null);

        Assert.InRange(refused, 980, 990);
        Assert.Null(limiter.Refuse(IPAddress.Parse("192.0.2.1")));
        Assert.NotNull(limiter.Refuse(IPAddress.Parse("::ffff:192.0.2.66")));
    }

    [Fact]
    public void Whoever_has_many_IPv6_addresses_has_no_more_attempts()
    {
        using var limiter = new SignInLimiter();
        var refused = Enumerable.Range(0, 90).Count(number => limiter.Refuse(IPAddress.Parse($"2001:db8:1:2::{number:x}")) is not null);

        Assert.InRange(refused, 70, 80);
        Assert.Null(limiter.Refuse(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void Wrong_keys_of_all_addresses_together_are_bounded_and_keep_no_right_one_out()
    {
        using var limiter = new SignInLimiter();
        var refused = Enumerable.Range(0, 250).Count(_ => limiter.RefuseWrong() is not null);

        Assert.InRange(refused, 100, 150);
        Assert.Null(limiter.Refuse(IPAddress.Parse("192.0.2.1")));
    }

    /// <summary>A store on a disk that is full: it reads and does not write.</summary>
    sealed class FullStore(SignInStore store) : ISignInStore
    {
        public Task AddAsync(SignIn signIn, CancellationToken cancellationToken) => throw Full();

        public Task<SignIn?> FindAsync(byte[] tokenHash, CancellationToken cancellationToken) => store.FindAsync(tokenHash, cancellationToken);

        public Task<IReadOnlyList<SignIn>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

        public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => throw Full();

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => throw Full();

        public Task RemoveStaleAsync(DateTimeOffset seenBefore, DateTimeOffset madeBefore, CancellationToken cancellationToken) => throw Full();

        static DatabaseUnavailableException Full() => new("The disk is full.");
    }
}
