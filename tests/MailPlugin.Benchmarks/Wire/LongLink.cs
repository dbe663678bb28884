using System.Diagnostics;
using MailPlugin.Smtp;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>P4: round trips a message over a link of 25 ms each way. The server's own time is in them.</summary>
internal static class LongLink
{
    static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(25);

    public static async Task RunAsync(Report report, int rounds, int count)
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var toSink = new SlowProxy(sink.Port, new SlowProxyOptions { Delay = OneWay });
        await using var postfix = await PostfixServer.StartAsync();
        await using var toPostfix = new SlowProxy(postfix.Port, new SlowProxyOptions { Delay = OneWay });
        await using var chunking = new ChunkingSink();
        await using var toChunking = new SlowProxy(chunking.Port, new SlowProxyOptions { Delay = OneWay });
        var message = LoadMail.Of(4096);
        Samples pipelined = new(), chunked = new(), chunkedPostfix = new(), source = new(), node = new(), trip = new();
        for (var round = 0; round < rounds; round++)
        {
            pipelined.Add(1 / await MessagesPerTripAsync(toSink.Port, count, message, trip));
            chunked.Add(await MessagesPerTripAsync(toChunking.Port, count * 5, message, trip));
            chunkedPostfix.Add(await MessagesPerTripAsync(toPostfix.Port, count * 5, message, trip));
            source.Add(1 / (await ForeignLoad.SmtpSourceAsync(toSink.Port, Math.Max(5, count / 5), 4096, 1) * trip.Median));
            node.Add(1 / ((await ForeignLoad.NodemailerAsync(toSink.Port, Math.Max(5, count / 5), 4096, 1, raw: true)).Rate * trip.Median));
        }

        report.Add("", "round trip through the proxy, as a NOOP sees it", "s", trip);
        report.Add("P4", "client with PIPELINING (smtp-sink)", "round trips/message", pipelined, "<= 1.1");
        report.Add("P4", "client with CHUNKING (a server that takes no time)", "messages/round trip", chunked, ">= 5");
        report.Add("P4", "client with CHUNKING (Postfix, its disk included)", "messages/round trip", chunkedPostfix, ">= 5");
        report.Add("", "smtp-source, its connection included", "round trips/message", source);
        report.Add("", "nodemailer, its connection included", "round trips/message", node);
    }

    static async Task<double> MessagesPerTripAsync(int port, int count, byte[] message, Samples trip)
    {
        await using var session = await SmtpSession.ConnectAsync(ClientLoop.Relay(port));
        var single = new Samples();
        for (var ask = 0; ask < 5; ask++)
        {
            var noop = Stopwatch.StartNew();
            await session.NoopAsync();
            single.Add(noop.Elapsed.TotalSeconds);
        }

        trip.Add(single.Median);
        var clock = Stopwatch.StartNew();
        await ClientLoop.SendAsync(session, count, message);
        return count / (clock.Elapsed.TotalSeconds / single.Median);
    }
}
