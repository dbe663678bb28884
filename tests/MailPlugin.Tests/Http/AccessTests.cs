using System.Security.Claims;
using System.Text.Json.Nodes;
using MailPlugin.Security;
using MailPlugin.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Http;

/// <summary>Who may call what: every route that is mapped, against the table of the contract.</summary>
public sealed class AccessTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    const string Open = "open";

    /// <summary>Routes and the scopes that open them beside admin. What is not named here is the administrator's.</summary>
    static readonly Dictionary<string, string[]> Table = new()
    {
        ["POST /session"] = [Open],
        ["GET /health"] = [Open],
        ["GET /problems/{slug}"] = [Open],
        ["GET /oauth/callback"] = [Open],
        ["GET /session"] = [Scopes.Send, Scopes.Test, Scopes.Read],
        ["DELETE /session"] = [Scopes.Send, Scopes.Test, Scopes.Read],
        ["GET /version"] = [Scopes.Send, Scopes.Test, Scopes.Read],
        ["GET /openapi.json"] = [Scopes.Send, Scopes.Test, Scopes.Read],
        ["POST /test"] = [Scopes.Test],
        ["POST /diagnose"] = [Scopes.Test],
        ["GET /diagnoses/{id}"] = [Scopes.Test],
        ["POST /messages"] = [Scopes.Send],
        ["POST /messages/batch"] = [Scopes.Send],

        // Of the caller's own: whoever may send sees what came of it, and of another's only 404.
        ["GET /messages/{id}"] = [Scopes.Send, Scopes.Read],
        ["GET /messages"] = [Scopes.Read],
        ["GET /stats"] = [Scopes.Read],
        ["GET /metrics"] = [Scopes.Read],
        ["GET /transports"] = [Scopes.Read],
        ["GET /presets"] = [Scopes.Read],
    };

    readonly PluginHost _host = shared.Host;

    [Fact]
    public async Task Every_route_answers_401_without_a_key_403_without_the_scope_and_else_neither()
    {
        var keys = new Dictionary<string, string>();
        foreach (var scope in Scopes.All)
        {
            keys[scope] = await _host.NewKeyAsync(scope);
        }

        var routes = _host.Routes.SelectMany(route => Methods(route).Select(method => (Method: method, Pattern: "/" + route.RoutePattern.RawText!.Trim('/')))).Distinct().ToList();
        Assert.True(routes.Count > 20);
        Assert.Contains(("PUT", "/settings"), routes);
        foreach (var (method, pattern) in routes)
        {
            var allowed = Table.GetValueOrDefault($"{method} {pattern}", []);
            var (status, slug) = await CallAsync(method, pattern, null);
            Assert.True(allowed.Contains(Open) || (status, slug) == (401, "unauthenticated"), $"{method} {pattern} without a key: {status} {slug}");
            (status, slug) = await CallAsync(method, pattern, "mp_wrong");
            Assert.True(allowed.Contains(Open) || (status, slug) == (401, "unauthenticated"), $"{method} {pattern} with a wrong key: {status} {slug}");
            foreach (var (scope, key) in keys)
            {
                (status, slug) = await CallAsync(method, pattern, key);
                var mayCall = allowed.Contains(Open) || scope == Scopes.Admin || allowed.Contains(scope);
                Assert.True(mayCall == (slug is not ("unauthenticated" or "forbidden")) || pattern is "/session" or "/oauth/callback", $"{method} {pattern} with scope {scope}: {status} {slug}");
                Assert.True(mayCall || status == 403, $"{method} {pattern} with scope {scope}: {status}");
                Assert.NotEqual(500, status);
            }
        }
    }

    [Fact]
    public async Task A_key_of_several_scopes_may_do_what_each_may()
    {
        var key = await _host.NewKeyAsync(Scopes.Send, Scopes.Test);

        Assert.Equal(415, (await _host.SendAsync(HttpMethod.Post, "test", null, key)).Status);
        Assert.Equal(403, (await _host.GetAsync("settings", key)).Status);
        Assert.Equal(["send", "test"], (await _host.GetAsync("session", key)).Json["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "scopes": ["send"] }""", "name")]
    [InlineData("""{ "name": "  ", "scopes": ["send"] }""", "name")]
    [InlineData("""{ "name": "x" }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": [] }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": ["Send"] }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": ["send", "send"] }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": ["any"] }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": ["\ud800"] }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": ["se\ud800"] }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": [1, null] }""", "scopes")]
    [InlineData("""{ "name": "x", "scopes": ["send"], "expiresAt": "2001-01-01T00:00:00Z" }""", "expiresAt")]
    [InlineData("""{ "name": "x", "scopes": ["send"], "ratePerMinute": 0 }""", "ratePerMinute")]
    [InlineData("""{ "name": "x", "scopes": ["send"], "from": ["a@example.com", 5, "nobody"] }""", "from[1]|from[2]")]
    [InlineData("""{ "name": "x\u0000", "scopes": "send", "key": "mp_own" }""", "key|name|scopes")]
    public async Task A_wrong_key_is_refused_with_all_its_faults(string body, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/mail/keys") { Content = new StringContent(body, null, "application/json") };
        request.Headers.Authorization = new("Bearer", _host.Key);
        var answer = await _host.SendAsync(request);

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Slug));
        Assert.Equal(expected.Split('|'), answer.ErrorPaths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_is_shown_once_and_never_again()
    {
        var made = await _host.PostAsync("keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("send"), ["from"] = new JsonArray("a@example.com") });

        Assert.Contains("no-store", made.Header("Cache-Control"), StringComparison.Ordinal);
        var list = await _host.GetAsync("keys");
        Assert.Contains(made["id"]!, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(made["key"]!, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", list.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(made["key"]!, (await _host.GetAsync("audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_held_to_its_rate()
    {
        var made = await _host.PostAsync("keys", new JsonObject { ["name"] = "slow", ["scopes"] = new JsonArray("read"), ["ratePerMinute"] = 2 });
        var other = await _host.NewKeyAsync(Scopes.Read);

        Assert.Equal(200, (await _host.GetAsync("version", made["key"])).Status);
        Assert.Equal(200, (await _host.GetAsync("version", made["key"])).Status);
        var third = await _host.GetAsync("version", made["key"]);
        Assert.Equal((429, "rate-limited", "30"), (third.Status, third.Slug, third.Header("Retry-After")));
        Assert.Equal(200, (await _host.GetAsync("version", other)).Status);
    }

    [Fact]
    public async Task Whom_the_host_knows_is_nobody_here_and_still_somebody_there()
    {
        string? after = null;
        await using var host = await PluginHost.StartAsync(services: services => services.AddSingleton<IStartupFilter>(new KnowEverybody(name => after = name)));

        Assert.Equal((401, "unauthenticated"), await StatusAndSlug(host.SendAsync(HttpMethod.Get, "version")));
        Assert.Equal((401, "unauthenticated"), await StatusAndSlug(host.SendAsync(HttpMethod.Get, "session")));
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, "settings")).Status);
        Assert.Equal("host-admin", after);
        Assert.Equal(200, (await host.GetAsync("version")).Status);
        Assert.Equal("host-admin", after);
    }

    async Task<(int Status, string? Slug)> CallAsync(string method, string pattern, string? key)
    {
        var path = System.Text.RegularExpressions.Regex.Replace(pattern, @"\{[^}]+\}", "x");
        using var request = new HttpRequestMessage(new(method), $"/api/mail{path}");
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        // Only the head of it: some answers stream for ever.
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["type"]!.GetValue<string>().Split('/')[^1])
            : ((int)response.StatusCode, null);
    }

    static async Task<(int, string?)> StatusAndSlug(Task<Answer> answer) => (await answer) is var got ? (got.Status, got.Slug) : default;

    static IEnumerable<string> Methods(RouteEndpoint route) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    /// <summary>A host whose own middleware has signed everybody in.</summary>
    sealed class KnowEverybody(Action<string?> after) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, following) =>
            {
                context.User = new(new ClaimsIdentity([new(ClaimTypes.Name, "host-admin")], "cookies"));
                await following();
                after(context.User.Identity?.Name);
            });
            next(app);
        };
    }
}
