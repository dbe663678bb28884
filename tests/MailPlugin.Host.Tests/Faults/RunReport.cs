using System.Globalization;
using MailPlugin.TestBed;
using Xunit.Abstractions;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>How much of a crash run: short in every run of the tests, as <c>tests/crash.sh</c> says in its own. What happens goes to the test's output and into a file.</summary>
internal sealed class RunReport
{
    readonly ITestOutputHelper _output;
    readonly string _file;

    /// <param name="few">How many rounds where nobody says.</param>
    public RunReport(ITestOutputHelper output, string name, int few)
    {
        (_output, _file) = (output, Artifacts.Of($"crash-{name}.txt"));
        (Rounds, Seed) = (Number("MAILPLUGIN_CRASH_KILLS") ?? few, Number("MAILPLUGIN_CRASH_SEED") ?? Environment.TickCount);
        File.WriteAllText(_file, "");
        Tell(string.Create(CultureInfo.InvariantCulture, $"{name}, seed {Seed}"));
    }

    /// <summary>Whether <c>tests/crash.sh</c> runs, which has time.</summary>
    public static bool IsLong => Number("MAILPLUGIN_CRASH_KILLS") is not null;

    public int Rounds { get; }

    public int Seed { get; }

    public void Tell(string line)
    {
        _output.WriteLine(line);
        File.AppendAllText(_file, line + "\n");
    }

    static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
