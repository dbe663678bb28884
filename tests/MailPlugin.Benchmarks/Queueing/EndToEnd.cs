using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MailPlugin.Delivery;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>
/// P7 and P11. From an HTTP request to the sink, through the disk, against Postfix as a queue before the same sink and nodemailer straight into it; then what is left on disk of all that.
/// </summary>
internal static class EndToEnd
{
    const int Connections = 16;
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(Report report, Effort effort, bool withRetention)
    {
        var rounds = Math.Min(effort.Rounds, 7);
        var (count, postfixCount, nodeCount) = (effort.Of(8_000), effort.Of(2_000), effort.Of(3_000));
        using var folder = new TempFolder();
        var data = folder.Of("data");
        await using var sink = await CountingSink.StartAsync();
        await using var postfix = await StartPostfixAsync(sink);
        long peak = 0;
        Samples ours = new(), accepted = new(), queue = new(), node = new();
        await using (var host = await LoadHost.StartAsync(data, Repository.Plugins))
        {
            await host.SetRelayAsync(sink.Port);
            await ThroughPluginAsync(host, sink, count / 4);
            await ThroughPostfixAsync(postfix, sink, postfixCount / 4);
            for (var round = 0; round < rounds; round++)
            {
                var (acceptedRate, deliveredRate) = await ThroughPluginAsync(host, sink, count);
                accepted.Add(acceptedRate);
                ours.Add(deliveredRate);
                queue.Add(await ThroughPostfixAsync(postfix, sink, postfixCount));
                node.Add((await ForeignLoad.NodemailerAsync(sink.Port, nodeCount, 4096, 8, raw: false)).Rate);
            }

            report.Add("", "Postfix as a queue, 16 sessions in, delivered", "messages/s", queue);
            report.Add("", "nodemailer, pool of 8, no queue and no disk", "messages/s", node);
            report.Add("", "plugin, 16 HTTP connections, answered 202", "messages/s", accepted);
            report.Add("P7", "plugin, 16 HTTP connections, delivered", "messages/s", ours);
            report.Add("P7", "plugin / Postfix as a queue", "ratio", ours.Over(queue), ">= 6");
            report.Add("P7", "plugin / nodemailer", "ratio", ours.Over(node), ">= 2");
            report.Add("", "host after it, RSS", "MB", Machine.Memory(host.Id));
            if (withRetention)
            {
                await FillUpAsync(host, sink, effort.Of(100_000, 100));

                // With the log that SQLite writes first: it is on the disk too.
                peak = Machine.SizeOf(Path.Combine(data, "mail.db"));
                await host.StopAsync();
            }
        }

        if (withRetention)
        {
            await ExpireAsync(report, data, peak);
        }
    }

    /// <summary>Postfix as a queue before the sink.</summary>
    internal static Task<PostfixServer> StartPostfixAsync(CountingSink sink) => PostfixServer.StartAsync(new PostfixOptions
    {
        DebianDefault = true,
        Parameters = new Dictionary<string, string>
        {
            ["relayhost"] = $"[127.0.0.1]:{sink.Port.ToString(CultureInfo.InvariantCulture)}",
            ["default_transport"] = "smtp",
            ["virtual_mailbox_domains"] = "",
            ["smtpd_tls_security_level"] = "none",
            ["smtp_tls_security_level"] = "none",
        },
    });

    internal static Task<(double Accepted, double Delivered)> ThroughPluginAsync(LoadHost host, CountingSink sink, int count) => ThroughPluginAsync([host], sink, count);

    /// <summary>As many to each host, over as many connections.</summary>
    internal static async Task<(double Accepted, double Delivered)> ThroughPluginAsync(IReadOnlyList<LoadHost> hosts, CountingSink sink, int count)
    {
        var before = sink.Messages;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(hosts.Select(host => HttpPosts.RunAsync(host.Port, "/api/mail/messages", host.Key, Body(), count / hosts.Count, Connections / hosts.Count)));
        var accepted = clock.Elapsed;
        var delivered = await sink.WaitAsync(before + count, clock, Patience);
        return (count / accepted.TotalSeconds, count / delivered.TotalSeconds);
    }

    internal static async Task<double> ThroughPostfixAsync(PostfixServer postfix, CountingSink sink, int count)
    {
        var before = sink.Messages;
        var clock = Stopwatch.StartNew();
        await ForeignLoad.SmtpSourceAsync(postfix.Port, count, 4096, Connections);
        return count / (await sink.WaitAsync(before + count, clock, Patience)).TotalSeconds;
    }

    static string Body() => JsonSerializer.Serialize(Mail());

    static object Mail() => new { to = new[] { new { address = LoadMail.Recipient } }, subject = "load", text = LoadMail.Text(3_700) };

    static async Task FillUpAsync(LoadHost host, CountingSink sink, int count)
    {
        var before = sink.Messages;
        var batch = JsonSerializer.Serialize(new { messages = Enumerable.Repeat(Mail(), 100) });
        var clock = Stopwatch.StartNew();
        await HttpPosts.RunAsync(host.Port, "/api/mail/messages/batch", host.Key, batch, count / 100, 4, expected: 200);
        await sink.WaitAsync(before + count, clock, Patience);
    }

    /// <summary>The retention of the plugin over what its host left, as if a week had gone by.</summary>
    static async Task ExpireAsync(Report report, string data, long peak)
    {
        var file = Path.Combine(data, "mail.db");
        long messages;
        var clock = Stopwatch.StartNew();
        await using (var rig = new QueueRig(data, new RetentionOptions { Bodies = TimeSpan.Zero }))
        {
            messages = await rig.CountAsync();
            await rig.Get<QueueMaintenance>().RunOnceAsync(CancellationToken.None);
            if (await rig.CountAsync() is var left and > 0)
            {
                throw new InvalidOperationException($"{left} bodies are left.");
            }
        }

        var rest = Machine.SizeOf(file);
        report.Add("P11", $"database with {messages:N0} sent messages", "MB", peak / 1048576.0);
        report.Add("P11", "the same, their bodies expired", "MB", rest / 1048576.0);
        report.Add("P11", "rest / peak", "ratio", (double)rest / peak, "<= 0.10");
        report.Add("", "expiring and giving the pages back", "s", clock.Elapsed.TotalSeconds);
    }
}
