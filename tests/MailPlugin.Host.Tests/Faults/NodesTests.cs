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
        var report = new RunReport(output, $"nodes-{nodes}", few: 1);

        var count = await NodesRun.RunAsync(nodes, report);

        count.Load.ShouldBeWhole(moreThan: report.Rounds);
        Assert.True(count.Fenced >= report.Rounds, "No outcome came late.");
        Assert.InRange(count.Duplicates[Trouble.HostKilled], 0, count.DuplicatesAllowed);
        Assert.InRange(count.Duplicates[Trouble.HostFrozen], 0, count.DuplicatesAllowed);

        // What a host has heard it keeps until it can be written, and nobody takes over meanwhile.
        Assert.Equal((0, 0), (count.Duplicates[Trouble.DatabaseKilled], count.Duplicates[Trouble.ConnectionsCut]));
    }

    /// <summary>Only where <c>tests/crash.sh</c> asks for it: too long for every run.</summary>
    sealed class LongFactAttribute : FactAttribute
    {
        public LongFactAttribute(Server server) =>
            Skip = !RunReport.IsLong ? "tests/crash.sh runs it" : Requirement.Strict ? null : Requirement.Missing(server);
    }
}
