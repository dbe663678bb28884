using System.Diagnostics;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>What is looked up when something has failed: transcripts and the log, at the size that a bad week leaves behind, over HTTP from the host as it is built for release.</summary>
internal static class LogsProgram
{
    public static async Task RunAsync(Effort effort)
    {
        var report = new Report("Logs and transcripts", effort.Rounds);
        using var folder = new TempFolder();
        var data = folder.Of("data");
        await using (var first = await LoadHost.StartAsync(data, Repository.Plugins))
        {
            await first.StopAsync();
        }

        var key = (await File.ReadAllTextAsync(Path.Combine(data, "admin-key.txt"))).Trim();
        var (count, bytes) = (effort.Of(10_000), effort.Of(200) * 1_000_000L);
        var transcript = await Filling.TranscriptsAsync(data, count);
        var lines = Filling.Log(data, bytes);
        await using (var host = await LoadHost.StartAsync(data, Repository.Plugins, key: key))
        {
            await PagesAsync(host, report, effort, transcript, $"{count:N0} transcripts", $"log of {bytes / 1_000_000} MB, {lines:N0} lines");
            foreach (var listeners in (int[])[1, 8])
            {
                await TailAsync(host, data, report, effort, listeners);
            }
        }

        report.Print(Console.Out);
    }

    static async Task PagesAsync(LoadHost host, Report report, Effort effort, string transcript, string transcripts, string log)
    {
        (string What, string Path, string Target)[] pages =
        [
            ($"{transcripts}: first page", "transcripts", "<= 100"),
            ("of one transport", "transcripts?transport=t3", "<= 100"),
            ("of one message", "transcripts?message=m_77", "<= 100"),
            ("of a transport that has none", "transcripts?transport=none", "<= 100"),
            ("one transcript of 60 lines", $"transcripts/{transcript}", "<= 100"),
            ($"{log}: first page", "logs", "<= 100"),
            ("200 entries", "logs?limit=200", "<= 100"),
            ("warnings, one in a hundred", "logs?level=warning", "<= 100"),
            ("since an hour ago", $"logs?since={Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O"))}", "<= 100"),
            ("a text that is nowhere: a bounded scan", "logs?q=nowhere", ""),
            ("the list of files", "logs/files", "<= 100"),
        ];
        foreach (var (what, path, target) in pages)
        {
            var samples = new Samples();
            for (var round = -1; round < effort.Rounds * 3; round++)
            {
                var begun = Stopwatch.GetTimestamp();
                using var answer = await host.SendAsync(HttpMethod.Get, path, null);
                await answer.Content.ReadAsByteArrayAsync();
                if (round >= 0)
                {
                    samples.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
            }

            report.Add("", what, "ms", samples, target);
        }
    }

    static async Task TailAsync(LoadHost host, string data, Report report, Effort effort, int listeners)
    {
        const int Rate = 5_000;
        var seconds = Math.Max(2, effort.Of(20));
        var readers = await Task.WhenAll(Enumerable.Range(0, listeners).Select(_ => TailReader.OpenAsync(host, Rate * seconds)));
        var cpu = Machine.Cpu(host.Id);
        await Filling.PacedAsync(data, Rate, seconds);
        var seen = await Task.WhenAll(readers.Select(reader => reader.Whole));
        var spent = Machine.Cpu(host.Id) - cpu;
        var delays = seen.SelectMany(reader => reader.Delays).Order().ToArray();
        var who = listeners == 1 ? "one listener" : $"{listeners} listeners";
        report.Add("", $"tail at {Rate:N0} lines/s for {seconds} s, {who}: lines that came, of all", "%", 100.0 * seen.Sum(reader => reader.Delays.Count) / (listeners * Rate * seconds), "100");
        report.Add("", "written to seen, median", "ms", delays[delays.Length / 2]);
        report.Add("", "written to seen, p99", "ms", delays[delays.Length * 99 / 100]);
        report.Add("", "CPU of the host", "% of a core", spent / seconds / 10);
    }
}
