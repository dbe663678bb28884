using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>
/// P7 and P12. From HTTP requests to the sink through one PostgreSQL, by one host and by two that share the requests, against Postfix as a queue and nodemailer; and whether what two hosts send comes once.
/// </summary>
internal static class OneAndTwoNodes
{
    const int NodemailerSessions = 8;

    /// <summary>Whatever is sent twice comes within the time of a claim.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(Report report, PostgresBed bed, Effort effort)
    {
        var rounds = Math.Min(effort.Rounds, 7);
        var (count, postfixCount, nodeCount) = (effort.Of(8_000, 16), effort.Of(2_000), effort.Of(3_000));
        using var folder = new TempFolder();
        await using var sink = await CountingSink.StartAsync();
        await using var postfix = await EndToEnd.StartPostfixAsync(sink);
        var (store, shared) = (bed.NewStore(), bed.NewStore());
        await using var alone = await LoadHost.StartAsync(folder.Of("alone"), Repository.Plugins, store);
        await using var first = await LoadHost.StartAsync(folder.Of("first"), Repository.Plugins, shared);
        await using var second = await LoadHost.StartAsync(folder.Of("second"), Repository.Plugins, shared, first.Key);
        await alone.SetRelayAsync(sink.Port);
        await first.SetRelayAsync(sink.Port);
        Samples one = new(), oneAccepted = new(), two = new(), twoAccepted = new(), queue = new(), node = new();
        for (var round = -1; round < rounds; round++)
        {
            var part = round < 0 ? count / 4 / 16 * 16 : count;
            var ofOne = await EndToEnd.ThroughPluginAsync(alone, sink, part);
            var ofTwo = await EndToEnd.ThroughPluginAsync([first, second], sink, part);
            var ofPostfix = await EndToEnd.ThroughPostfixAsync(postfix, sink, postfixCount);
            if (round < 0)
            {
                // The first of each is for the compiler.
                continue;
            }

            one.Add(ofOne.Delivered);
            oneAccepted.Add(ofOne.Accepted);
            two.Add(ofTwo.Delivered);
            twoAccepted.Add(ofTwo.Accepted);
            queue.Add(ofPostfix);
            node.Add((await ForeignLoad.NodemailerAsync(sink.Port, nodeCount, 4096, NodemailerSessions, raw: false)).Rate);
        }

        // All of it, nothing before or after: a message that came twice would be one too many.
        await Task.Delay(Settled);
        var sent = sink.Messages;
        var expected = (long)(((rounds + 1) * postfixCount) + (rounds * nodeCount) + (2 * ((rounds * count) + (count / 4 / 16 * 16))));
        report.Add("", "Postfix as a queue, 16 sessions in, delivered", "messages/s", queue);
        report.Add("", "nodemailer, pool of 8, no queue and no disk", "messages/s", node);
        report.Add("", "one node, 16 HTTP connections, answered 202", "messages/s", oneAccepted);
        report.Add("P7", "one node, 16 HTTP connections, delivered", "messages/s", one);
        report.Add("P7", "one node / Postfix as a queue", "ratio", one.Over(queue), ">= 6");
        report.Add("P7", "one node / nodemailer", "ratio", one.Over(node), ">= 2");
        report.Add("", "two nodes, 8 HTTP connections each, answered 202", "messages/s", twoAccepted);
        report.Add("P12", "two nodes, 8 HTTP connections each, delivered", "messages/s", two);
        report.Add("P12", "two nodes / one node", "ratio", two.Over(one), ">= 1");
        report.Add("P12", "messages that came more than once, of all", "messages", sent - expected, "0");
    }
}
