using System.Globalization;
using MailPlugin.TestBed;
using Xunit.Abstractions;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The short version; <c>tests/crash.sh</c> runs the same with as many kills as it is told.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    const string KillsVariable = "MAILPLUGIN_CRASH_KILLS";
    const string SeedVariable = "MAILPLUGIN_CRASH_SEED";

    [Fact]
    public Task What_was_acknowledged_is_delivered_though_the_host_is_killed_under_load() => CheckAsync(FirstRelay.Sound, few: 5);

    [Fact]
    public Task What_was_acknowledged_is_delivered_though_the_first_relay_is_dead_and_the_host_is_killed() => CheckAsync(FirstRelay.Dead, few: 2);

    [Fact]
    public Task What_was_acknowledged_is_delivered_though_the_first_relay_flaps_and_the_host_is_killed() => CheckAsync(FirstRelay.Flapping, few: 3);

    async Task CheckAsync(FirstRelay first, int few)
    {
        var kills = Number(KillsVariable) ?? few;
        var seed = Number(SeedVariable) ?? Environment.TickCount;
        var report = Artifacts.Of($"crash-{first}.txt".ToLowerInvariant());
        await File.WriteAllTextAsync(report, "");
        Tell($"first relay {first}, seed {seed}");

        var count = await CrashRun.RunAsync(first, kills, seed, Tell);

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

    static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
