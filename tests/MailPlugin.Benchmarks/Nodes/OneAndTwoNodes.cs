using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>
/// P7 and P12. From HTTP requests to the sink through one PostgreSQL, by one host and by two that share the requests, against Postfix as a queue and nodemailer; and whether what two hosts send comes once.
/// Two hosts on the cores of one machine are slower than one whatever they do, so there are two more pairs: two that have nothing in common but the machine and the database's process, and one and two
/// that each have a part of a core.
/// </summary>
internal static class OneAndTwoNodes
{
    const int NodemailerSessions = 8;

    /// <summary>The compiler goes on for some ten thousand messages, in each process.</summary>
    const int Warming = 2;

    /// <summary>Of a core: two such leave more than half of two cores to the database, the sink and the load.</summary>
    const double Share = 0.4;

    /// <summary>Whatever is sent twice comes within the time of a claim.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(Report report, PostgresBed bed, Effort effort)
    {
        var rounds = Math.Min(effort.Rounds, 7);
        var (count, postfixCount, nodeCount) = (effort.Of(8_000, 16), effort.Of(2_000), effort.Of(3_000));
        using var folder = new TempFolder();
        await using var sink = await CountingSink.StartAsync();
        await using var postfix = await EndToEnd.StartPostfixAsync(sink);
        var shared = bed.NewStore();
        await using var alone = await LoadHost.StartAsync(folder.Of("alone"), Repository.Plugins, bed.NewStore());
        await using var other = await LoadHost.StartAsync(folder.Of("other"), Repository.Plugins, bed.NewStore());
        await using var first = await LoadHost.StartAsync(folder.Of("first"), Repository.Plugins, shared);
        await using var second = await LoadHost.StartAsync(folder.Of("second"), Repository.Plugins, shared, first.Key);
        foreach (var host in new[] { alone, other, first })
        {
            await host.SetRelayAsync(sink.Port);
        }

        var sent = 0L;
        await ThroughAsync([alone], count * Warming);
        await ThroughAsync([alone, other], count * Warming);
        await ThroughAsync([first, second], count * Warming * 2);
        await EndToEnd.ThroughPostfixAsync(postfix, sink, postfixCount);
        sent += postfixCount;
        Samples one = new(), oneAccepted = new(), two = new(), twoAccepted = new(), apart = new(), queue = new(), node = new();
        for (var round = 0; round < rounds; round++)
        {
            await AddAsync([alone], count, one, oneAccepted);
            await AddAsync([first, second], count, two, twoAccepted);
            await AddAsync([alone, other], count, apart);
            queue.Add(await EndToEnd.ThroughPostfixAsync(postfix, sink, postfixCount));
            node.Add((await ForeignLoad.NodemailerAsync(sink.Port, nodeCount, 4096, NodemailerSessions, raw: false)).Rate);
            sent += postfixCount + nodeCount;
        }

        var (oneConfined, twoConfined) = await ConfinedAsync(rounds);

        // All of it, nothing before or after: a message that came twice would be one too many.
        await Task.Delay(Settled);
        report.Add("", "Postfix as a queue, 16 sessions in, delivered", "messages/s", queue);
        report.Add("", "nodemailer, pool of 8, no queue and no disk", "messages/s", node);
        report.Add("", "one node, 16 HTTP connections, answered 202", "messages/s", oneAccepted);
        report.Add("P7", "one node, 16 HTTP connections, delivered", "messages/s", one);
        report.Add("P7", "one node / Postfix as a queue", "ratio", one.Over(queue), ">= 6");
        report.Add("P7", "one node / nodemailer", "ratio", one.Over(node), ">= 2");
        report.Add("", "two nodes, 8 HTTP connections each, answered 202", "messages/s", twoAccepted);
        report.Add("P12", "two nodes, 8 HTTP connections each, delivered", "messages/s", two);
        report.Add("", "two hosts with a schema each, 8 HTTP connections each, delivered", "messages/s", apart);
        report.Add("P12", "two nodes / one node, all on the same cores", "ratio", two.Over(one), ">= 1");
        report.Add("", "two hosts with a schema each / one", "ratio", apart.Over(one));
        report.Add("P12", "two nodes / two hosts with a schema each", "ratio", two.Over(apart), ">= 1");
        if (twoConfined.Count > 0)
        {
            report.Add("", $"one node with {Share} of a core, delivered", "messages/s", oneConfined);
            report.Add("", $"two nodes with {Share} of a core each, delivered", "messages/s", twoConfined);
            report.Add("P12", "two nodes / one node, each with as much", "ratio", twoConfined.Over(oneConfined), ">= 1");
        }

        report.Add("P12", "messages that came more than once, of all", "messages", sink.Messages - sent, "0");

        async Task<(double Accepted, double Delivered)> ThroughAsync(IReadOnlyList<LoadHost> hosts, int messages)
        {
            sent += messages;
            return await EndToEnd.ThroughPluginAsync(hosts, sink, messages);
        }

        async Task AddAsync(IReadOnlyList<LoadHost> hosts, int messages, Samples delivered, Samples? accepted = null)
        {
            var rates = await ThroughAsync(hosts, messages);
            delivered.Add(rates.Delivered);
            accepted?.Add(rates.Accepted);
        }

        async Task<(Samples One, Samples Two)> ConfinedAsync(int times)
        {
            Samples ofOne = new(), ofTwo = new();
            using var share = CpuShare.Confine(first.Id, Share);
            using var another = CpuShare.Confine(second.Id, Share);
            using var own = CpuShare.Confine(alone.Id, Share);
            for (var round = 0; round < times && share is not null && another is not null && own is not null; round++)
            {
                await AddAsync([alone], count, ofOne);
                await AddAsync([first, second], count, ofTwo);
            }

            return (ofOne, ofTwo);
        }
    }
}
