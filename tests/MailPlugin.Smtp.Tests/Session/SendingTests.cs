using System.Net;
using System.Net.Sockets;

namespace MailPlugin.Smtp.Tests;

public sealed class SendingTests
{
    [Fact]
    public async Task One_message_goes_in_lock_step_where_nothing_is_offered()
    {
        var content = "";
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            foreach (var (command, reply) in new[] { ("MAIL FROM:<a@client.test>", "250 ok"), ("RCPT TO:<b@server.test>", "250 ok"), ("DATA", "354 go") })
            {
                await talk.ExpectAsync(command);
                Assert.False(talk.HasBuffered);
                await talk.SayAsync(reply);
            }

            content = await talk.ReadContentAsync();
            await talk.SayAsync("250 2.0.0 queued as 1");
            await talk.ExpectAsync("QUIT");
            await talk.SayAsync("221 bye");
        });
        var session = await SmtpSession.ConnectAsync(server.Relay);
        Assert.Equal(IPAddress.Loopback, session.RemoteEndPoint.Address);
        var outcome = await session.SendAsync(Some.Transaction());
        Assert.True(session.IsUsable);
        await session.QuitAsync();
        await server.FinishAsync();
        Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
        Assert.Equal("250 2.0.0 queued as 1", outcome.Reply!.ToString());
        Assert.Equal("2.0.0", outcome.Reply.EnhancedStatus);
        Assert.Equal("Subject: hi\r\n\r\nhello\r\n", content);
    }

    [Fact]
    public async Task A_connection_that_somebody_made_serves_as_well()
    {
        using var folder = new TestBed.TempFolder();
        var place = new UnixDomainSocketEndPoint(folder.Of("socket"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(place);
        listener.Listen();
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(place);
        var said = TalkAsync(await listener.AcceptAsync());

        var session = await SmtpSession.ConnectAsync(new SmtpRelay { Host = "localhost", Security = SmtpSecurity.None }, connection);
        var outcome = await session.SendAsync(Some.Transaction());
        await session.QuitAsync();

        Assert.Equal("250 2.0.0 queued", outcome.Reply!.ToString());
        Assert.EndsWith("DATA Subject: hi  hello . QUIT", await said, StringComparison.Ordinal);
    }

    static async Task<string> TalkAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        await stream.WriteAsync("220 hello\r\n"u8.ToArray());
        for (var inContent = false; await reader.ReadLineAsync() is { } line;)
        {
            lines.Add(line);
            var reply = line == "DATA" ? "354 go\r\n" : line == "." ? "250 2.0.0 queued\r\n" : inContent ? "" : line == "QUIT" ? "221 bye\r\n" : "250 ok\r\n";
            inContent = line == "DATA" || (inContent && line != ".");
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(reply));
        }

        return string.Join(' ', lines);
    }
}
