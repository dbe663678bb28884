using System.Diagnostics;

namespace MailPlugin.TestBed.Tests;

public sealed class Lifetime_tests
{
    [ServerFact(Server.Postfix, Server.SmtpSink)]
    public async Task No_server_outlives_a_test_process_that_is_killed()
    {
        using var process = OtherProcess.Start("hold");
        try
        {
            var words = (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)))!.Split(' ');
            var (folder, ports) = (words[0], words[1..].Select(word => int.Parse(word, null)).ToList());
            Assert.All(ports, port => Assert.Equal(1, FreePort.Listeners(port)));
            Assert.True(Directory.Exists(folder));

            process.Kill();

            await UntilAsync(() => ports.All(port => FreePort.Listeners(port) == 0) && !Directory.Exists(folder) && Leftovers.Of(folder).Count == 0);
        }
        finally
        {
            process.Kill();
        }
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "still there after 30 s");
            await Task.Delay(20);
        }
    }
}
