using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Http;

/// <summary>A test mail must not become a port scanner.</summary>
public sealed class OutboundApiTests
{
    [Fact]
    public async Task An_address_that_the_policy_forbids_is_not_connected_to_and_the_attempt_is_audited()
    {
        await using var server = new RecordingSmtpServer();
        await using var host = await PluginHost.StartAsync(new() { ["Outbound:AllowPrivate"] = "false" });

        foreach (var name in new[] { "127.0.0.1", "localhost", "::ffff:127.0.0.1" })
        {
            var answer = await host.PostAsync("test", Draft(name, server.Port));
            Assert.Equal((403, "destination-not-allowed"), (answer.Status, answer.Slug));
        }

        Assert.Equal(0, server.Connections);
        Assert.Contains("refused by the outbound policy", (await host.GetAsync("audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metadata_address_is_never_connected_to()
    {
        await using var host = await PluginHost.StartAsync();
        foreach (var name in new[] { "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe" })
        {
            Assert.Equal("destination-not-allowed", (await host.PostAsync("test", Draft(name, 80))).Slug);
        }
    }

    [Fact]
    public async Task A_port_that_the_policy_does_not_name_is_not_connected_to()
    {
        await using var server = new RecordingSmtpServer();
        await using var host = await PluginHost.StartAsync(new() { ["Outbound:Ports"] = "25,465,587" });

        var answer = await host.PostAsync("test", Draft("127.0.0.1", server.Port));

        Assert.Equal((403, "destination-not-allowed"), (answer.Status, answer.Slug));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_test_key_may_send_to_named_recipients_and_is_bounded()
    {
        using var closed = new ClosedPort();
        await using var host = await PluginHost.StartAsync(new() { ["Outbound:TestRecipients"] = "monitor@example.org" });
        await host.SaveAsync(Draft("127.0.0.1", closed.Port)["settings"]!);
        var key = await host.NewKeyAsync("test");

        Assert.Equal("relay-unreachable", (await host.PostAsync("test", new JsonObject { ["to"] = "Monitor@example.org" }, key)).Slug);
        Assert.Equal("relay-unreachable", (await host.PostAsync("test", new JsonObject(), key)).Slug);
        var last = default(Answer);
        for (var times = 0; times < 40 && last?.Status != 429; times++)
        {
            last = await host.PostAsync("test", new JsonObject(), key);
        }

        Assert.Equal((429, "rate-limited", "10"), (last!.Status, last.Slug, last.Header("Retry-After")));
    }

    [Fact]
    public async Task A_proxy_is_no_way_around_the_policy()
    {
        await using var server = new RecordingSmtpServer();
        await using var narrow = await PluginHost.StartAsync(new() { ["Outbound:AllowPrivate"] = "false" });
        await using var ports = await PluginHost.StartAsync(new() { ["Outbound:Ports"] = "25,465,587" });
        await using var open = await PluginHost.StartAsync();

        // The proxy's own address, its port, and what is behind it.
        foreach (var (host, draft) in new[] { (narrow, Through("192.0.2.1", server.Port)), (narrow, Through("localhost", server.Port)), (ports, Through("192.0.2.1", server.Port)), (open, Through("169.254.169.254", server.Port)) })
        {
            var answer = await host.PostAsync("test", draft);
            Assert.Equal((403, "destination-not-allowed"), (answer.Status, answer.Slug));
            Assert.Contains("test refused by the outbound policy", (await host.GetAsync("audit")).Text, StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Connections);

        static JsonObject Through(string host, int port)
        {
            var draft = Draft(host, 587);
            draft["settings"]!["transports"]![0]!["smtp"]!["proxy"] = new JsonObject { ["type"] = "socks5", ["host"] = "127.0.0.1", ["port"] = port };
            return draft;
        }
    }

    [Fact]
    public async Task A_delivery_that_the_policy_refuses_is_audited_and_the_mail_waits()
    {
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Draft("169.254.169.254", 25)["settings"]!);

        var accepted = await host.PostAsync("messages", JsonNode.Parse("""{ "to": [{ "address": "a@example.org" }], "subject": "s", "text": "t" }""")!);
        Assert.Equal(202, accepted.Status);
        await Eventually.SeeAsync(async () => (await host.GetAsync("audit")).Text, text => text.Contains("delivery refused by the outbound policy", StringComparison.Ordinal), "the audit row");

        Assert.Equal("deferred", (await host.GetAsync($"messages/{accepted["id"]}"))["status"]);
    }

    static JsonObject Draft(string host, int port) => new()
    {
        ["to"] = "someone@example.org",
        ["settings"] = Bodies.Smtp(smtp =>
        {
            smtp["host"] = host;
            smtp["port"] = port;
            smtp["security"] = "none";
            smtp["timeoutSeconds"] = 5;
            smtp.Remove("username");
            smtp.Remove("password");
        }),
    };
}
