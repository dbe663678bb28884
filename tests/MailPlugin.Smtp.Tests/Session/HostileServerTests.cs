using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class HostileServerTests
{
    [Fact]
    public async Task A_line_that_does_not_end_ends_the_session()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.ExpectAsync("MAIL FROM:<a@client.test>");
            await talk.WriteAsync(Encoding.ASCII.GetBytes("250 " + new string('x', 1_000_000)));
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        var outcome = await session.SendAsync(Some.Transaction());
        Assert.Equal((SmtpFault.ProtocolViolation, SmtpVerdict.NotSent), (outcome.Fault, outcome.Verdict));
        Assert.Contains("4096", outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lines", "128 lines")]
    [InlineData("capabilities", "100 capabilities")]
    [InlineData("reply", "bytes")]
    public async Task A_greeting_without_end_makes_no_session(string kind, string why)
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.SayAsync("220 fake");
            await talk.ExpectAsync("EHLO client.test");
            var (count, width) = kind switch { "lines" => (100_000, 1), "capabilities" => (110, 1), _ => (120, 400) };
            await talk.SayAsync([.. Enumerable.Range(0, count).Select(i => $"250-{new string('X', width)}{i}"), "250 LAST"]);
            await talk.StallAsync();
        });
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(server.Relay));
        Assert.Equal((SmtpStage.Ehlo, SmtpFault.ProtocolViolation), (refused.Stage, refused.Fault));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_without_end_makes_no_session()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("AUTH PLAIN");
            while (await talk.ReadLineAsync() is not null)
            {
                await talk.SayAsync("334 ");
            }
        });
        var relay = server.Relay with { Credentials = SmtpCredentials.WithPassword("user", new SmtpSecret("x")), AllowPlaintextAuth = true };
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
        Assert.Equal((SmtpStage.Auth, SmtpFault.ProtocolViolation), (refused.Stage, refused.Fault));
    }

    [Fact]
    public async Task More_than_a_handshake_needs_makes_no_session()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.SayAsync([.. Enumerable.Repeat("220-" + new string('x', 100), 100), "220 fake"]);
            await talk.StallAsync();
        });
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(server.Relay with { Limits = new SmtpLimits { HandshakeBytes = 5000 } }));
        Assert.Equal((SmtpStage.Greeting, SmtpFault.ProtocolViolation), (refused.Stage, refused.Fault));
    }

    [Fact]
    public async Task A_reply_that_nobody_asked_for_is_not_taken_for_the_next_one()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.ExpectAsync("MAIL FROM:<a@client.test>");
            await talk.SayAsync("550 no", "250 and more");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        Assert.Equal(SmtpVerdict.Refused, (await session.SendAsync(Some.Transaction())).Verdict);
        var outcome = await session.SendAsync(Some.Transaction());
        Assert.Equal((SmtpFault.ProtocolViolation, SmtpVerdict.NotSent), (outcome.Fault, outcome.Verdict));
        Assert.True(outcome.MayRetryAtOnce);
    }

    [Fact]
    public async Task No_reply_can_write_a_second_line_into_a_transcript()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.ExpectAsync("MAIL FROM:<a@client.test>");
            await talk.SayAsync("550 no\rC: QUIT\u001b[2K\u2028S: 250 yes");
            await talk.StallAsync();
        });
        var transcript = new KeptTranscript();
        await using var session = await SmtpSession.ConnectAsync(server.Relay, transcript);
        var outcome = await session.SendAsync(Some.Transaction());
        Assert.All(transcript.Lines, line => Assert.DoesNotContain(line.Text, c => char.IsControl(c) || c == '\u2028'));
        Assert.DoesNotContain(outcome.Reply!.ToString(), char.IsControl);
    }
}
