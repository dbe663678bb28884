using MailPlugin.Smtp.Mime;
using MailPlugin.TestBed;

namespace MailPlugin.Smtp.Tests;

public sealed class OtherServersTests
{
    [ServerFact(Server.OpenSmtpd)]
    public async Task OpenSMTPD_is_spoken_to_in_lock_step()
    {
        await using var server = await OpenSmtpdServer.StartAsync();
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        Assert.False(session.Capabilities.Pipelining);
        var outcomes = await session.SendAllAsync([.. Enumerable.Range(0, 5).Select(i => new SmtpTransaction("a@client.example", [$"r{i}@server.example", $"s{i}@server.example"], Some.Content($"Subject: number {i}.\r\n\r\n")))]);
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
        await session.QuitAsync();
        Assert.Equal(10, (await server.ReadMessagesAsync(10, BedRelay.Patience)).Count);
    }

    [ServerTheory(Server.NodeSmtpServer)]
    [InlineData(SmtpAuth.Auto, "token", true)]
    [InlineData(SmtpAuth.XOAuth2, "token", true)]
    [InlineData(SmtpAuth.XOAuth2, "stale", false)]
    public async Task Nodes_smtp_server_takes_an_OAuth_token_over_implicit_TLS(SmtpAuth auth, string token, bool isGood)
    {
        await using var server = await NodeSmtpServer.StartAsync();
        var relay = BedRelay.For(server.TlsPort, SmtpSecurity.ImplicitTls) with
        {
            Auth = auth,
            Credentials = SmtpCredentials.WithToken("user", new SmtpSecret(token)),
        };
        if (!isGood)
        {
            var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
            Assert.Equal((SmtpStage.Auth, SmtpFault.LoginRefused, 535), (refused.Stage, refused.Fault, refused.Reply!.Code));
            Assert.Contains("401", refused.Message, StringComparison.Ordinal);
            return;
        }

        await using var session = await SmtpSession.ConnectAsync(relay);
        var hard = BedRelay.HardMessages().Where(one => one.Name is "chinese" or "emoji" or "dots").ToArray();
        var composed = hard.Select(one => new MessageComposer().Compose(one.Draft)).ToArray();
        var outcomes = await session.SendAllAsync([.. composed.Select(message => BedRelay.Transaction(message, "reader@server.example"))]);
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
        var mails = await server.ReadMailsAsync(hard.Length, BedRelay.Patience);
        Assert.All(mails, mail => Assert.True(mail is { Secure: true, User: "user", Envelope.From: "bounce@client.example" }));
        Assert.Equal(hard.Select(one => one.Draft.Subject), mails.Select(mail => mail.Subject));
        Assert.Equal(hard.Select(one => one.Draft.TextBody!.ReplaceLineEndings("\n").TrimEnd()), mails.Select(mail => mail.Text!.TrimEnd()));
    }

    [ServerTheory(Server.SmtpSink)]
    [InlineData("-f", "MAIL", SmtpVerdict.Refused, SmtpStage.Mail, 500)]
    [InlineData("-r", "RCPT", SmtpVerdict.Refused, SmtpStage.Rcpt, 450)]
    [InlineData("-f", "DATA", SmtpVerdict.Refused, SmtpStage.Data, 500)]
    [InlineData("-f", ".", SmtpVerdict.Refused, SmtpStage.Content, 500)]
    [InlineData("-q", "MAIL", SmtpVerdict.NotSent, SmtpStage.Mail, null)]
    [InlineData("-q", "RCPT", SmtpVerdict.NotSent, SmtpStage.Rcpt, null)]
    [InlineData("-q", ".", SmtpVerdict.Uncertain, SmtpStage.Content, null)]
    [InlineData("-Q", "MAIL", SmtpVerdict.NotSent, SmtpStage.Mail, 421)]
    [InlineData("-Q", "DATA", SmtpVerdict.NotSent, SmtpStage.Data, 421)]
    public async Task The_sinks_faults_are_what_they_are(string option, string command, SmtpVerdict verdict, SmtpStage stage, int? code)
    {
        await using var sink = await SmtpSink.StartAsync(option, command);
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(sink.Port));
        var outcome = await session.SendAsync(Some.Transaction());
        Assert.Equal((verdict, stage, code), (outcome.Verdict, outcome.Recipients[0].Stage, outcome.Recipients[0].Reply?.Code));
    }

    [ServerTheory(Server.SmtpSink)]
    [InlineData("-e")]
    [InlineData("-p")]
    [InlineData("-E")]
    public async Task The_sink_takes_what_it_offers_and_no_more(string option)
    {
        await using var sink = await SmtpSink.StartAsync(option);
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(sink.Port));
        var outcomes = await session.SendAllAsync([.. Enumerable.Range(0, 20).Select(i => Some.Transaction($"r{i}@server.test"))]);
        Assert.Equal(20, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
    }
}
