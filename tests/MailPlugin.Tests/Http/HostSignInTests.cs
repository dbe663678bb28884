using System.Security.Claims;
using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MailPlugin.Tests.Http;

/// <summary>A host that has its own sign-in names its policy (<c>MailPlugin:AdminPolicy</c>): it takes the place of the page's.</summary>
public sealed class HostSignInTests
{
    [Theory]
    [InlineData("managers")]
    [InlineData("managers-by-scheme")]
    public async Task Whom_the_hosts_policy_lets_in_is_an_administrator(string policy)
    {
        await using var host = await StartAsync(policy);
        var alice = Cookie(host, "alice", "manager");

        var session = await host.SendAsync(HttpMethod.Get, "session", prepare: alice);
        var settings = await host.SendAsync(HttpMethod.Get, "settings", prepare: alice);

        Assert.Equal(("user:alice", "[\"admin\"]"), (session["who"], session.Json["scopes"]!.ToJsonString()));
        Assert.Equal(200, settings.Status);
    }

    [Fact]
    public async Task Whom_the_host_knows_and_does_not_let_in_is_told_so()
    {
        await using var host = await StartAsync("managers");
        var bob = Cookie(host, "bob", "clerk");

        foreach (var path in new[] { "settings", "session", "version", "openapi.json", "stats" })
        {
            Assert.Equal((403, "forbidden"), Of(await host.SendAsync(HttpMethod.Get, path, prepare: bob)));
        }

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "health", prepare: bob)).Status);
    }

    [Fact]
    public async Task Nobody_is_nobody()
    {
        await using var host = await StartAsync("managers");

        Assert.Equal((401, "unauthenticated"), Of(await host.SendAsync(HttpMethod.Get, "settings")));
        Assert.Equal((401, "unauthenticated"), Of(await host.SendAsync(HttpMethod.Get, "settings", prepare: request => request.Headers.Add("Cookie", "theirs=forged"))));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/mail/")).Status);
    }

    [Fact]
    public async Task What_changes_something_needs_the_token_of_the_same_person()
    {
        await using var host = await StartAsync("managers");
        var (alice, carol) = (Cookie(host, "alice", "manager"), Cookie(host, "carol", "manager"));
        var token = (await host.SendAsync(HttpMethod.Get, "session", prepare: alice))["csrfToken"];
        var others = (await host.SendAsync(HttpMethod.Get, "session", prepare: carol))["csrfToken"];

        Assert.Equal((403, "csrf-invalid"), Of(await host.SendAsync(HttpMethod.Delete, "transcripts", prepare: alice)));
        Assert.Equal((403, "csrf-invalid"), Of(await host.SendAsync(HttpMethod.Delete, "transcripts", prepare: With(alice, "nonsense"))));
        Assert.Equal((403, "csrf-invalid"), Of(await host.SendAsync(HttpMethod.Delete, "transcripts", prepare: With(alice, others))));
        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, "transcripts", prepare: With(alice, token))).Status);
    }

    [Fact]
    public async Task Keys_go_on_working_and_the_key_sign_in_is_closed()
    {
        await using var host = await StartAsync("managers");

        Assert.Equal(200, (await host.GetAsync("settings")).Status);
        Assert.Equal((409, "host-sign-in"), Of(await host.SendAsync(HttpMethod.Post, "session", new System.Text.Json.Nodes.JsonObject { ["key"] = host.Key })));
        Assert.Equal((401, "unauthenticated"), Of(await host.SendAsync(HttpMethod.Get, "settings", prepare: request => request.Headers.Add("Cookie", "mailplugin=anything"))));
        var alice = Cookie(host, "alice", "manager");
        var token = (await host.SendAsync(HttpMethod.Get, "session", prepare: alice))["csrfToken"];
        Assert.Equal((409, "host-sign-in"), Of(await host.SendAsync(HttpMethod.Delete, "session", prepare: With(alice, token))));
    }

    [Fact]
    public async Task A_wrong_key_is_not_helped_by_the_hosts_cookie()
    {
        await using var host = await StartAsync("managers");

        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, "settings", null, "mp_wrong", Cookie(host, "alice", "manager"))).Status);
    }

    [Fact]
    public async Task Asking_the_host_renews_no_cookie_of_the_host()
    {
        await using var host = await StartAsync("managers");

        // Past half of its life: the cookie scheme would send another.
        var answer = await host.SendAsync(HttpMethod.Get, "session", prepare: Cookie(host, "alice", "manager", issued: TimeSpan.FromDays(-9)));

        Assert.Equal((200, null), (answer.Status, answer.Header("Set-Cookie")));
    }

    [Fact]
    public async Task The_cookie_of_a_sign_in_at_a_provider_is_not_taken_for_one_of_the_hosts()
    {
        await using var host = await StartAsync("managers");
        Assert.Equal(200, (await host.SaveAsync(JsonNode.Parse(
            """
            {
              "from": { "address": "mailer@example.com" },
              "transports": [{ "id": "cloud", "name": "Cloud", "mode": "smtp", "smtp": { "host": "smtp.example.com", "port": 465, "security": "implicitTls", "oauth": {
                "provider": "example", "flow": "authorizationCode", "clientId": "c", "account": "mailer@example.com",
                "tokenUrl": "https://login.example.com/token", "authorizeUrl": "https://login.example.com/authorize" } } }]
            }
            """)!.AsObject())).Status);
        var alice = Cookie(host, "alice", "manager", issued: TimeSpan.FromDays(-9));
        var token = (await host.SendAsync(HttpMethod.Get, "session", prepare: alice))["csrfToken"];

        var begun = await host.SendAsync(HttpMethod.Post, "oauth/cloud/authorize", prepare: With(alice, token));

        Assert.Equal(200, begun.Status);
        Assert.StartsWith("mailplugin-oauth=", begun.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.DoesNotContain("theirs=", begun.Header("Set-Cookie"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("times-out")]
    public async Task A_policy_that_throws_lets_nobody_in_and_leaves_open_what_is_open(string policy)
    {
        await using var host = await StartAsync(policy);
        var alice = Cookie(host, "alice", "manager");

        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, "settings", prepare: alice)).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "health", prepare: alice)).Status);
        Assert.Equal(200, (await host.GetAsync("settings")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_policy_that_the_host_does_not_have_is_named_and_nothing_opens(bool hasPolicies)
    {
        await using var host = await PluginHost.StartAsync(new() { ["AdminPolicy"] = "nobody-wrote-this" }, services: hasPolicies ? AddTheirs : null);

        Assert.Equal(503, (await host.SendAsync(HttpMethod.Get, "settings")).Status);
        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains("AdminPolicy", StringComparison.Ordinal));
    }

    static Task<PluginHost> StartAsync(string policy) => PluginHost.StartAsync(new() { ["AdminPolicy"] = policy }, services: AddTheirs);

    static void AddTheirs(IServiceCollection services)
    {
        services.AddAuthentication("theirs").AddCookie("theirs", cookie => cookie.Cookie.Name = "theirs");
        services.AddAuthorizationBuilder()
            .AddPolicy("managers", policy => policy.RequireRole("manager"))
            .AddPolicy("managers-by-scheme", policy => policy.AddAuthenticationSchemes("theirs").RequireRole("manager"))
            .AddPolicy("throws", policy => policy.RequireAssertion(bool (AuthorizationHandlerContext _) => throw new InvalidOperationException("their fault")))
            .AddPolicy("times-out", policy => policy.RequireAssertion(bool (AuthorizationHandlerContext _) => throw new TaskCanceledException("their server did not answer")));
    }

    /// <summary>The cookie that the host gave this person.</summary>
    static Action<HttpRequestMessage> Cookie(PluginHost host, string name, string role, TimeSpan issued = default)
    {
        var scheme = host.HostServices.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get("theirs");
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, role)], "theirs");
        var now = TimeProvider.System.GetUtcNow();
        var ticket = new AuthenticationTicket(new(identity), new() { IssuedUtc = now + issued, ExpiresUtc = now + issued + scheme.ExpireTimeSpan }, "theirs");
        var cookie = scheme.TicketDataFormat.Protect(ticket);
        return request => request.Headers.Add("Cookie", $"theirs={cookie}");
    }

    static Action<HttpRequestMessage> With(Action<HttpRequestMessage> cookie, string? token) => request =>
    {
        cookie(request);
        request.Headers.Add("X-CSRF-Token", token);
    };

    static (int Status, string? Slug) Of(Answer answer) => (answer.Status, answer.Slug);
}
