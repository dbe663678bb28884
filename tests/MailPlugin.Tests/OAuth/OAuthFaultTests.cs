using System.Text.Json.Nodes;
using MailPlugin.OAuth.Tokens;
using MailPlugin.Settings;
using MailPlugin.Settings.Store;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.OAuth;

/// <summary>Providers and relays that say no, and who may have which token.</summary>
public sealed class OAuthFaultTests
{
    const string Canary = "canary";

    [Fact]
    public async Task A_thousand_senders_cause_one_request()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" });
        var tokens = rig.Host.Services.GetRequiredService<IAccessTokens>();
        var transport = rig.Host.Services.GetRequiredService<ISettingsSource>().Current.Settings.Transports[0];

        var all = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => tokens.GetAsync(transport, default))));

        Assert.Equal(1, rig.Provider.Asked);
        Assert.Single(all.Distinct());
    }

    [Fact]
    public async Task A_token_that_the_relay_refuses_is_changed_for_another_once()
    {
        var refused = new HashSet<string> { "access-token-canary-1" };
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, takes: token => !refused.Contains(token));

        Assert.Equal(200, (await rig.TestAsync()).Status);

        Assert.Equal(["access-token-canary-1", "access-token-canary-2"], rig.Relay.Logins.Select(login => login.Token));
    }

    [Fact]
    public async Task A_relay_that_takes_no_token_of_this_account_is_asked_twice_and_no_more()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, takes: _ => false);

        var answer = await rig.TestAsync();

        Assert.Equal((424, "login-failed"), (answer.Status, answer.Slug));
        Assert.Equal(2, rig.Relay.Logins.Count);
    }

    [Fact]
    public async Task A_consent_that_has_ended_suspends_the_transport_and_says_who_has_to_sign_in()
    {
        var provider = new TokenServer();
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "refreshToken", ["refreshToken"] = "nobody-knows-this-canary" }, provider);

        var accepted = await rig.Host.PostAsync("messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = "you@example.com" }), ["subject"] = "Hi", ["text"] = "Hello" });
        Assert.Equal(202, accepted.Status);

        await Eventually.SeeAsync(async () => (await TransportAsync(rig))["state"]!.GetValue<string>(), state => state == "suspended", "the transport's state");
        var transport = await TransportAsync(rig);
        Assert.Contains("mailer@example.com has to sign in", transport["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("invalid_grant", transport["oauth"]!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        await Eventually.SeeAsync(async () => (await rig.Host.GetAsync($"messages/{accepted["id"]}"))["status"], status => status == "deferred", "the message's status");

        // A provider may repeat what it was sent; nobody shall read it.
        Assert.DoesNotContain(Canary, transport.ToJsonString(), StringComparison.Ordinal);

        provider.Know("nobody-knows-this-canary");
        var settings = (await rig.Host.GetAsync("settings")).Json;
        settings["transports"]![0]!["smtp"]!["oauth"]!["refreshToken"] = "nobody-knows-this-canary";
        settings["transports"]![0]!["name"] = "Mended";
        Assert.Equal(200, (await rig.Host.SaveAsync(settings)).Status);
        rig.Host.Log.Entries.ToList().ForEach(entry => Assert.DoesNotContain(Canary, entry.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client","error_description":"no such client"}""", "oauth-client-refused")]
    [InlineData(401, """{"error":"invalid_client"}""", "oauth-client-refused")]
    [InlineData(400, """{"error":"invalid_scope"}""", "oauth-client-refused")]
    [InlineData(400, """{"error":"invalid_grant\r\nX: y","error_description":"a\u0000b"}""", "oauth-client-refused")]
    [InlineData(503, """{"error":"temporarily_unavailable"}""", "oauth-unavailable")]
    [InlineData(500, "<html>", "oauth-unavailable")]
    [InlineData(200, "not json", "oauth-unavailable")]
    [InlineData(200, "[]", "oauth-unavailable")]
    [InlineData(200, "{}", "oauth-unavailable")]
    [InlineData(200, """{"access_token":17}""", "oauth-unavailable")]
    [InlineData(200, """{"access_token":"a b\u0001c","token_type":"Bearer"}""", "oauth-unavailable")]
    [InlineData(200, """{"access_token":"abc","token_type":"mac"}""", "oauth-client-refused")]
    [InlineData(302, "", "oauth-unavailable")]
    [InlineData(200, """{"access_token":"\ud800"}""", "oauth-unavailable")]
    [InlineData(200, """{"\ud800":1}""", "oauth-unavailable")]
    [InlineData(400, """{"error":"\ud800"}""", "oauth-unavailable")]
    [InlineData(400, """{"error":"invalid_grant","error_description":"\ud800"}""", "oauth-client-refused")]
    [InlineData(429, """{"error":"slow"}""", "oauth-unavailable")]
    public async Task What_a_provider_may_answer(int status, string body, string cause)
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, new TokenServer { Instead = (status, body) });

        var answer = await rig.TestAsync();

        Assert.Equal(("424", "login-failed", cause), OAuthFlowTests.Cause(answer));
        Assert.Equal("auth", answer["stage"]);
        Assert.Empty(rig.Relay.Logins);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, new TokenServer { Instead = (200, new string(' ', 200_000) + "{}") });

        Assert.Equal(("424", "login-failed", "oauth-unavailable"), OAuthFlowTests.Cause(await rig.TestAsync()));
    }

    [Fact]
    public async Task A_provider_that_is_away_is_told_and_what_is_left_of_a_token_is_used()
    {
        var provider = new TokenServer { Lifetime = TimeSpan.FromMinutes(2) };
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, provider);
        Assert.Equal(200, (await rig.TestAsync()).Status);
        provider.Instead = (500, "");

        // Not yet ended, though it is time to renew it.
        var (tokens, transport) = Keeper(rig);
        await tokens.RenewAsync(transport);

        Assert.Equal("access-token-canary-1", (await tokens.GetAsync(transport, default)).Reveal());
    }

    [Fact]
    public async Task Whoever_waited_for_an_answer_that_did_not_come_does_not_ask_again()
    {
        var release = new TaskCompletionSource();
        var provider = new TokenServer { Instead = (500, ""), Before = stop => release.Task.WaitAsync(stop) };
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, provider);
        var (tokens, transport) = Keeper(rig);

        var senders = Enumerable.Range(0, 5).Select(_ => tokens.GetAsync(transport, default)).ToList();
        await Eventually.SeeAsync(() => Task.FromResult(provider.Asked), asked => asked == 1, "the provider is asked");
        Assert.Equal(200, (await rig.StateAsync()).Status);
        release.SetResult();

        foreach (var sender in senders)
        {
            Assert.Equal(TransportFaultKind.TokenUnavailable, (await Assert.ThrowsAsync<AccessTokenException>(() => sender)).Fault.Kind);
        }

        Assert.Equal(1, provider.Asked);
        await Assert.ThrowsAsync<AccessTokenException>(() => tokens.GetAsync(transport, default));
        Assert.Equal(2, provider.Asked);
    }

    [Fact]
    public async Task Without_a_refresh_token_a_sign_in_ends_with_its_access_token()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });
        var (tokens, transport) = Keeper(rig);
        await tokens.AdoptAsync(transport, new(new("short"), TimeSpan.FromHours(1), null, null, null));
        Assert.Equal("true", (await rig.StateAsync())["signedIn"]);

        await tokens.AdoptAsync(transport, new(new("shorter"), TimeSpan.Zero, null, null, null));

        Assert.Equal("false", (await rig.StateAsync())["signedIn"]);
    }

    [Fact]
    public async Task A_public_key_is_no_private_key()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" });
        using var rsa = System.Security.Cryptography.RSA.Create(2048);

        var answer = await rig.Host.SaveAsync(rig.Settings(new() { ["flow"] = "clientCredentials", ["privateKey"] = rsa.ExportSubjectPublicKeyInfoPem() }));

        Assert.Equal(400, answer.Status);
        Assert.Contains("privateKey", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_token_is_nothing_that_a_service_account_could_show()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" });
        var transport = Keeper(rig).Transport;
        var unable = transport with { Smtp = transport.Smtp! with { OAuth = transport.Smtp.OAuth! with { Flow = OAuthFlow.ServiceAccount, RefreshToken = new("refresh") } } };

        var refused = await Assert.ThrowsAsync<AccessTokenException>(() => Keeper(rig).Tokens.GetAsync(unable, default));

        Assert.Equal(TransportFaultKind.TokenRefused, refused.Fault.Kind);
    }

    [Fact]
    public async Task More_of_one_protection_does_not_make_up_for_less_of_another()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });
        var (tokens, transport) = Keeper(rig);
        var signedIn = transport with { Smtp = transport.Smtp! with { Security = SmtpSecurityChoice.StartTlsIfOffered, MinimumTls = "1.2", AllowPlaintextAuth = false } };
        await tokens.AdoptAsync(signedIn, new(new("token"), TimeSpan.FromHours(1), new("refresh"), null, null));
        Assert.Equal("token", (await tokens.GetAsync(signedIn, default)).Reveal());

        var weaker = signedIn with { Smtp = signedIn.Smtp! with { MinimumTls = "1.3", AllowPlaintextAuth = true } };

        Assert.Equal(TransportFaultKind.TokenSignInNeeded, (await Assert.ThrowsAsync<AccessTokenException>(() => tokens.GetAsync(weaker, default))).Fault.Kind);
    }

    [Fact]
    public async Task A_code_that_is_still_waited_for_does_not_sign_in_again_after_signing_out()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "deviceCode" }, new TokenServer { PendingPolls = 2 });
        Assert.Equal(200, (await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/device", null, rig.Host.Key)).Status);

        Assert.Equal(204, (await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/revoke", null, rig.Host.Key)).Status);

        var state = await rig.StateAsync();
        Assert.Equal((null, "false"), (state.Json["device"], state["signedIn"]));
    }

    [Fact]
    public async Task Taking_a_token_back_needs_no_words()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });
        var (tokens, transport) = Keeper(rig);
        await tokens.AdoptAsync(transport, new(new("token"), TimeSpan.FromHours(1), new("refresh"), null, null));
        rig.Provider.Instead = (200, "");

        Assert.Equal(204, (await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/revoke", null, rig.Host.Key)).Status);

        Assert.Equal("refresh", rig.Provider.Requests.Single(request => request.Path == "/revoke").Form["token"]);
        Assert.DoesNotContain(rig.Host.Log.Entries, entry => entry.Text.Contains("did not take back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_ports_of_relays_are_not_those_of_providers()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" });
        var port = rig.Relay.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using var bounded = await OAuthRig.StartAsync(
            new() { ["flow"] = "clientCredentials", ["tokenUrl"] = "https://127.0.0.1/token" }, options: new() { ["Outbound:Ports"] = port }, port: rig.Relay.Port);

        // Nobody listens there: what counts is that it was allowed to ask.
        Assert.Equal("oauth-unavailable", OAuthFlowTests.Cause(await bounded.TestAsync()).Cause);
    }

    static (TokenKeeper Tokens, TransportSettings Transport) Keeper(OAuthRig rig) =>
        (rig.Host.Services.GetRequiredService<TokenKeeper>(), rig.Host.Services.GetRequiredService<ISettingsSource>().Current.Settings.Transports[0]);

    [Fact]
    public async Task A_draft_that_points_elsewhere_gets_no_token()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });
        var (callback, cookie) = await OAuthFlowTests.GoToTheProviderAsync(rig);
        await rig.Host.SendAsync(HttpMethod.Get, callback, prepare: request => request.Headers.Add("Cookie", cookie));
        Assert.Equal(200, (await rig.TestAsync()).Status);
        await using var thief = new TokenRelay(_ => true);

        var elsewhere = Draft(rig, thief.Port);
        elsewhere["transports"]![0]!["smtp"]!["oauth"]!["clientSecret"] = "typed";
        var answer = await rig.TestAsync(elsewhere);

        Assert.Equal(("424", "login-failed", "oauth-sign-in-needed"), OAuthFlowTests.Cause(answer));
        Assert.Empty(thief.Logins);
    }

    [Fact]
    public async Task A_stored_client_secret_does_not_follow_a_draft_elsewhere()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" });
        await using var other = new TokenServer();
        await using var thief = new TokenRelay(_ => true);
        var toThief = Draft(rig, thief.Port);
        var toOther = Draft(rig, rig.Relay.Port);
        toOther["transports"]![0]!["smtp"]!["oauth"]!["tokenUrl"] = other.TokenUrl.AbsoluteUri;

        foreach (var draft in new[] { toThief, toOther })
        {
            var answer = await rig.TestAsync(draft);
            Assert.Equal((422, "password-needed"), (answer.Status, answer.Slug));
            Assert.Contains("settings.transports[id=cloud].smtp.oauth.clientSecret", answer.ErrorPaths);
        }

        Assert.Empty(thief.Logins);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task The_outbound_policy_holds_for_providers_too()
    {
        var provider = new TokenServer();
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, provider, options: new() { ["Outbound:AllowPrivate"] = "false" });

        var answer = await rig.TestAsync();

        Assert.Equal((403, "destination-not-allowed"), (answer.Status, answer.Slug));
        Assert.Empty(provider.Requests);
        await ExpectAuditAsync(rig, "test refused by the outbound policy");
    }

    [Fact]
    public async Task A_sign_in_and_a_sign_out_that_the_outbound_policy_forbids_are_audited()
    {
        var provider = new TokenServer();
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "deviceCode" }, provider, options: new() { ["Outbound:AllowPrivate"] = "false" });

        var answer = await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/device", null, rig.Host.Key);

        Assert.Equal((403, "destination-not-allowed"), (answer.Status, answer.Slug));
        await ExpectAuditAsync(rig, "provider sign-in refused by the outbound policy");

        // A token from before the policy is forgotten, though it cannot be given back.
        var transport = rig.Host.Services.GetRequiredService<ISettingsSource>().Current.Settings.Transports[0];
        await rig.Host.Services.GetRequiredService<TokenKeeper>().AdoptAsync(transport, new(new("a-canary"), TimeSpan.FromHours(1), new("r-canary"), null, null));
        Assert.Equal(204, (await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/revoke", null, rig.Host.Key)).Status);
        Assert.Equal("false", (await rig.StateAsync())["signedIn"]);
        await ExpectAuditAsync(rig, "revocation refused by the outbound policy");
        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task A_code_that_the_outbound_policy_does_not_let_be_changed_is_audited()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" }, options: new() { ["Outbound:AllowPrivate"] = "false" });

        var (callback, cookie) = await OAuthFlowTests.GoToTheProviderAsync(rig);
        await rig.Host.SendAsync(HttpMethod.Get, callback, prepare: request => request.Headers.Add("Cookie", cookie));

        await ExpectAuditAsync(rig, "outbound policy does not allow localhost");
        Assert.Contains("outbound policy", (await rig.StateAsync())["error"], StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Provider.Requests, request => request.Path == "/token");
    }

    [Fact]
    public async Task Words_of_a_provider_that_sends_the_browser_back_reach_the_page_in_one_line()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });
        var (callback, cookie) = await OAuthFlowTests.GoToTheProviderAsync(rig);
        var state = callback[(callback.IndexOf("state=", StringComparison.Ordinal) + 6)..];

        await rig.Host.SendAsync(
            HttpMethod.Get, $"/api/mail/oauth/callback?error=access_denied&error_description=AADSTS65004%3A+declined%0d%0aX%3A+{new string('y', 500)}&state={state}", prepare: request => request.Headers.Add("Cookie", cookie));

        var error = (await rig.StateAsync())["error"]!;
        Assert.StartsWith("access_denied: AADSTS65004: declined  X: yyy", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 1, 301);
    }

    [Fact]
    public async Task No_token_and_no_secret_is_in_answers_log_or_files()
    {
        var provider = new TokenServer { Rotates = true };
        var refused = new HashSet<string>();
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" }, provider, takes: token => !refused.Contains(token) && provider.Gave(token));
        Assert.Equal(200, (await rig.Host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["enabled"] = true, ["minutes"] = 5, ["content"] = "full" }, rig.Host.Key)).Status);
        var (callback, cookie) = await OAuthFlowTests.GoToTheProviderAsync(rig);
        await rig.Host.SendAsync(HttpMethod.Get, callback, prepare: request => request.Headers.Add("Cookie", cookie));
        List<Answer> answers = [await rig.TestAsync()];
        Assert.Equal(200, answers[0].Status);

        // Refused by the relay, changed for another, and examined; then the provider repeats what it was shown.
        refused.Add(provider.LastAccessToken);
        await rig.Host.SendAsync(HttpMethod.Post, "transports/cloud/resume", null, rig.Host.Key);
        answers.Add(await rig.Host.PostAsync("diagnose", new JsonObject { ["transport"] = "cloud" }));
        provider.ForgetAll();
        answers.Add(await rig.TestAsync());
        answers.Add(await rig.Host.PostAsync("diagnose", new JsonObject { ["transport"] = "cloud" }));
        Assert.Contains("oauth-sign-in-needed", answers[^1].Text, StringComparison.Ordinal);
        foreach (var path in new[] { "settings", "oauth", "oauth/cloud", "transports", "transcripts", "audit", "logs", "settings/export", "settings/versions", "settings/versions/1", "messages", "metrics", "health", "stats", "knowledge/unmatched" })
        {
            answers.Add(await rig.Host.GetAsync(path));
        }

        foreach (var item in (await rig.Host.GetAsync("transcripts")).Json["items"]!.AsArray())
        {
            answers.Add(await rig.Host.GetAsync($"transcripts/{item!["id"]!.GetValue<string>()}"));
        }

        // As it is, and as XOAUTH2 and OAUTHBEARER put it on the wire.
        var tokens = rig.Relay.Logins.Select(login => login.Token).Distinct().ToList();
        Assert.True(tokens.Count >= 2, "No token was changed for another.");
        string[] traces = [Canary, .. tokens.SelectMany(token => OnTheWire(token, rig.Relay.Port))];
        foreach (var trace in traces)
        {
            Assert.All(answers, answer => Assert.DoesNotContain(trace, answer.Text, StringComparison.Ordinal));
            Assert.All(rig.Host.Log.Entries, entry => Assert.DoesNotContain(trace, entry.Text, StringComparison.Ordinal));
        }

        foreach (var file in Directory.EnumerateFiles(rig.Host.Data, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var content = await reader.ReadToEndAsync();
            Assert.All(traces, trace => Assert.False(content.Contains(trace, StringComparison.Ordinal), file));
        }
    }

    static IEnumerable<string> OnTheWire(string token, int port) => new[]
    {
        $"user=mailer@example.com\u0001auth=Bearer {token}\u0001\u0001",
        $"n,a=mailer@example.com,\u0001host=localhost\u0001port={port}\u0001auth=Bearer {token}\u0001\u0001",
    }.Select(response => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(response)));

    static async Task ExpectAuditAsync(OAuthRig rig, string words) => Assert.Contains(words, (await rig.Host.GetAsync("audit")).Text, StringComparison.Ordinal);

    static JsonObject Draft(OAuthRig rig, int port)
    {
        var draft = rig.Settings(new() { ["flow"] = rig.Host.Services.GetRequiredService<ISettingsSource>().Current.Settings.Transports[0].Smtp!.OAuth!.Flow == OAuthFlow.ClientCredentials ? "clientCredentials" : "authorizationCode" }, port: port);
        draft["transports"]![0]!["smtp"]!["oauth"]!.AsObject().Remove("clientSecret");
        return draft;
    }

    static async Task<JsonNode> TransportAsync(OAuthRig rig) => (await rig.Host.GetAsync("transports")).Json["items"]![0]!;
}
