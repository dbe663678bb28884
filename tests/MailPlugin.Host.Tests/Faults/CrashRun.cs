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
    public const int Sessions = 4;

    /// <summary>Transactions that a session has under way at most.</summary>
    public const int Window = 16;

    /// <summary>Outcomes that are written in one commit at most.</summary>
    public const int OutcomeBatch = 64;

    const int Callers = 8;
    const int Backlog = 3000;
    static readonly TimeSpan LongestRush = TimeSpan.FromSeconds(3);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <param name="store">Where the outbox is; null: in the data folder.</param>
    public static async Task<CrashCount> RunAsync(FirstRelay first, int kills, int seed, Action<string> tell, string? store = null)
    {
        var chance = new Random(seed);
        await using var sink = new CountingSink();
        using var dead = new ClosedPort();
        await using var flapping = new FlappingRelay(sink.Port, seed);

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
        await UntilAsync(() => sink.Taken > 0, "the first delivery");
        var resumed = new List<TimeSpan>();
        var duplicatesBefore = 0;
        for (var kill = 1; kill <= kills; kill++)
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
            var before = sink.Taken;
            await host.RestartAsync(kill: true);
            var listening = Stopwatch.GetTimestamp();
            load.Turn(host.Process.Client);

            // It listens when the plugin has started: what was waiting leaves without anybody asking.
            await UntilAsync(() => sink.Taken > before, "a delivery after the restart");
            resumed.Add(Stopwatch.GetElapsedTime(listening));
            var duplicates = sink.Messages.Values.Sum(message => message.Times - 1);
            tell(string.Create(CultureInfo.InvariantCulture,
                $"kill {kill}: acknowledged {load.Acknowledged.Count}, delivered {sink.Messages.Count}, duplicates {duplicates - duplicatesBefore}, first delivery {resumed[^1].TotalMilliseconds:F0} ms after the host listened"));
            duplicatesBefore = duplicates;
        }

        await load.FinishAsync();
        await UntilAsync(() => load.Acknowledged.Keys.All(sink.Messages.ContainsKey) && IsEmpty(host).GetAwaiter().GetResult(), "the end of the queue", throwIfLate: false);
        Assert.Empty(load.Surprises);
        var taken = sink.Messages;
        var count = new CrashCount(
            kills,
            load.Acknowledged.Count,
            taken.Count,
            taken.Values.Sum(message => message.Times - 1),
            load.Acknowledged.Keys.Count(id => !taken.ContainsKey(id)),
            taken.Values.GroupBy(message => message.Subject).Count(group => group.Count() > 1),
            flapping.Cuts,
            resumed);
        tell(count.ToString());
        return count;
    }

    static System.Text.Json.Nodes.JsonObject Relay(int port, string id = "primary") =>
        Drafts.Smtp(port, smtp => (smtp["security"], smtp["maxSessions"]) = ("none", Sessions), id, "127.0.0.1");

    static async Task<bool> IsEmpty(MailHost host)
    {
        var states = (await host.GetAsync("stats")).Json["byStatus"]!.AsObject();
        return new[] { "queued", "sending", "deferred" }.All(state => (states[state] as JsonValue)?.GetValue<long>() is null or 0);
    }

    static async Task UntilAsync(Func<bool> holds, string what, bool throwIfLate = true)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed > Patience)
            {
                Assert.False(throwIfLate, $"{what} did not come within {Patience}.");
                return;
            }

            await Task.Delay(5);
        }
    }
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
/// <param name="Acknowledged">Messages answered with 202.</param>
/// <param name="Delivered">Messages that the relay took at least once.</param>
/// <param name="Duplicates">Deliveries beyond the first of their message.</param>
/// <param name="Lost">Acknowledged and never delivered.</param>
/// <param name="Twins">Submissions repeated with their idempotency key that became two messages.</param>
/// <param name="Cuts">Sessions that the flapping relay cut.</param>
/// <param name="Resumed">For each kill, from when the host listened again until something was delivered.</param>
internal sealed record CrashCount(int Kills, int Acknowledged, int Delivered, int Duplicates, int Lost, int Twins, int Cuts, IReadOnlyList<TimeSpan> Resumed)
{
    /// <summary>What may be delivered again: in flight at a kill or on a session that was cut, or taken by the relay and not yet written down.</summary>
    public int DuplicatesAllowed => (Kills * ((CrashRun.Sessions * CrashRun.Window) + CrashRun.OutcomeBatch)) + (Cuts * CrashRun.Window);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills: acknowledged {Acknowledged}, delivered {Delivered}, duplicates {Duplicates} (at most {DuplicatesAllowed}), lost {Lost}, twins {Twins}, sessions cut {Cuts}; "
        + $"first delivery after the host listened: median {Resumed.Order().ElementAt(Resumed.Count / 2).TotalMilliseconds:F0} ms, longest {Resumed.Max().TotalMilliseconds:F0} ms");
}
