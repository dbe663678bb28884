using System.Text.Json.Nodes;
using MailPlugin.Security;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Http;

public sealed class SignInTests : IAsyncLifetime
{
    readonly ManualClock _clock = new();
    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync(clock: _clock);

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task An_admin_key_signs_in_with_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        var signedIn = await _host.SignInAsync();

        var parts = signedIn.SetCookie.Split("; ");
        Assert.Contains("httponly", parts);
        Assert.Contains("samesite=strict", parts);
        Assert.DoesNotContain(parts, part => part.StartsWith("path", StringComparison.Ordinal));
        Assert.DoesNotContain("secure", parts);
        Assert.DoesNotContain(_host.Key, signedIn.SetCookie, StringComparison.Ordinal);
        var session = await _host.SendAsync(HttpMethod.Get, "session", prepare: signedIn.On);
        Assert.Equal(("key:first", "[\"admin\"]"), (session["who"], session.Json["scopes"]!.ToJsonString()));
        Assert.Contains("no-store", session.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mp_wrong")]
    [InlineData("x")]
    public async Task Another_key_does_not(string key)
    {
        var answer = await _host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = key });

        Assert.Equal((401, "unauthenticated", null), (answer.Status, answer.Slug, answer.Header("Set-Cookie")));
        Assert.True(File.Exists(_host.AdminKeyFile));
    }

    [Fact]
    public async Task A_key_without_scope_admin_does_not()
    {
        var key = await _host.NewKeyAsync(Scopes.Send, Scopes.Test, Scopes.Read);

        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = key })).Status);
    }

    [Fact]
    public async Task What_changes_something_carries_the_token_of_this_sign_in()
    {
        var (own, other) = (await _host.SignInAsync(), await _host.SignInAsync());

        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, "settings", prepare: own.On)).Status);
        foreach (var token in new[] { null, "", "x", other.CsrfToken, own.CsrfToken.ToUpperInvariant(), own.CsrfToken + "x", own.Cookie })
        {
            foreach (var (method, path) in new[] { (HttpMethod.Put, "settings"), (HttpMethod.Put, "debug"), (HttpMethod.Delete, "transcripts"), (HttpMethod.Delete, "session"), (HttpMethod.Post, "keys"), (HttpMethod.Post, "test") })
            {
                var refused = await _host.SendAsync(method, path, prepare: request =>
                {
                    own.On(request);
                    request.Headers.TryAddWithoutValidation("X-CSRF-Token", token);
                });
                Assert.Equal((403, "csrf-invalid"), (refused.Status, refused.Slug));
            }
        }

        Assert.Equal(204, (await _host.SendAsync(HttpMethod.Delete, "transcripts", prepare: own.OnWithToken)).Status);
    }

    [Fact]
    public async Task A_key_needs_no_token_and_beats_the_cookie()
    {
        var signedIn = await _host.SignInAsync();
        var reader = await _host.NewKeyAsync(Scopes.Read);

        Assert.Equal(204, (await _host.SendAsync(HttpMethod.Delete, "transcripts", null, _host.Key, signedIn.On)).Status);
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, "settings", null, "mp_wrong", signedIn.On)).Status);
        Assert.Equal(403, (await _host.SendAsync(HttpMethod.Get, "settings", null, reader, signedIn.On)).Status);
    }

    [Fact]
    public async Task Signing_out_ends_this_sign_in_and_no_other()
    {
        var (own, other) = (await _host.SignInAsync(), await _host.SignInAsync());
        Assert.NotEqual(own.Cookie, other.Cookie);

        var answer = await _host.SendAsync(HttpMethod.Delete, "session", prepare: own.OnWithToken);

        Assert.Equal(204, answer.Status);
        Assert.Contains("expires=Thu, 01 Jan 1970", answer.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, "session", prepare: own.On)).Status);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, "session", prepare: other.On)).Status);
    }

    [Fact]
    public async Task Somebody_can_be_signed_out_and_the_list_says_who_is_there()
    {
        var (own, other) = (await _host.SignInAsync(), await _host.SignInAsync());
        var list = (await _host.SendAsync(HttpMethod.Get, "sessions", prepare: own.On)).Json["items"]!.AsArray();
        Assert.Equal(2, list.Count);
        var id = Assert.Single(list, item => !item!["current"]!.GetValue<bool>())!["id"]!.GetValue<string>();

        Assert.Equal(204, (await _host.DeleteAsync($"sessions/{id}")).Status);

        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, "session", prepare: other.On)).Status);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, "session", prepare: own.On)).Status);
        Assert.Equal(404, (await _host.DeleteAsync($"sessions/{id}")).Status);
    }

    [Fact]
    public async Task It_ends_with_its_key_at_once()
    {
        var key = await _host.NewKeyAsync(Scopes.Admin);
        var signedIn = await _host.SignInAsync(key);
        var id = (await _host.GetAsync("keys")).Json["items"]!.AsArray().First(item => item!["name"]!.GetValue<string>() == "admin")!["id"]!.GetValue<string>();

        Assert.Equal(204, (await _host.DeleteAsync($"keys/{id}")).Status);

        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, "settings", prepare: signedIn.On)).Status);
    }

    [Fact]
    public async Task It_ends_after_half_an_hour_without_use()
    {
        var signedIn = await _host.SignInAsync();
        _clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, "session", prepare: signedIn.On)).Status);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, "session", prepare: signedIn.On)).Status);
    }

    [Fact]
    public async Task The_key_file_goes_at_the_first_sign_in_and_does_not_come_back()
    {
        Modes.IsOnlyTheOwners(_host.AdminKeyFile);
        Modes.IsOnlyTheOwners(_host.Data);

        // Using the key is no sign-in.
        await _host.GetAsync("settings");
        Assert.True(File.Exists(_host.AdminKeyFile));
        await _host.SignInAsync();
        Assert.False(File.Exists(_host.AdminKeyFile));
    }

    [Fact]
    public async Task Guessing_is_stopped_after_ten_attempts_and_says_when_to_come_back()
    {
        var answers = new List<Answer>();
        for (var attempt = 0; attempt < 15; attempt++)
        {
            answers.Add(await _host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = $"mp_{attempt}" }));
        }

        Assert.All(answers.Take(10), answer => Assert.Equal(401, answer.Status));
        Assert.Equal((429, "rate-limited", "10"), (answers[^1].Status, answers[^1].Slug, answers[^1].Header("Retry-After")));

        // Even the right key has to wait: else the answer would tell it.
        Assert.Equal(429, (await _host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = _host.Key })).Status);
    }

    [Theory]
    [InlineData("{}", "key")]
    [InlineData("""{ "key": 5 }""", "key")]
    [InlineData("""{ "key": "" }""", "key")]
    [InlineData("""{ "key": "x", "admin": true }""", "admin")]
    [InlineData("""{ "\ud800": "x" }""", "|key")]
    [InlineData("[]", "")]
    public async Task A_wrong_body_is_told(string body, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/mail/session") { Content = new StringContent(body, null, "application/json") };
        var answer = await _host.SendAsync(request);

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Slug));
        Assert.Equal(expected.Split('|'), answer.ErrorPaths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_signed_in_and_who_did_not_stands_in_the_audit_log_without_any_key()
    {
        await _host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = "mp_guessed" });
        await _host.SignInAsync();

        var audit = await _host.GetAsync("audit");
        Assert.Equal(["signed in", "sign-in refused"], audit.Json["items"]!.AsArray().Select(item => item!["action"]!.GetValue<string>()));
        Assert.DoesNotContain("mp_", audit.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_no_key_and_the_last_admins_cannot_be_revoked()
    {
        var made = await _host.PostAsync("keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("admin") });
        var (key, id) = (made["key"]!, made["id"]!);
        Assert.Equal((201, $"/api/mail/keys/{id}"), (made.Status, made.Header("Location")));
        Assert.Equal(200, (await _host.GetAsync("settings", key)).Status);

        Assert.Equal(204, (await _host.DeleteAsync($"keys/{id}")).Status);

        Assert.Equal(401, (await _host.GetAsync("settings", key)).Status);
        Assert.Equal(404, (await _host.DeleteAsync($"keys/{id}")).Status);
        var last = await _host.DeleteAsync($"keys/{await FirstKeyIdAsync()}");
        Assert.Equal((409, "last-admin-key"), (last.Status, last.Slug));
    }

    async Task<string> FirstKeyIdAsync() =>
        (await _host.GetAsync("keys")).Json["items"]!.AsArray().First(key => key!["name"]!.GetValue<string>() == "first")!["id"]!.GetValue<string>();
}
