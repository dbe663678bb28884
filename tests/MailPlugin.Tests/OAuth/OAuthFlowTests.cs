using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.OAuth;

/// <summary>Every way of having a token, from the settings to a mail that a relay took for it.</summary>
public sealed class OAuthFlowTests
{
    [Theory]
    [InlineData("XOAUTH2")]
    [InlineData("OAUTHBEARER")]
    public async Task An_application_signs_in_by_itself(string mechanism)
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, mechanisms: mechanism);

        var answer = await rig.TestAsync();

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal((mechanism, "mailer@example.com", rig.Provider.LastAccessToken), Assert.Single(rig.Relay.Logins));
        Assert.Equal("mail.send offline_access", Assert.Single(rig.Provider.Requests).Form["scope"]);
        var state = await rig.StateAsync();
        Assert.Equal(("clientCredentials", "mailer@example.com", "true"), (state["flow"], state["account"], state["signedIn"]));
        Assert.NotNull(state["expiresAt"]);
    }

    [Fact]
    public async Task An_application_may_sign_instead_of_showing_a_secret()
    {
        using var key = RSA.Create(2048);
        await using var rig = await OAuthRig.StartAsync(
            new() { ["flow"] = "clientCredentials", ["clientSecret"] = null, ["privateKey"] = key.ExportPkcs8PrivateKeyPem() }, new TokenServer { PublicKey = key.ExportSubjectPublicKeyInfoPem() });

        Assert.Equal(200, (await rig.TestAsync()).Status);
        Assert.DoesNotContain("client_secret", Assert.Single(rig.Provider.Requests).Form.Keys);
    }

    [Fact]
    public async Task A_service_account_speaks_for_the_mailbox()
    {
        using var key = RSA.Create(2048);
        await using var rig = await OAuthRig.StartAsync(
            new() { ["flow"] = "serviceAccount", ["privateKey"] = key.ExportPkcs8PrivateKeyPem() }, new TokenServer { PublicKey = key.ExportSubjectPublicKeyInfoPem() });

        Assert.Equal(200, (await rig.TestAsync()).Status);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task An_assertion_follows_the_providers_clock_when_that_is_another(int ahead)
    {
        using var key = RSA.Create(2048);
        await using var rig = await OAuthRig.StartAsync(
            new() { ["flow"] = "serviceAccount", ["privateKey"] = key.ExportPkcs8PrivateKeyPem() },
            new TokenServer { PublicKey = key.ExportSubjectPublicKeyInfoPem(), ClockAhead = TimeSpan.FromSeconds(ahead) });

        Assert.Equal(200, (await rig.TestAsync()).Status);
        Assert.Equal(2, rig.Provider.Asked);
    }

    [Fact]
    public async Task A_pasted_refresh_token_is_used_and_what_replaces_it_is_kept()
    {
        var provider = new TokenServer { Rotates = true, Lifetime = TimeSpan.FromSeconds(1) };
        provider.Know("pasted-token-canary");
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "refreshToken", ["refreshToken"] = "pasted-token-canary" }, provider);

        Assert.Equal(200, (await rig.TestAsync()).Status);
        await Eventually.SeeAsync(async () => (await rig.TestAsync()).Status == 200 && provider.Asked >= 3, seen => seen, "a token renewed twice");

        Assert.Equal("pasted-token-canary", provider.Requests[0].Form["refresh_token"]);
        Assert.Equal("refresh-token-canary-1", provider.Requests[1].Form["refresh_token"]);
        Assert.Equal("refresh-token-canary-2", provider.Requests[2].Form["refresh_token"]);
    }

    [Fact]
    public async Task A_person_signs_in_by_redirect_and_mail_leaves()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });
        Assert.Equal(("424", "login-failed", "oauth-sign-in-needed"), Cause(await rig.TestAsync()));
        Assert.Equal("false", (await rig.StateAsync())["signedIn"]);

        var (callback, cookie) = await GoToTheProviderAsync(rig);
        var back = await rig.Host.SendAsync(HttpMethod.Get, callback, prepare: request => request.Headers.Add("Cookie", cookie));

        Assert.Equal(302, back.Status);
        Assert.Equal("../../../mail/#/transports?transport=cloud&signIn=ok", back.Header("Location"));
        Assert.Equal("no-store", back.Header("Cache-Control"));
        Assert.Equal("true", (await rig.StateAsync())["signedIn"]);
        Assert.Equal(200, (await rig.TestAsync()).Status);

        // Each comes back once.
        Assert.Equal(401, (await rig.Host.SendAsync(HttpMethod.Get, callback, prepare: request => request.Headers.Add("Cookie", cookie))).Status);
    }

    [Theory]
    [InlineData("", "true")]
    [InlineData("x", "false")]
    public async Task An_identity_token_has_to_belong_to_this_sign_in(string added, string signedIn)
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode", ["scopes"] = new JsonArray("openid", "mail.send") }, new TokenServer { IdentityNonce = nonce => nonce + added });

        var (callback, cookie) = await GoToTheProviderAsync(rig);
        await rig.Host.SendAsync(HttpMethod.Get, callback, prepare: request => request.Headers.Add("Cookie", cookie));

        var state = await rig.StateAsync();
        Assert.Equal((signedIn, added.Length == 0), (state["signedIn"], state["error"] is null));
    }

    [Theory]
    [InlineData("mail.example.com", null)]
    [InlineData("192.0.2.7:8080", null)]
    [InlineData("localhost.example", null)]
    [InlineData("localhost:8080", "http://localhost:8080/api/mail/oauth/callback")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080/api/mail/oauth/callback")]
    [InlineData("[::1]:8080", "http://[::1]:8080/api/mail/oauth/callback")]
    public async Task The_way_back_is_no_name_that_a_caller_gives_the_host(string name, string? redirect)
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });

        var all = await rig.Host.SendAsync(HttpMethod.Get, "oauth", key: rig.Host.Key, prepare: request => request.Headers.Host = name).AsAsync("GET", "oauth", 200);
        var one = await rig.Host.SendAsync(HttpMethod.Get, "oauth/cloud", key: rig.Host.Key, prepare: request => request.Headers.Host = name).AsAsync("GET", "oauth/{transport}", 200);
        var begun = await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/authorize", key: rig.Host.Key, prepare: request => request.Headers.Host = name);

        Assert.Equal((redirect, redirect, redirect is null ? 409 : 200), (all["redirectUri"], one["redirectUri"], begun.Status));
    }

    [Fact]
    public async Task The_way_back_is_the_name_that_a_trusted_proxy_says()
    {
        await using var host = await PluginHost.StartAsync(new() { ["TrustedProxies"] = "127.0.0.1" });

        var answer = await host.SendAsync(HttpMethod.Get, "oauth", key: host.Key, prepare: request =>
        {
            request.Headers.Add("X-Forwarded-Host", "mail.example.com");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-Prefix", "/x");
        });

        Assert.Equal("https://mail.example.com/x/api/mail/oauth/callback", answer["redirectUri"]);
    }

    [Fact]
    public async Task What_has_to_be_known_of_providers_is_there_before_anything_is_saved()
    {
        await using var host = await PluginHost.StartAsync(new() { ["PublicUrl"] = "https://mail.example.com" });

        var answer = await host.GetAsync("oauth");

        Assert.Equal((200, "https://mail.example.com/api/mail/oauth/callback"), (answer.Status, answer["redirectUri"]));
        var items = answer.Json["items"]!.AsArray();
        Assert.Equal(["microsoft365", "outlook", "gmail", "other"], items.Select(item => item!["id"]!.GetValue<string>()));
        Assert.Equal("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", items[0]!["tokenUrl"]!.GetValue<string>());
        Assert.Equal("https://login.microsoftonline.com/consumers/oauth2/v2.0/token", items[1]!["tokenUrl"]!.GetValue<string>());
        foreach (var (flow, steps) in items.SelectMany(item => item!["steps"]!.AsObject()))
        {
            Assert.True(Enum.TryParse<MailPlugin.Settings.OAuthFlow>(flow, ignoreCase: true, out _), flow);
            Assert.Equal(steps!["en"]!.AsArray().Count, steps["zh"]!.AsArray().Count);
            Assert.NotEmpty(steps["en"]!.AsArray());
        }

        Assert.Equal(403, (await host.GetAsync("oauth", await host.NewKeyAsync("read"))).Status);
    }

    [Fact]
    public async Task The_addresses_of_a_tenant_are_without_a_port_that_goes_without_saying()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode", ["authorizeUrl"] = "https://login.example.com/contoso/authorize?x=1" });

        var begun = await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/authorize", null, rig.Host.Key);

        Assert.StartsWith("https://login.example.com/contoso/authorize?x=1&response_type=code&", begun["url"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_back_is_for_the_browser_that_left()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });

        var (callback, _) = await GoToTheProviderAsync(rig);

        Assert.Equal(401, (await rig.Host.SendAsync(HttpMethod.Get, callback)).Status);
        Assert.Equal(401, (await rig.Host.SendAsync(HttpMethod.Get, "/api/mail/oauth/callback?code=x&state=guessed")).Status);
        Assert.Equal(401, (await rig.Host.SendAsync(HttpMethod.Get, "/api/mail/oauth/callback")).Status);
        Assert.Equal("false", (await rig.StateAsync())["signedIn"]);
    }

    [Fact]
    public async Task A_sign_in_that_was_refused_comes_back_to_the_page_and_says_so()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });

        var (callback, cookie) = await GoToTheProviderAsync(rig);
        var state = callback[(callback.IndexOf("state=", StringComparison.Ordinal) + 6)..];
        var back = await rig.Host.SendAsync(
            HttpMethod.Get, $"/api/mail/oauth/callback?error=access_denied&state={state}", prepare: request => request.Headers.Add("Cookie", cookie));

        Assert.Equal((302, "../../../mail/#/transports?transport=cloud&signIn=failed"), (back.Status, back.Header("Location")));
    }

    [Fact]
    public async Task A_person_types_a_code_elsewhere()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "deviceCode" });

        var code = await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/device", null, rig.Host.Key);

        Assert.Equal((200, "WDJB-MJHT", $"https://localhost:{rig.Provider.Port}/activate"), (code.Status, code["userCode"], code["verificationUri"]));
        Assert.Equal("WDJB-MJHT", (await rig.StateAsync()).Json["device"]!["userCode"]!.GetValue<string>());
        await Eventually.SeeAsync(async () => (await rig.StateAsync())["signedIn"], signedIn => signedIn == "true", "signed in");
        Assert.Equal(200, (await rig.TestAsync()).Status);
        Assert.Null((await rig.StateAsync()).Json["device"]);
    }

    [Fact]
    public async Task Signing_out_forgets_the_token_and_gives_it_back()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "authorizationCode" });
        var (callback, cookie) = await GoToTheProviderAsync(rig);
        await rig.Host.SendAsync(HttpMethod.Get, callback, prepare: request => request.Headers.Add("Cookie", cookie));

        Assert.Equal(204, (await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/revoke", null, rig.Host.Key)).Status);

        Assert.Equal("false", (await rig.StateAsync())["signedIn"]);
        Assert.StartsWith("refresh-token-canary-", rig.Provider.Requests.Single(request => request.Path == "/revoke").Form["token"], StringComparison.Ordinal);
        Assert.Equal(("424", "login-failed", "oauth-sign-in-needed"), Cause(await rig.TestAsync()));
    }

    [Fact]
    public async Task A_token_that_comes_while_somebody_signs_out_is_given_back_and_not_kept()
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "deviceCode" }, new TokenServer { PendingPolls = 0 });
        await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/device", null, rig.Host.Key);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Provider.Before = stop =>
        {
            asked.TrySetResult();
            return mayAnswer.Task.WaitAsync(stop);
        };
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        var signedOut = await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/revoke", null, rig.Host.Key);
        Assert.Null((await rig.StateAsync()).Json["device"]);
        mayAnswer.SetResult();

        Assert.Equal(204, signedOut.Status);
        await Eventually.SeeAsync(() => rig.Provider.Requests.Any(request => request.Path == "/revoke"), "it is given back");
        Assert.StartsWith("refresh-token-canary-", rig.Provider.Requests.Single(request => request.Path == "/revoke").Form["token"], StringComparison.Ordinal);
        Assert.Equal("false", (await rig.StateAsync())["signedIn"]);
    }

    [Theory]
    [InlineData("authorize", "deviceCode")]
    [InlineData("device", "authorizationCode")]
    public async Task Another_flow_is_told(string route, string flow)
    {
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = flow });

        var answer = await rig.Host.SendAsync(HttpMethod.Post, $"oauth/cloud/{route}", null, rig.Host.Key);
        Assert.Equal((409, "wrong-state"), (answer.Status, answer.Slug));
        Assert.Equal(404, (await rig.Host.SendAsync(HttpMethod.Post, $"oauth/nobody/{route}", null, rig.Host.Key)).Status);
    }

    /// <summary>From the page to the provider and back as far as the address that the browser is sent to.</summary>
    internal static async Task<(string Callback, string Cookie)> GoToTheProviderAsync(OAuthRig rig)
    {
        var begun = await rig.Host.SendAsync(HttpMethod.Post, "oauth/cloud/authorize", null, rig.Host.Key);
        Assert.True(begun.Status == 200, begun.Text);
        Assert.StartsWith(rig.Provider.AuthorizeUrl.AbsoluteUri + "?", begun["url"], StringComparison.Ordinal);
        Assert.Contains("samesite=lax", begun.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.Contains("httponly", begun.Header("Set-Cookie"), StringComparison.Ordinal);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = new() { TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(TestCertificates.Shared.Authority);
        handler.SslOptions.CertificateChainPolicy.RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck;
        using var browser = new HttpClient(handler);
        using var consent = await browser.GetAsync(new Uri(begun["url"]!));
        return (consent.Headers.Location!.PathAndQuery, begun.Header("Set-Cookie")!.Split(';')[0]);
    }

    internal static (string Status, string? Slug, string? Cause) Cause(Answer answer) => ($"{answer.Status}", answer.Slug, answer.Json["cause"]?["id"]?.GetValue<string>());
}
