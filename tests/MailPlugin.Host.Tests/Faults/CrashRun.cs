using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>
/// Kills the host at random moments while messages are submitted and delivered, starts it again with the same data, and counts: what was answered with 202 and what the relay
/// has of it.
/// </summary>
internal static class CrashRun
{
    const int Callers = 8;
    const int Backlog = 3000;
    static readonly TimeSpan LongestRush = TimeSpan.FromSeconds(3);

    /// <param name="store">Where the outbox is; null: in the data folder.</param>
    public static async Task<CrashCount> RunAsync(FirstRelay first, RunReport report, string? store = null)
    {
        var chance = new Random(report.Seed);
        await using var sink = new CountingSink();
        using var dead = new ClosedPort();
        await using var flapping = new FlappingRelay(sink.Port, report.Seed);

        // What a cut leaves uncertain is tried again soon, not when the run is over.
        string[] options = ["--MailPlugin:Retry:First=1", "--MailPlugin:Retry:Unreachable=1", "--MailPlugin:Retry:FactorPercent=100"];
        await using var host = await MailHost.StartAsync(store is null ? options : [.. options, $"--MailPlugin:Store={store}", "--MailPlugin:Limits:Lease=10"]);
        var saved = await host.SaveAsync(first switch
        {
            FirstRelay.Dead => Drafts.With(Relay(dead.Port), Relay(sink.Port, "backup")),
            FirstRelay.Flapping => Drafts.With(Relay(flapping.Port), Relay(sink.Port, "backup")),
            _ => Drafts.With(Relay(sink.Port)),
        });
        Assert.True(saved.Status == 200, saved.Text);

        await using var load = new Load(host.Key, Callers, Backlog, () => sink.Taken);
        load.Turn(host.Process.Client);
        await Eventually.SeeAsync(() => sink.Taken > 0, "the first delivery");
        var resumed = new List<TimeSpan>();
        for (var kill = 1; kill <= report.Rounds; kill++)
        {
            // Some in the cold beginning, most under full load; never at the same distance from a commit or a reply.
            var (target, rush) = (load.Acknowledged.Count + chance.Next(0, 600), Stopwatch.StartNew());
            while (load.Acknowledged.Count < target && rush.Elapsed < LongestRush)
            {
                await Task.Delay(1);
            }

            await Task.Delay(chance.Next(0, 50));
            load.Turn();
            await host.Process.KillAsync();
            var (before, duplicatesBefore) = (sink.Taken, LoadCount.DuplicatesAt(sink));
            await host.RestartAsync(kill: true);
            var listening = Stopwatch.GetTimestamp();
            load.Turn(host.Process.Client);

            // It listens when the plugin has started: what was waiting leaves without anybody asking.
            await Eventually.SeeAsync(() => sink.Taken > before, "a delivery after the restart");
            resumed.Add(Stopwatch.GetElapsedTime(listening));
            report.Tell(string.Create(CultureInfo.InvariantCulture,
                $"kill {kill}: acknowledged {load.Acknowledged.Count}, delivered {sink.Messages.Count}, duplicates {LoadCount.DuplicatesAt(sink) - duplicatesBefore}, first delivery {resumed[^1].TotalMilliseconds:F0} ms after the host listened"));
        }

        await load.FinishAsync();
        try
        {
            await Eventually.SeeAsync(async () => load.Acknowledged.Keys.All(sink.Messages.ContainsKey) && await host.IsEmptyAsync(), () => $"the end of the queue: {LoadCount.Of(load, sink)}");
        }
        finally
        {
            report.Tell(LoadCount.Of(load, sink).ToString());
        }

        Assert.Empty(load.Surprises);
        var count = new CrashCount(report.Rounds, LoadCount.Of(load, sink), flapping.Cuts, resumed);
        report.Tell(count.ToString());
        return count;
    }

    static JsonObject Relay(int port, string id = "primary") =>
        Drafts.Smtp(port, smtp => (smtp["security"], smtp["maxSessions"]) = ("none", LoadCount.Sessions), id, "127.0.0.1");
}

/// <summary>What stands first in the order of transports.</summary>
internal enum FirstRelay
{
    Sound,

    /// <summary>Nobody answers; behind it there is one that does.</summary>
    Dead,

    /// <summary>It comes and goes; behind it there is one that stays.</summary>
    Flapping,
}

/// <summary>What a crash run came to.</summary>
/// <param name="Cuts">Sessions that the flapping relay cut.</param>
/// <param name="Resumed">For each kill, from when the host listened again until something was delivered.</param>
internal sealed record CrashCount(int Kills, LoadCount Load, int Cuts, IReadOnlyList<TimeSpan> Resumed)
{
    /// <summary>Each cut may leave what was in flight on its session in doubt.</summary>
    public int DuplicatesAllowed => (Kills * LoadCount.DuplicatesOfOneDeath) + (Cuts * LoadCount.Window);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills: {Load}, duplicates {Load.Duplicates} (at most {DuplicatesAllowed}), sessions cut {Cuts}; "
        + $"first delivery after the host listened: median {Resumed.Order().ElementAt(Resumed.Count / 2).TotalMilliseconds:F0} ms, longest {Resumed.Max().TotalMilliseconds:F0} ms");
}
