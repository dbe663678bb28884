using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

/// <summary>Behind a proxy: what it says counts when the options name it, and not otherwise.</summary>
public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.0/8, 127.0.0.0/8")]
    [InlineData("::1,127.0.0.1")]
    public async Task A_trusted_proxy_says_who_calls_how_and_below_which_prefix(string proxies)
    {
        await using var host = await PluginHost.StartAsync(new() { ["TrustedProxies"] = proxies });

        var signedIn = await SignInAsync(host, "203.0.113.9", "https", "/tools/mailer");
        var sessions = await host.GetAsync("sessions");
        var made = await host.SendAsync(
            HttpMethod.Post, "keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("read") }, host.Key, Forwarded("203.0.113.9", "https", "/tools/mailer"));

        Assert.Contains("secure", signedIn.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.Equal("203.0.113.9", sessions.Json["items"]![0]!["address"]!.GetValue<string>());
        Assert.StartsWith("/tools/mailer/api/mail/keys/", made.Header("Location"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8")]
    public async Task Anybody_else_is_taken_for_who_they_are(string? proxies)
    {
        await using var host = await PluginHost.StartAsync(new() { ["TrustedProxies"] = proxies });

        var signedIn = await SignInAsync(host, "203.0.113.9", "https", "/tools");
        var made = await host.SendAsync(
            HttpMethod.Post, "keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("read") }, host.Key, Forwarded("203.0.113.9", "https", "/tools"));

        Assert.DoesNotContain("secure", signedIn.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", (await host.GetAsync("sessions")).Json["items"]![0]!["address"]!.GetValue<string>());
        Assert.StartsWith("/api/mail/keys/", made.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_keys_is_bounded_for_each_caller_behind_the_proxy()
    {
        await using var host = await PluginHost.StartAsync(new() { ["TrustedProxies"] = "127.0.0.1" });
        var guess = new JsonObject { ["key"] = "mp_guess" };
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.Equal(401, (await host.SendAsync(HttpMethod.Post, "session", guess, null, Forwarded("203.0.113.9", "https", ""))).Status);
        }

        Assert.Equal(429, (await host.SendAsync(HttpMethod.Post, "session", guess, null, Forwarded("203.0.113.9", "https", ""))).Status);
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Post, "session", guess, null, Forwarded("203.0.113.10", "https", ""))).Status);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/a b")]
    [InlineData("evil")]
    [InlineData("/../x")]
    public async Task A_prefix_that_is_no_path_is_left_out(string prefix)
    {
        await using var host = await PluginHost.StartAsync(new() { ["TrustedProxies"] = "127.0.0.1" });

        var made = await host.SendAsync(
            HttpMethod.Post, "keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("read") }, host.Key, Forwarded("203.0.113.9", "https", prefix));

        Assert.StartsWith("/api/mail/keys/", made.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_public_address_says_what_a_proxy_takes_off()
    {
        await using var host = await PluginHost.StartAsync(new() { ["PublicUrl"] = "https://example.com/tools" });

        var made = await host.PostAsync("keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("read") });

        Assert.StartsWith("/tools/api/mail/keys/", made.Header("Location"), StringComparison.Ordinal);
    }

    static Task<Answer> SignInAsync(PluginHost host, string caller, string scheme, string prefix) =>
        host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = host.Key }, null, Forwarded(caller, scheme, prefix));

    static Action<HttpRequestMessage> Forwarded(string caller, string scheme, string prefix) => request =>
    {
        request.Headers.Add("X-Forwarded-For", caller);
        request.Headers.Add("X-Forwarded-Proto", scheme);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", prefix);
    };
}
