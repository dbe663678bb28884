using System.Globalization;
using MailPlugin.TestBed;
using Xunit.Abstractions;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The short version; <c>tests/crash.sh</c> runs the same with as many kills as it is told.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    const string KillsVariable = "MAILPLUGIN_CRASH_KILLS";
    const string SeedVariable = "MAILPLUGIN_CRASH_SEED";
    const int Few = 5;

    [Fact]
    public async Task What_was_acknowledged_is_delivered_though_the_host_is_killed_under_load()
    {
        var kills = Number(KillsVariable) ?? Few;
        var seed = Number(SeedVariable) ?? Environment.TickCount;
        var report = Artifacts.Of("crash.txt");
        await File.WriteAllTextAsync(report, "");
        Tell($"seed {seed}");

        var count = await CrashRun.RunAsync(kills, seed, Tell);

        Assert.True(count.Acknowledged > kills, "There was no load.");
        Assert.Equal(0, count.Lost);
        Assert.Equal(0, count.Twins);
        Assert.InRange(count.Duplicates, 0, count.DuplicatesAllowed);

        void Tell(string line)
        {
            output.WriteLine(line);
            File.AppendAllText(report, line + "\n");
        }
    }

    static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
