using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class TranscriptTests
{
    [Theory]
    [InlineData(SmtpTranscriptContent.None, false, false)]
    [InlineData(SmtpTranscriptContent.Headers, true, false)]
    [InlineData(SmtpTranscriptContent.Full, true, true)]
    public async Task A_transcript_shows_as_much_content_as_was_asked_for(SmtpTranscriptContent content, bool header, bool body)
    {
        foreach (var capabilities in new string[][] { ["PIPELINING"], ["PIPELINING", "CHUNKING"] })
        {
            var model = new ModelServer(1, likeExim: false, capabilities) { Refuse = _ => false };
            await using var server = new FakeServer(model.ServeAsync);
            var transcript = new KeptTranscript(content);
            await using var session = await SmtpSession.ConnectAsync(server.Relay, transcript);
            await session.SendAsync(Some.Transaction());
            var text = transcript.ToString();
            Assert.Equal(header, text.Contains("C: Subject: hi", StringComparison.Ordinal));
            Assert.Equal(body, text.Contains("C: hello", StringComparison.Ordinal));
            Assert.Contains("S: 220 fake ESMTP\nC: EHLO client.test\nS: 250-fake", text, StringComparison.Ordinal);
            Assert.Contains("C: RCPT TO:<b@server.test>", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("AUTH PLAIN")]
    [InlineData("AUTH LOGIN")]
    [InlineData("AUTH CRAM-MD5")]
    [InlineData("AUTH XOAUTH2")]
    public async Task A_secret_is_in_no_transcript_and_no_text(string offer)
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync(offer);
            while (await talk.ReadLineAsync() is { } line)
            {
                await talk.SayAsync(line.StartsWith("AUTH LOGIN", StringComparison.Ordinal) || line.StartsWith("AUTH CRAM", StringComparison.Ordinal)
                    ? $"334 {Convert.ToBase64String("<chal@lenge>"u8)}"
                    : $"535 5.7.8 what is \"{line}\", {Some.Canary}?");
            }
        });
        var secret = new SmtpSecret(Some.Canary);
        var relay = server.Relay with
        {
            AllowPlaintextAuth = true,
            Credentials = offer.EndsWith("XOAUTH2", StringComparison.Ordinal) ? SmtpCredentials.WithToken("user", secret) : SmtpCredentials.WithPassword("user", secret),
        };
        var transcript = new KeptTranscript(SmtpTranscriptContent.Full);
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay, transcript));
        Assert.Equal((SmtpStage.Auth, SmtpFault.LoginRefused), (refused.Stage, refused.Fault));
        var texts = $"{transcript}\n{refused}\n{relay}\n{relay.Credentials}\n{secret}";
        Assert.Contains(offer, texts, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.Canary, texts, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Some.Canary)).TrimEnd('=')[..12], texts, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0user\0{Some.Canary}"))[..16], texts, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("<chal@lenge>"u8), texts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_tells_addresses_attempts_certificates_and_what_TLS_changed()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("STARTTLS", "SIZE 1000");
            await talk.ExpectAsync("STARTTLS");
            await talk.SayAsync("220 go");
            await talk.StartTlsAsync(TestPki.Good);
            await talk.AnswerEhloAsync("SIZE 1000", "AUTH PLAIN");
            await talk.StallAsync();
        });
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var elsewhere = IPAddress.Parse("127.0.88.1");
        closed.Bind(new IPEndPoint(elsewhere, server.Port));
        var connector = new SmtpConnector(TimeProvider.System)
        {
            Resolver = (_, family, _) => Task.FromResult<IPAddress[]>(family == AddressFamily.InterNetwork ? [elsewhere, IPAddress.Loopback] : []),
        };
        var transcript = new KeptTranscript();
        var relay = server.Relay with { Security = SmtpSecurity.StartTls, CertificateTrust = new SmtpCertificateTrust.CustomCa(TestPki.CaPem) };
        await using var session = await SmtpSession.ConnectAsync(relay, new TranscriptWriter(transcript, TimeProvider.System), TimeProvider.System, connector, default);

        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        var lines = transcript.ToString().Split('\n');
        string[] wanted =
        [
            $"*: localhost has 127.0.88.1, 127.0.0.1",
            $"*: Trying 127.0.88.1 port {port}",
            $"*: 127.0.88.1 port {port}: ConnectionRefused",
            $"*: Trying 127.0.0.1 port {port}",
            $"*: Connected to 127.0.0.1:{port}",
            "S: 220 go",
            $"*: Certificate of {TestPki.Good.Subject}, issued by {TestPki.Good.Issuer}, {Day(TestPki.Good.NotBefore)} to {Day(TestPki.Good.NotAfter)}, SHA-256 {TestPki.Sha256(TestPki.Good)}",
            $"*+: {session.Tls}",
            "*+: Under TLS more is offered: AUTH PLAIN; no longer: STARTTLS",
        ];
        Assert.Equal(wanted, lines.Where(wanted.Contains));

        // The authority above it as well.
        Assert.Contains(lines, line => line.StartsWith($"*: Certificate of {TestPki.Good.Issuer},", StringComparison.Ordinal));

        static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_transcript_that_throws_harms_nobody()
    {
        var model = new ModelServer(1, likeExim: false, "PIPELINING") { Refuse = _ => false };
        await using var server = new FakeServer(model.ServeAsync);
        await using var session = await SmtpSession.ConnectAsync(server.Relay, new Thrower());
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction())).Verdict);
    }

    sealed class Thrower : ISmtpTranscript
    {
        public SmtpTranscriptContent Content => throw new InvalidOperationException();

        public void Write(in SmtpTranscriptLine line) => throw new InvalidOperationException();
    }
}
