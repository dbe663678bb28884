using System.Globalization;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>
/// Several hosts on one PostgreSQL under load, and what may befall them one after the other: a host is killed, one stands still until its leases have ended, the database is killed, its connections are cut. After
/// each the queue runs empty, so that what was sent twice is known to be of that trouble.
/// </summary>
internal static class NodesRun
{
    const int Callers = 8;
    const int Backlog = 2000;

    public static async Task<NodesCount> RunAsync(int nodes, RunReport report)
    {
        await using var database = await PostgreSqlServer.StartAsync(durable: true);
        await using var sink = new CountingSink();
        string[] options = [$"--MailPlugin:Store={database.ConnectionString}", "--MailPlugin:Limits:Lease=5", "--MailPlugin:Retry:First=1", "--MailPlugin:Retry:Unreachable=1", "--MailPlugin:Retry:FactorPercent=100"];
        var hosts = new List<MailHost> { await MailHost.StartAsync(options) };
        try
        {
            while (hosts.Count < nodes)
            {
                hosts.Add(await hosts[0].StartAnotherAsync());
            }

            var saved = await hosts[0].SaveAsync(Drafts.With(Drafts.Smtp(sink.Port, smtp => (smtp["security"], smtp["maxSessions"]) = ("none", LoadCount.Sessions), host: "127.0.0.1")));
            Assert.True(saved.Status == 200, saved.Text);
            foreach (var host in hosts)
            {
                // Another node may take a moment to hear of it, and refuses mail without an author until then.
                await Eventually.SeeAsync(async () => (await host.GetAsync("settings"))["version"], version => version == saved["version"], "the settings on every node");
            }

            await using var load = new Load(hosts[0].Key, Callers, Backlog, () => sink.Taken);
            var run = new Run(database, sink, hosts, load, report);
            var duplicates = new Dictionary<Trouble, int>();
            for (var round = 0; round < report.Rounds; round++)
            {
                foreach (var trouble in Enum.GetValues<Trouble>())
                {
                    duplicates[trouble] = duplicates.GetValueOrDefault(trouble) + await run.MeetAsync(trouble);
                }
            }

            await load.FinishAsync();
            await run.EmptyAsync();
            Assert.Empty(load.Surprises);
            var count = new NodesCount(nodes, report.Rounds, LoadCount.Of(load, sink), duplicates, run.Fenced);
            report.Tell(count.ToString());
            return count;
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    sealed class Run(PostgreSqlServer database, CountingSink sink, List<MailHost> hosts, Load load, RunReport report)
    {
        readonly Random chance = new(report.Seed);

        const string FencedOff = "its lease was no longer held";

        /// <summary>Outcomes that came too late and were not written.</summary>
        public int Fenced { get; private set; }

        /// <returns>How many messages were sent again for it.</returns>
        public async Task<int> MeetAsync(Trouble trouble)
        {
            var before = LoadCount.DuplicatesAt(sink);
            var rush = load.Acknowledged.Count + chance.Next(100, 400);
            TurnToAll();
            await SeeAsync(() => Task.FromResult(load.Acknowledged.Count > rush), "load");
            var victim = hosts[chance.Next(hosts.Count)];
            switch (trouble)
            {
                case Trouble.HostKilled:
                    load.Turn([.. hosts.Except([victim]).Select(host => host.Process.Client)]);
                    await victim.RestartAsync(kill: true);
                    break;
                case Trouble.HostFrozen:
                    await FreezeAsync(victim);
                    break;
                case Trouble.DatabaseKilled:
                    await database.KillAsync();
                    await Task.Delay(chance.Next(0, 8000));
                    await database.StartAgainAsync();
                    break;
                case Trouble.ConnectionsCut:
                    Assert.True(database.Cut() > 0, "There was no connection.");
                    break;
            }

            TurnToAll();
            rush = load.Acknowledged.Count + 100;
            await SeeAsync(() => Task.FromResult(load.Acknowledged.Count > rush), "load afterwards");
            load.Turn();
            await EmptyAsync();
            var again = LoadCount.DuplicatesAt(sink) - before;
            report.Tell(string.Create(CultureInfo.InvariantCulture,
                $"{trouble}: acknowledged {load.Acknowledged.Count}, delivered {sink.Messages.Count}, sent again {again}, late outcomes fenced off {Fenced}"));
            return again;
        }

        /// <summary>Waits until nobody has anything to send.</summary>
        public Task EmptyAsync() => SeeAsync(async () => await hosts[0].IsEmptyAsync() && load.Acknowledged.Keys.All(sink.Messages.ContainsKey), "the end of the queue");

        /// <summary>The relay has its messages and has not said so when it stands still; the others send them again, and what it then hears comes too late.</summary>
        async Task FreezeAsync(MailHost victim)
        {
            var others = hosts.Except([victim]).ToList();
            sink.Hold();
            await SeeAsync(async () => (await victim.GetAsync("stats")).Json["byStatus"]?["sending"]?.GetValue<long>() > 0, "messages in flight");
            load.Turn([.. others.Select(host => host.Process.Client)]);
            victim.Process.Freeze();
            var before = Lines(victim);
            sink.LetGo();
            await SeeAsync(
                () =>
                {
                    load.Turn();
                    return others[0].IsEmptyAsync();
                },
                "the end of what the host that stands still had in hand");
            victim.Process.Thaw();
            await SeeAsync(() => Task.FromResult(Lines(victim) > before), "a late outcome");
            Fenced += Lines(victim) - before;
        }

        void TurnToAll() => load.Turn([.. hosts.Select(host => host.Process.Client)]);

        static int Lines(MailHost host) => host.Process.Output.Split(FencedOff).Length - 1;

        Task SeeAsync(Func<Task<bool>> holds, string what) => Eventually.SeeAsync(holds, () => $"{what}\n{string.Join("\n", hosts.Select(host => Tail(host.Process.Output)))}");

        static string Tail(string output) => output.Length > 4000 ? output[^4000..] : output;
    }
}

internal enum Trouble
{
    HostKilled,
    HostFrozen,
    DatabaseKilled,
    ConnectionsCut,
}

/// <summary>What a run came to.</summary>
/// <param name="Duplicates">Deliveries beyond the first of their message, by what befell the hosts.</param>
/// <param name="Fenced">Outcomes that came after the end of their lease and were not written.</param>
internal sealed record NodesCount(int Nodes, int Rounds, LoadCount Load, IReadOnlyDictionary<Trouble, int> Duplicates, int Fenced)
{
    public int DuplicatesAllowed => Rounds * LoadCount.DuplicatesOfOneDeath;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Nodes} hosts, {Rounds} rounds: {Load}, late outcomes fenced off {Fenced}, sent again {string.Join(", ", Duplicates.Select(pair => $"{pair.Value} ({pair.Key})"))}, at most {DuplicatesAllowed} each");
}
