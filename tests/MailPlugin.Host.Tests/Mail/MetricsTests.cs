using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Faults;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

public sealed class MetricsTests
{
    [Fact]
    public async Task What_waits_and_how_the_transports_are_is_told_as_gauges()
    {
        using var closed = new ClosedPort();
        await using var host = await MailHost.StartAsync();
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        var saved = await host.SaveAsync(Drafts.With(Drafts.Smtp(closed.Port, smtp => smtp["security"] = "none", host: "127.0.0.1")));
        Assert.True(saved.Status == 200, saved.Text);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(202, (await host.SubmitAsync("waits")).Status);
        }

        var id = saved.Json["transports"]![0]!["id"]!.GetValue<string>();
        await UntilAsync(host, "mailplugin_queue_messages{status=\"queued\"} 3", "mailplugin_queue_messages{status=\"deferred\"} 0", $"mailplugin_transport_state{{transport=\"{id}\",state=\"healthy\"}} 1");
        var text = (await host.GetAsync("metrics")).Text;
        Assert.Contains("# TYPE mailplugin_queue_oldest_seconds gauge", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mailplugin_queue_oldest_seconds 0\n", text, StringComparison.Ordinal);

        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false });
        await UntilAsync(host, "mailplugin_queue_messages{status=\"queued\"} 0", "mailplugin_queue_messages{status=\"deferred\"} 3", $"mailplugin_transport_state{{transport=\"{id}\",state=\"degraded\"}} 1", $"mailplugin_transport_state{{transport=\"{id}\",state=\"healthy\"}} 0");

        // A transport that is gone leaves no figure behind.
        Assert.Equal(200, (await host.SaveAsync(new JsonObject())).Status);
        Assert.DoesNotContain($"transport=\"{id}\",state", (await host.GetAsync("metrics")).Text, StringComparison.Ordinal);
    }

    static async Task UntilAsync(MailHost host, params string[] lines) => await Eventually.SeeAsync(
        async () => (await host.GetAsync("metrics")).Text, text => lines.All(line => text.Contains(line + "\n", StringComparison.Ordinal)), text => text);
}
