using System.Globalization;
using MailPlugin.TestBed;
using Xunit.Abstractions;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The short version; <c>tests/crash.sh</c> runs the same with as many rounds as it is told.</summary>
public sealed class NodesTests(ITestOutputHelper output)
{
    [ServerFact(Server.PostgreSql)]
    public Task Two_hosts_on_one_database_lose_nothing_and_send_nothing_twice_whatever_befalls_them() => CheckAsync(nodes: 2);

    [LongFact(Server.PostgreSql)]
    public Task Four_hosts_on_one_database_lose_nothing_and_send_nothing_twice_whatever_befalls_them() => CheckAsync(nodes: 4);

    async Task CheckAsync(int nodes)
    {
        var rounds = CrashTests.Number(CrashTests.KillsVariable) ?? 1;
        var seed = CrashTests.Number(CrashTests.SeedVariable) ?? Environment.TickCount;
        var report = Artifacts.Of($"crash-nodes-{nodes}.txt");
        await File.WriteAllTextAsync(report, "");
        Tell(string.Create(CultureInfo.InvariantCulture, $"{nodes} hosts, seed {seed}"));

        var count = await NodesRun.RunAsync(nodes, rounds, seed, Tell);

        Assert.Equal((0, 0), (count.Lost, count.Twins));
        Assert.True(count.Fenced >= rounds, "No outcome came late.");
        Assert.InRange(count.Duplicates[Trouble.HostKilled], 0, count.DuplicatesAllowed);
        Assert.InRange(count.Duplicates[Trouble.HostFrozen], 0, count.DuplicatesAllowed);

        // What a host has heard it keeps until it can be written, and nobody takes over meanwhile.
        Assert.Equal((0, 0), (count.Duplicates[Trouble.DatabaseKilled], count.Duplicates[Trouble.ConnectionsCut]));

        void Tell(string line)
        {
            output.WriteLine(line);
            File.AppendAllText(report, line + "\n");
        }
    }

    /// <summary>Only where <c>tests/crash.sh</c> asks for it: too long for every run.</summary>
    sealed class LongFactAttribute : FactAttribute
    {
        public LongFactAttribute(Server server) =>
            Skip = CrashTests.Number(CrashTests.KillsVariable) is null ? "tests/crash.sh runs it" : Requirement.Strict ? null : Requirement.Missing(server);
    }
}
