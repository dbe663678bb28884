using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>P9: what the plugin adds to a host's start, and to its memory once it stands.</summary>
internal static class StartCost
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Report report, Effort effort)
    {
        var rounds = effort.Rounds;
        using var folder = new TempFolder();
        var none = Directory.CreateDirectory(folder.Of("none")).FullName;
        Samples with = new(), without = new(), more = new(), rssWith = new(), rssWithout = new(), moreRss = new(), cpuWith = new(), cpuWithout = new(), moreCpu = new();
        for (var round = -1; round < rounds; round++)
        {
            var (bareTime, bareCpu, bareRss) = await StartAsync(folder.Of("unused"), none);
            var (time, cpu, rss) = await StartAsync(folder.Of("data"), Repository.Plugins);
            if (round < 0)
            {
                // The first start makes the database and the keys.
                continue;
            }

            without.Add(bareTime);
            with.Add(time);
            more.Add(time - bareTime);
            cpuWithout.Add(bareCpu);
            cpuWith.Add(cpu);
            moreCpu.Add(cpu - bareCpu);
            rssWithout.Add(bareRss);
            rssWith.Add(rss);
            moreRss.Add(rss - bareRss);
        }

        report.Add("", "host without plugins, to its first 200", "ms", without);
        report.Add("", "host with the plugin, to its first 200", "ms", with);
        report.Add("P9", "the plugin adds", "ms", more, "<= 250");
        report.Add("", "host without plugins, CPU to its first 200", "ms", cpuWithout);
        report.Add("", "host with the plugin, CPU to its first 200", "ms", cpuWith);
        report.Add("", "the plugin adds, CPU", "ms", moreCpu);
        report.Add("", "host without plugins, RSS a second later", "MB", rssWithout);
        report.Add("", "host with the plugin, RSS a second later", "MB", rssWith);
        report.Add("P9", "the plugin adds", "MB", moreRss, "<= 40");
    }

    static async Task<(double Milliseconds, double Cpu, double Megabytes)> StartAsync(string data, string plugins)
    {
        await using var host = await LoadHost.StartAsync(data, plugins);
        await Task.Delay(Rest);
        var memory = Machine.Memory(host.Id);
        await host.StopAsync();
        return (host.FirstAnswer.TotalMilliseconds, host.FirstAnswerCpu, memory);
    }
}
