using System.Globalization;
using MailPlugin.TestBed;
using Xunit.Abstractions;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The short version; <c>tests/crash.sh</c> runs the same with as many kills as it is told.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    internal const string KillsVariable = "MAILPLUGIN_CRASH_KILLS";
    internal const string SeedVariable = "MAILPLUGIN_CRASH_SEED";

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
        var kills = Number(KillsVariable) ?? few;
        var seed = Number(SeedVariable) ?? Environment.TickCount;
        var report = Artifacts.Of(store is null ? $"crash-{first}.txt".ToLowerInvariant() : "crash-postgres.txt");
        await File.WriteAllTextAsync(report, "");
        Tell($"first relay {first}, seed {seed}");

        var count = await CrashRun.RunAsync(first, kills, seed, Tell, store);

        Assert.True(count.Acknowledged > kills, "There was no load.");
        Assert.Equal(0, count.Lost);
        Assert.Equal(0, count.Twins);
        Assert.True(first != FirstRelay.Flapping || count.Cuts > 0, "The relay did not flap.");
        Assert.InRange(count.Duplicates, 0, count.DuplicatesAllowed);

        void Tell(string line)
        {
            output.WriteLine(line);
            File.AppendAllText(report, line + "\n");
        }
    }

    internal static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
