using System.Net;

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
        Assert.True(session.IsAlive());
        await session.QuitAsync();
        await server.FinishAsync();
        Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
        Assert.Equal("250 2.0.0 queued as 1", outcome.Reply!.ToString());
        Assert.Equal("2.0.0", outcome.Reply.EnhancedStatus);
        Assert.Equal("Subject: hi\r\n\r\nhello\r\n", content);
    }
}
