using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class EnvelopeTests
{
    [Fact]
    public async Task Parameters_are_said_where_they_are_offered()
    {
        var said = await EnvelopeAsync(
            ["SIZE 1000", "8BITMIME", "SMTPUTF8", "DSN"],
            new SmtpTransaction("ä@client.test", [new SmtpRecipient("b@server.test") { Notify = SmtpNotify.Success | SmtpNotify.Delay }], Some.Content())
            {
                IsEightBit = true,
                Return = SmtpReturn.Headers,
                EnvelopeId = "id 1+2=3",
            });
        Assert.Equal(
            ["MAIL FROM:<ä@client.test> SIZE=22 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+201+2B2+3D3", "RCPT TO:<b@server.test> NOTIFY=SUCCESS,DELAY"],
            said);
    }

    [Fact]
    public async Task Parameters_stay_away_where_they_are_not_offered()
    {
        var said = await EnvelopeAsync(
            [],
            new SmtpTransaction("", [new SmtpRecipient("b@server.test") { Notify = SmtpNotify.Never }], Some.Content())
            {
                Return = SmtpReturn.Full,
                EnvelopeId = "id",
            });
        Assert.Equal(["MAIL FROM:<>", "RCPT TO:<b@server.test>"], said);
    }

    [Fact]
    public async Task What_the_server_cannot_take_is_not_sent_and_the_session_goes_on()
    {
        var model = new ModelServer(1, likeExim: false, "SIZE 100") { Refuse = _ => false };
        await using var server = new FakeServer(model.ServeAsync);
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcomes = await session.SendAllAsync(
            Some.Transaction("ö@server.test"),
            new SmtpTransaction("a@client.test", ["b@server.test"], Some.Content()) { IsEightBit = true },
            new SmtpTransaction("a@client.test", ["b@server.test"], Some.Content(new string('x', 101))),
            Some.Transaction("b@server.test"));
        Assert.Equal([SmtpFault.SmtpUtf8NotOffered, SmtpFault.EightBitNotOffered, SmtpFault.MessageTooLarge, null], outcomes.Select(outcome => outcome.Fault));
        Assert.All(outcomes.Take(3), outcome => Assert.Equal(SmtpVerdict.NotSent, outcome.Verdict));
        Assert.All(outcomes, outcome => Assert.False(outcome.MayRetryAtOnce));
        Assert.Equal(SmtpVerdict.Accepted, outcomes[3].Verdict);
        Assert.Single(model.Delivered);
    }

    [Theory]
    [InlineData("a@b>\r\nRCPT TO:<c@d")]
    [InlineData("a@b\n")]
    [InlineData("a@b\0")]
    [InlineData("a b@c")]
    [InlineData("a@b> SIZE=1")]
    [InlineData("\"a\\\r\"@b")]
    [InlineData("a@b\u2028")]
    public void An_address_cannot_carry_a_command(string address)
    {
        Assert.Throws<ArgumentException>(() => new SmtpRecipient(address));
        Assert.Throws<ArgumentException>(() => new SmtpTransaction(address, ["b@c"], Some.Content()));
    }

    [Fact]
    public void A_quoted_local_part_may_have_blanks_and_brackets()
        => Assert.Equal("\"a <b>\\\" c\"@d", new SmtpRecipient("\"a <b>\\\" c\"@d").Address);

    [Fact]
    public async Task Content_by_BDAT_is_as_long_as_it_says()
    {
        var said = new List<string>();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("PIPELINING", "CHUNKING");
            await talk.ExpectAsync("MAIL FROM:<a@client.test>", "RCPT TO:<b@server.test>");
            await talk.SayAsync("250 ok", "250 ok");
            await talk.ExpectAsync("BDAT 15 LAST");
            said.Add(Encoding.ASCII.GetString(await talk.ReadBytesAsync(15)));
            Assert.False(talk.HasBuffered);
            await talk.SayAsync("250 queued");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        await session.SendAsync(new SmtpTransaction("a@client.test", ["b@server.test"], Some.Content("a\n.\r\nb\r.\rc")));
        Assert.Equal(["a\r\n.\r\nb\r\n.\r\nc\r\n"], said);
        Assert.Empty(server.Faults);
    }

    static async Task<string[]> EnvelopeAsync(string[] capabilities, SmtpTransaction transaction)
    {
        var said = new List<string>();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync(capabilities);
            said.Add((await talk.ReadLineAsync())!);
            await talk.SayAsync("250 ok");
            said.Add((await talk.ReadLineAsync())!);
            await talk.SayAsync("550 no");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        await session.SendAsync(transaction);
        return [.. said];
    }
}
