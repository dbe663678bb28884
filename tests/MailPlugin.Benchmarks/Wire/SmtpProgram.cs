using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>P1 to P4: the client against a bare socket, smtp-source and nodemailer, all into smtp-sink, and over a long link; all, or those that are named.</summary>
internal static class SmtpProgram
{
    const int Small = 4096;
    const int Large = 50 * 1024;

    public static async Task RunAsync(Effort effort, IReadOnlyCollection<string> only)
    {
        var report = new Report("SMTP client", effort.Rounds);
        await using (var sink = await SmtpSink.StartAsync())
        {
            if (Wanted("P1") || Wanted("P3"))
            {
                await SmallAsync(report, sink.Port, effort.Rounds, effort.Of(20_000, 20));
            }

            if (Wanted("P2"))
            {
                await LargeAsync(report, sink.Port, effort.Rounds, effort.Of(3_000, 4));
            }
        }

        if (Wanted("P4"))
        {
            await LongLink.RunAsync(report, Math.Min(effort.Rounds, 5), effort.Of(100, 20));
        }

        report.Print(Console.Out);

        bool Wanted(string number) => only.Count == 0 || only.Contains(number);
    }

    static async Task SmallAsync(Report report, int port, int rounds, int count)
    {
        var message = LoadMail.Of(Small);
        await ClientLoop.RunAsync(port, count / 4, message);
        await RawLoop.RunAsync(port, count / 4, message);
        await RawLoop.RunAsynchronouslyAsync(port, count / 4, message);
        Samples client = new(), raw = new(), rawAsync = new(), clientCpu = new(), rawCpu = new(), rawAsyncCpu = new(), allocated = new();
        Samples source = new(), node = new(), nodeCpu = new(), client4 = new(), source4 = new(), node4 = new();
        for (var round = 0; round < rounds; round++)
        {
            var bare = await Cost.OfAsync(() => RawLoop.RunAsync(port, count, message));
            var ours = await Cost.OfAsync(() => ClientLoop.RunAsync(port, count, message));
            var bareAsync = await Cost.OfAsync(() => RawLoop.RunAsynchronouslyAsync(port, count, message));
            raw.Add(bare.Rate);
            rawCpu.Add(bare.CpuMicroseconds);
            client.Add(ours.Rate);
            clientCpu.Add(ours.CpuMicroseconds);
            allocated.Add(ours.AllocatedBytes);
            rawAsync.Add(bareAsync.Rate);
            rawAsyncCpu.Add(bareAsync.CpuMicroseconds);
            source.Add(await ForeignLoad.SmtpSourceAsync(port, count / 2, Small, 1));
            var foreign = await ForeignLoad.NodemailerAsync(port, count / 5, Small, 1, raw: true);
            node.Add(foreign.Rate);
            nodeCpu.Add(foreign.CpuMicroseconds);
            client4.Add((await Cost.OfAsync(() => ClientLoop.RunAsync(port, count, message, sessions: 4))).Rate);
            source4.Add(await ForeignLoad.SmtpSourceAsync(port, count, Small, 4));
            node4.Add((await ForeignLoad.NodemailerAsync(port, count / 5, Small, 4, raw: true)).Rate);
        }

        report.Add("", "raw socket loop, blocking, 4 KB, 1 session", "messages/s", raw);
        report.Add("", "raw socket loop, asynchronous", "messages/s", rawAsync);
        report.Add("P1", "client, 4 KB, 1 session", "messages/s", client);
        report.Add("P1", "client / raw loop", "ratio", client.Over(raw), ">= 0.75");
        report.Add("", "client / asynchronous raw loop", "ratio", client.Over(rawAsync));
        report.Add("", "smtp-source, 1 session", "messages/s", source);
        report.Add("", "nodemailer, pool of 1", "messages/s", node);
        report.Add("", "client / smtp-source", "ratio", client.Over(source));
        report.Add("", "client / nodemailer", "ratio", client.Over(node));
        report.Add("", "client, 4 sessions", "messages/s", client4);
        report.Add("", "client / smtp-source, 4 sessions", "ratio", client4.Over(source4));
        report.Add("", "client / nodemailer, 4 sessions", "ratio", client4.Over(node4));
        report.Add("P3", "raw loop, CPU", "us/message", rawCpu);
        report.Add("P3", "client, CPU", "us/message", clientCpu);
        report.Add("P3", "client / raw loop, CPU", "ratio", clientCpu.Over(rawCpu), "<= 1.4");
        report.Add("", "client / asynchronous raw loop, CPU", "ratio", clientCpu.Over(rawAsyncCpu));
        report.Add("", "nodemailer / client, CPU", "ratio", nodeCpu.Over(clientCpu));
        report.Add("P3", "client, allocated beyond the message", "bytes/message", allocated, "<= 2048");
    }

    static async Task LargeAsync(Report report, int port, int rounds, int count)
    {
        var message = LoadMail.Of(Large);
        await ClientLoop.RunAsync(port, count / 4, message);
        await RawLoop.RunAsync(port, count / 4, message);
        Samples client = new(), raw = new(), source = new(), node = new(), client4 = new(), source4 = new();
        for (var round = 0; round < rounds; round++)
        {
            client.Add((await Cost.OfAsync(() => ClientLoop.RunAsync(port, count, message))).Rate);
            source.Add(await ForeignLoad.SmtpSourceAsync(port, count, Large, 1));
            raw.Add((await Cost.OfAsync(() => RawLoop.RunAsync(port, count, message))).Rate);
            node.Add((await ForeignLoad.NodemailerAsync(port, count / 2, Large, 1, raw: true)).Rate);
            client4.Add((await Cost.OfAsync(() => ClientLoop.RunAsync(port, count, message, sessions: 4))).Rate);
            source4.Add(await ForeignLoad.SmtpSourceAsync(port, count, Large, 4));
        }

        report.Add("P2", "client, 50 KB, 1 session", "messages/s", client);
        report.Add("", "smtp-source, 50 KB, 1 session", "messages/s", source);
        report.Add("P2", "client / smtp-source, 50 KB, 1 session", "ratio", client.Over(source), ">= 0.6");
        report.Add("P2", "client / smtp-source, 50 KB, 4 sessions", "ratio", client4.Over(source4), ">= 0.6");
        report.Add("", "client / raw loop, 50 KB", "ratio", client.Over(raw));
        report.Add("", "client / nodemailer, 50 KB", "ratio", client.Over(node));
    }
}
