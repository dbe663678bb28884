using System.Security.Cryptography;
using MailPlugin.Smtp.Mime;
using MailPlugin.TestBed;

namespace MailPlugin.Smtp.Tests;

public sealed class PostfixFixture : IAsyncDisposable
{
    internal ServerFixture<PostfixServer> Lenient { get; } = new(() => PostfixServer.StartAsync());

    internal ServerFixture<PostfixServer> Strict { get; } = new(() => PostfixServer.StartAsync(new PostfixOptions { Strict = true }));

    internal Task<PostfixServer> GetAsync(bool strict) => (strict ? Strict : Lenient).GetAsync();

    public async ValueTask DisposeAsync()
    {
        await Lenient.DisposeAsync();
        await Strict.DisposeAsync();
    }
}

/// <summary>Postfix as Debian has it, and with the two options that newer releases are stricter by.</summary>
public sealed class PostfixTests(PostfixFixture fixture) : IClassFixture<PostfixFixture>
{
    [ServerTheory(Server.Postfix)]
    [InlineData(SmtpAuth.Plain, false)]
    [InlineData(SmtpAuth.Login, false)]
    [InlineData(SmtpAuth.CramMd5, false)]
    [InlineData(SmtpAuth.ScramSha1, false)]
    [InlineData(SmtpAuth.ScramSha256, false)]
    [InlineData(SmtpAuth.Auto, false)]
    [InlineData(SmtpAuth.Plain, true)]
    [InlineData(SmtpAuth.ScramSha256, true)]
    public async Task Every_mechanism_signs_in_and_a_wrong_password_does_not(SmtpAuth auth, bool strict)
    {
        var server = await fixture.GetAsync(strict);
        var relay = BedRelay.For(server.SubmissionPort, SmtpSecurity.StartTls) with
        {
            Auth = auth,
            Credentials = SmtpCredentials.WithPassword("user@bed", new SmtpSecret("s3cret")),
        };
        var transcript = new KeptTranscript();
        await using var session = await SmtpSession.ConnectAsync(relay, transcript);
        Assert.Null(session.Tls!.CertificateProblem);
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction())).Verdict);
        await session.QuitAsync();
        Assert.DoesNotContain("s3cret", transcript.ToString(), StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<SmtpException>(
            () => SmtpSession.ConnectAsync(relay with { Credentials = SmtpCredentials.WithPassword("user@bed", new SmtpSecret("wrong")) }));
        Assert.Equal((SmtpStage.Auth, SmtpFault.LoginRefused, 535), (refused.Stage, refused.Fault, refused.Reply!.Code));
    }

    [ServerTheory(Server.Postfix)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task What_is_sent_is_what_arrives(bool strict, bool chunking)
    {
        await using var server = await PostfixServer.StartAsync(new PostfixOptions
        {
            Strict = strict,
            Parameters = new Dictionary<string, string> { ["smtpd_discard_ehlo_keywords"] = chunking ? "" : "chunking" },
        });
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.TlsPort, SmtpSecurity.ImplicitTls));
        Assert.Equal(chunking, session.Capabilities.Chunking);
        var composed = BedRelay.HardMessages().Select(hard => new MessageComposer().Compose(hard.Draft)).ToArray();
        var outcomes = await session.SendAllAsync([.. composed.Select((message, i) => BedRelay.Transaction(message, $"reader{i}@server.example"))]);
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict));
        await session.QuitAsync();

        var arrived = await server.ReadMessagesAsync(composed.Length, BedRelay.Patience);
        Assert.Equal(composed.Length, arrived.Count);
        for (var i = 0; i < composed.Length; i++)
        {
            var message = Assert.Single(arrived, one => one.OriginalTo == $"reader{i}@server.example");
            Assert.Equal("bounce@client.example", message.ReturnPath);
            Assert.Equal(Hash(composed[i]), Convert.ToHexString(SHA256.HashData(message.Content)));
            composed[i].Dispose();
        }
    }

    [ServerTheory(Server.Postfix, Server.Python)]
    [InlineData("chinese")]
    [InlineData("arabic")]
    [InlineData("emoji")]
    [InlineData("dots")]
    [InlineData("long lines")]
    public async Task Somebody_elses_parser_reads_what_arrived(string name)
    {
        await using var server = await PostfixServer.StartAsync();
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        var draft = BedRelay.HardMessages().Single(hard => hard.Name == name).Draft;
        using var composed = new MessageComposer().Compose(draft);
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(BedRelay.Transaction(composed, "one@server.example"))).Verdict);
        var mail = await PythonMail.OfAsync((await server.ReadMessagesAsync(1, BedRelay.Patience))[0].Content);
        Assert.Empty(mail.Defects);
        Assert.Equal(draft.Subject, mail.Subject);
        Assert.Equal(new ParsedAddress("sender@client.example", "Ä Sender"), Assert.Single(mail.From));
        Assert.Equal(new ParsedAddress("reader@server.example", "读者"), Assert.Single(mail.To));
        Assert.Equal(draft.TextBody!.ReplaceLineEndings("\n"), mail.Parts.Single(part => part.Text is not null).Text!.ReplaceLineEndings("\n"));
    }

    [ServerTheory(Server.Postfix)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hundred_messages_go_through_the_window_and_each_to_its_own(bool strict)
    {
        await using var server = await PostfixServer.StartAsync(new PostfixOptions { Strict = strict });
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        var outcomes = await session.SendAllAsync([.. Enumerable.Range(0, 100).Select(i => new SmtpTransaction(
            "a@client.example",
            [$"r{i}@server.example", "nobody@test.example", "later@test.example"],
            Some.Content($"Subject: number {i}.\r\n\r\n{i}\r\n")))]);
        Assert.All(outcomes, outcome => Assert.Equal(SmtpVerdict.Partial, outcome.Verdict));
        Assert.All(outcomes, outcome => Assert.Equal([250, 550, 451], outcome.Recipients.Select(r => r.Reply!.Code)));
        var arrived = await server.ReadMessagesAsync(100, BedRelay.Patience);
        Assert.All(arrived, message => Assert.Contains($"number {message.OriginalTo[1..message.OriginalTo.IndexOf('@')]}.", message.Text, StringComparison.Ordinal));
        Assert.Equal(100, arrived.Select(message => message.OriginalTo).Distinct().Count());
    }

    [ServerFact(Server.Postfix)]
    public async Task A_hundred_recipients_get_one_message()
    {
        await using var server = await PostfixServer.StartAsync();
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        var outcome = await session.SendAsync(Some.Transaction([.. Enumerable.Range(0, 100).Select(i => $"r{i}@server.example")]));
        Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
        Assert.Equal(100, (await server.ReadMessagesAsync(100, BedRelay.Patience)).Count);
    }

    [ServerFact(Server.Postfix)]
    public async Task More_recipients_than_Postfix_takes_go_in_parts()
    {
        await using var server = await PostfixServer.StartAsync(new PostfixOptions
        {
            Parameters = new Dictionary<string, string> { ["smtpd_recipient_limit"] = "10", ["smtpd_recipient_overshoot_limit"] = "1000" },
        });
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        var outcome = await session.SendAsync(Some.Transaction([.. Enumerable.Range(0, 35).Select(i => $"r{i}@server.example")]));
        Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
        Assert.Equal(35, (await server.ReadMessagesAsync(35, BedRelay.Patience)).Select(message => message.OriginalTo).Distinct().Count());
    }

    [ServerTheory(Server.Postfix)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bare_line_ends_smuggle_nothing(bool strict)
    {
        var server = await fixture.GetAsync(strict);
        foreach (var end in new[] { "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n" })
        {
            await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
            var outcome = await session.SendAsync(new SmtpTransaction(
                "a@client.example", ["honest@server.example"], Some.Content($"Subject: x\r\n\r\nbefore{end}MAIL FROM:<evil@x>\r\nRCPT TO:<victim@server.example>\r\nDATA\r\nevil\r\n")));
            Assert.Equal(SmtpVerdict.Accepted, outcome.Verdict);
            Assert.True(await session.NoopAsync());
        }

        var arrived = await server.ReadMessagesAsync(4, BedRelay.Patience);
        Assert.DoesNotContain(arrived, message => message.OriginalTo.StartsWith("victim", StringComparison.Ordinal));
    }

    [ServerFact(Server.Postfix)]
    public async Task A_non_ASCII_address_and_a_size_over_the_limit_are_known_before_anything_is_sent()
    {
        var server = await fixture.GetAsync(strict: false);
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        Assert.Equal(20_000_000, session.Capabilities.MaximumSize);
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction("用户@server.example"))).Verdict);
        var huge = await session.SendAsync(new SmtpTransaction("a@client.example", ["b@server.example"], SmtpContent.FromMemory(new byte[20_000_001])));
        Assert.Equal(SmtpFault.MessageTooLarge, huge.Fault);
    }

    [ServerFact(Server.Postfix)]
    public async Task Debians_self_signed_certificate_does_not_stop_opportunistic_TLS()
    {
        await using var server = await PostfixServer.StartAsync(new PostfixOptions { DebianDefault = true });
        await using var session = await SmtpSession.ConnectAsync(
            BedRelay.For(server.Port, SmtpSecurity.StartTlsIfOffered) with { CertificateTrust = SmtpCertificateTrust.System });
        Assert.Equal(SmtpCertificateProblem.SelfSigned, session.Tls!.CertificateProblem);
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction("b@server.example"))).Verdict);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_stopped_Postfix_makes_no_attempt_and_a_started_one_takes_the_message()
    {
        await using var server = await PostfixServer.StartAsync();
        await using var session = await SmtpSession.ConnectAsync(BedRelay.For(server.Port));
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction("b@server.example"))).Verdict);
        await server.StopAsync();
        await server.StartAgainAsync();
        var outcome = await session.SendAsync(Some.Transaction("b@server.example"));
        Assert.True(outcome is { Verdict: SmtpVerdict.NotSent, MayRetryAtOnce: true } || outcome.Verdict == SmtpVerdict.Accepted, $"{outcome.Verdict} {outcome.Detail}");
    }

    static string Hash(ComposedMessage message)
    {
        using var whole = new MemoryStream();
        whole.Write(message.Header.Span);
        whole.Write("\r\n"u8);
        foreach (var piece in message.Body)
        {
            whole.Write(piece.Span);
        }

        return Convert.ToHexString(SHA256.HashData(whole.ToArray()));
    }
}
