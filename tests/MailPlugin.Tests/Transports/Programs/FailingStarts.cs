using System.Diagnostics;
using System.Globalization;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>A process of its own that starts a program a thousand times in vain, and says by how many its open descriptors have grown meanwhile: beside other tests nobody could count them.</summary>
internal static class FailingStarts
{
    public const string Mode = "failing-starts";

    const int Times = 1_000;
    const int LargerThanAPipe = 200_000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Starts it, and gives what it counted.</summary>
    public static async Task<int> CountAsync(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(FailingStarts).Assembly.Location, Mode, path]) { RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var said = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return int.Parse(said, CultureInfo.InvariantCulture);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    public static async Task<int> RunAsync(string path)
    {
        using var places = new ProgramPlaces();
        var runner = new ProgramRunner(places, TimeProvider.System);
        var command = new ProgramCommand(path, []) { Timeout = Patience };
        await StartAsync(10);
        var before = Open();

        // Nothing may wait for the collector: it comes when it likes, and descriptors are few.
        GC.TryStartNoGCRegion(200_000_000, disallowFullBlockingGC: true);
        await StartAsync(Times);
        Console.WriteLine(Open() - before);
        return 0;

        async Task StartAsync(int times)
        {
            for (var time = 0; time < times; time++)
            {
                var result = (time % 3) switch
                {
                    0 => await runner.RunAsync(command, new byte[10], CancellationToken.None),
                    1 => await runner.RunAsync(command, Large, CancellationToken.None),
                    _ => (await runner.ConverseAsync(command, CancellationToken.None)).Trouble!,
                };
                Assert.Equal(ProgramEnd.Missing, result.End);
            }
        }
    }

    static byte[] Large { get; } = new byte[LargerThanAPipe];

    static int Open() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
