using MailPlugin.TestBed;
using Xunit.Abstractions;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The short version; <c>tests/crash.sh</c> runs the same with as many kills as it is told.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task What_was_acknowledged_is_delivered_though_the_host_is_killed_under_load() => CheckAsync(FirstRelay.Sound, few: 5);

    [Fact]
    public Task What_was_acknowledged_is_delivered_though_the_first_relay_is_dead_and_the_host_is_killed() => CheckAsync(FirstRelay.Dead, few: 2);

    [Fact]
    public Task What_was_acknowledged_is_delivered_though_the_first_relay_flaps_and_the_host_is_killed() => CheckAsync(FirstRelay.Flapping, few: 3);

    [ServerFact(Server.PostgreSql)]
    public async Task What_was_acknowledged_is_delivered_from_PostgreSQL_though_the_host_is_killed_under_load()
    {
        await using var database = await PostgreSqlServer.StartAsync(durable: true);
        await CheckAsync(FirstRelay.Sound, few: 3, database.ConnectionString);
    }

    async Task CheckAsync(FirstRelay first, int few, string? store = null)
    {
        var report = new RunReport(output, store is null ? $"{first}".ToLowerInvariant() : "postgres", few);

        var count = await CrashRun.RunAsync(first, report, store);

        count.Load.ShouldBeWhole(moreThan: report.Rounds);
        Assert.True(first != FirstRelay.Flapping || count.Cuts > 0, "The relay did not flap.");
        Assert.InRange(count.Load.Duplicates, 0, count.DuplicatesAllowed);
    }
}
