using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>The promise behind a 202: what was acknowledged is delivered, whenever the process is killed.</summary>
public sealed class CrashTests
{
    const int Kills = 3;
    const int Callers = 8;

    /// <summary>What may be on the wire, or accepted and not yet written, at a kill: sessions times window, and a batch of outcomes.</summary>
    const int DuplicatesPerKill = (4 * 32) + 64;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_was_acknowledged_arrives_though_the_host_is_killed_under_load()
    {
        await using var relay = new RecordingSmtpServer(startTls: false);
        await using var host = await MailHost.StartAsync();
        var saved = await host.SaveAsync(Drafts.With(Drafts.Smtp(relay.Port, smtp => smtp["security"] = "none", host: "127.0.0.1")));
        Assert.True(saved.Status == 200, saved.Text);
        var acknowledged = new ConcurrentBag<string>();

        for (var kill = 0; kill < Kills; kill++)
        {
            using var stop = new CancellationTokenSource();
            var goal = acknowledged.Count + 60;
            var callers = Enumerable.Range(0, Callers).Select(_ => SubmitAsync(host, acknowledged, stop.Token)).ToList();
            await WaitAsync(() => acknowledged.Count >= goal, "messages are acknowledged");
            await host.RestartAsync(kill: true);
            await stop.CancelAsync();
            await Task.WhenAll(callers);
        }

        var wanted = acknowledged.ToHashSet(StringComparer.Ordinal);
        await WaitAsync(() => wanted.IsSubsetOf(Arrived(relay)), $"all of {wanted.Count} acknowledged messages arrive");
        var arrived = Arrived(relay).ToList();
        var duplicates = arrived.Count - arrived.Distinct(StringComparer.Ordinal).Count();
        Assert.True(duplicates <= Kills * DuplicatesPerKill, $"{duplicates} duplicates of {arrived.Count}");
        Assert.All(wanted, id => Assert.NotNull(id));
    }

    [Fact]
    public async Task Delivery_goes_on_soon_after_a_restart()
    {
        await using var relay = new RecordingSmtpServer(startTls: false);
        await using var host = await MailHost.StartAsync();
        await host.SaveAsync(Drafts.With(Drafts.Smtp(relay.Port, smtp => smtp["security"] = "none", host: "127.0.0.1")));
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        var answer = await host.PostAsync("messages", Message());
        Assert.True(answer.Status == 202, answer.Text);
        await host.RestartAsync(kill: true);
        Assert.Empty(relay.Messages);

        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false });

        await WaitAsync(() => relay.Messages.Count == 1, "the message arrives");
        Assert.Equal([answer["messageId"]], Arrived(relay));
    }

    static async Task SubmitAsync(MailHost host, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var answer = await host.PostAsync("messages", Message());
                if (answer.Status == 202)
                {
                    acknowledged.Add(answer["messageId"]!);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                // Killed before it answered: it promised nothing.
                return;
            }
        }
    }

    static JsonObject Message() => new()
    {
        ["to"] = new JsonArray(new JsonObject { ["address"] = "someone@test.example" }),
        ["subject"] = "Crash",
        ["text"] = new string('x', 2_000),
    };

    static IEnumerable<string> Arrived(RecordingSmtpServer relay) => relay.Messages.Select(message => message.Split("\r\n")
        .First(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase))["Message-ID:".Length..].Trim());

    static async Task WaitAsync(Func<bool> isTrue, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.True(watch.Elapsed < Patience, $"{what}: not within {Patience.TotalSeconds} s");
            await Task.Delay(20);
        }
    }
}
