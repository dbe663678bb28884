using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

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
