using System.Diagnostics;
using MailPlugin.Abstractions;
using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>P8: a million messages wait. How long a claim and a page of the list take, and what the host needs while they wait and while they leave.</summary>
internal static class MillionQueued
{
    const int Claims = 100;
    const int Pages = 300;

    public static async Task RunAsync(Report report, Effort effort)
    {
        var count = effort.Of(1_000_000, 1_000);
        using var folder = new TempFolder();
        var data = folder.Of("data");
        Samples claims = new(), pages = new(), filtered = new();
        await using (var rig = new QueueRig(data))
        {
            var filled = await FillAsync(rig, count);
            report.Add("", $"filling, {count:N0} messages of 1 KB, 1,000 in a commit", "messages/s", filled);
            await ClaimAsync(rig, claims);
            await rig.Get<DeliverySwitch>().SetAsync(true, CancellationToken.None);
        }

        report.Add("P8", "claim of 100, median over claims", "ms", claims, "<= 10");
        report.Add("P8", "claim of 100, p99", "ms", claims.Quantile(0.99), "<= 10");
        await using var sink = await CountingSink.StartAsync();
        await using var host = await LoadHost.StartAsync(data, Repository.Plugins);
        report.Add("", "host's start with this queue, to the first 200", "ms", host.FirstAnswer.TotalMilliseconds);
        for (var page = 0; page < Pages; page++)
        {
            pages.Add(await TimeAsync(host, "messages"));
            filtered.Add(await TimeAsync(host, "messages?recipient=r17%40bench.example"));
        }

        report.Add("P8", "first page of GET /messages, p99", "ms", pages.Quantile(0.99), "<= 50");
        report.Add("", "first page by recipient, p99", "ms", filtered.Quantile(0.99));
        report.Add("P8", "host, RSS while they wait", "MB", Machine.Memory(host.Id), "<= 300");
        await host.SetRelayAsync(sink.Port);
        var clock = Stopwatch.StartNew();
        await host.PauseAsync(false);
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(2, 15 * effort.Scale)));
        report.Add("", "sending from this queue", "messages/s", sink.Messages / clock.Elapsed.TotalSeconds);
        report.Add("P8", "host, its highest RSS while sending", "MB", Machine.Memory(host.Id, "VmHWM"), "<= 300");
    }

    static async Task<double> FillAsync(QueueRig rig, int count)
    {
        var outbox = rig.Get<IOutbox>();
        var now = TimeProvider.System.GetUtcNow();
        var message = LoadMail.Of(1_024);
        var clock = Stopwatch.StartNew();
        for (var done = 0; done < count; done += 1_000)
        {
            var batch = Enumerable.Range(done, 1_000).Select(number => new NewMessage
            {
                Id = MessageIdentity.New(now),
                MessageId = $"<{number}@bench.example>",
                CreatedAt = now,
                ExpiresAt = now.AddDays(5),
                Priority = (MailPriority)(number % 3),
                Source = $"source{number % 10}",
                Subject = $"Message {number}",
                From = new(LoadMail.Sender),
                Recipients = [new($"r{number % 50_000}@bench.example", RecipientKind.To)],
                Header = message.AsMemory(0, 200),
                Body = message.AsMemory(200),
            }).ToList();
            await outbox.EnqueueAsync(batch, QueueQuota.None, CancellationToken.None);
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    static async Task ClaimAsync(QueueRig rig, Samples claims)
    {
        var queue = rig.Get<IDeliveryQueue>();
        var now = TimeProvider.System.GetUtcNow().AddSeconds(1);
        for (var token = 1; token <= Claims; token++)
        {
            var clock = Stopwatch.StartNew();
            var result = await queue.ClaimAsync(new(now, new(token, now.AddMinutes(5)), [70, 20, 10], 100, _ => int.MaxValue, _ => int.MaxValue), CancellationToken.None);
            claims.Add(clock.Elapsed.TotalMilliseconds);
            if (result.Messages.Count != 100)
            {
                throw new InvalidOperationException($"{result.Messages.Count} were claimed.");
            }
        }
    }

    static async Task<double> TimeAsync(LoadHost host, string path)
    {
        var clock = Stopwatch.StartNew();
        using var answer = await host.SendAsync(HttpMethod.Get, path, null);
        await answer.Content.ReadAsByteArrayAsync();
        return clock.Elapsed.TotalMilliseconds;
    }
}
