using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.Smtp.Tests;

public sealed class TlsTests
{
    static readonly SmtpCertificateTrust TestCa = new SmtpCertificateTrust.CustomCa(TestPki.CaPem);

    [Theory]
    [InlineData(SmtpSecurity.ImplicitTls)]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.StartTlsIfOffered)]
    public async Task A_good_certificate_makes_a_session(SmtpSecurity security)
    {
        await using var server = new FakeServer(talk => ServeAsync(talk, security, TestPki.Good));
        var transcript = new KeptTranscript();
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { Security = security, CertificateTrust = TestCa }, transcript);
        Assert.NotNull(session.Tls);
        Assert.Null(session.Tls.CertificateProblem);
        Assert.Equal(TestPki.Sha256(TestPki.Good), session.Tls.Certificate.Sha256);
        Assert.True(session.Capabilities.SmtpUtf8);
        Assert.False(session.Capabilities.Chunking);
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction())).Verdict);
        Assert.Contains("C+: MAIL FROM:<a@client.test>", transcript.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong name", SmtpCertificateProblem.WrongName)]
    [InlineData("expired", SmtpCertificateProblem.Expired)]
    [InlineData("not yet", SmtpCertificateProblem.NotYetValid)]
    [InlineData("self-signed", SmtpCertificateProblem.SelfSigned)]
    [InlineData("unknown", SmtpCertificateProblem.UnknownIssuer)]
    [InlineData("pin", SmtpCertificateProblem.PinMismatch)]
    public async Task A_bad_certificate_says_what_is_bad(string kind, SmtpCertificateProblem problem)
    {
        var certificate = Certificate(kind);
        await using var server = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.ImplicitTls, certificate));
        var relay = server.Relay with
        {
            Security = SmtpSecurity.ImplicitTls,
            CertificateTrust = kind switch
            {
                "unknown" => SmtpCertificateTrust.System,
                "pin" => new SmtpCertificateTrust.Pinned(new string('0', 64)),
                _ => TestCa,
            },
        };
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
        Assert.Equal(SmtpFault.CertificateRejected, refused.Fault);
        Assert.Equal(SmtpStage.Tls, refused.Stage);
        Assert.Equal(problem, refused.Certificate!.Problem);
        Assert.Equal(certificate.Subject, refused.Certificate.Subject);
        Assert.Equal(certificate.Issuer, refused.Certificate.Issuer);
        Assert.Equal(TestPki.Sha256(certificate), refused.Certificate.Sha256);
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), refused.Certificate.NotAfter.UtcDateTime);
        Assert.Contains(kind == "wrong name" ? "other.example" : "localhost", refused.Certificate.Names);

        // What opportunistic TLS records is the same.
        await using var lenient = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.StartTlsIfOffered, certificate));
        await using var session = await SmtpSession.ConnectAsync(relay with { Port = lenient.Port, Security = SmtpSecurity.StartTlsIfOffered });
        Assert.Equal(problem, session.Tls!.CertificateProblem);
        Assert.Equal(SmtpVerdict.Accepted, (await session.SendAsync(Some.Transaction())).Verdict);
    }

    [Fact]
    public async Task A_pinned_certificate_is_good_whatever_it_says()
    {
        var pin = string.Join(':', TestPki.Sha256(TestPki.SelfSigned).ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
        await using var server = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.StartTls, TestPki.SelfSigned));
        await using var session = await SmtpSession.ConnectAsync(
            server.Relay with { Host = "127.0.0.1", Security = SmtpSecurity.StartTls, CertificateTrust = new SmtpCertificateTrust.Pinned(pin) });
        Assert.Null(session.Tls!.CertificateProblem);
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        var shown = "";
        using var own = TestPki.Make("client.test", client: true);
        await using var server = new FakeServer(async talk =>
        {
            var tls = await talk.StartTlsAsync(TestPki.Good, wantsClientCertificate: true);
            shown = tls.RemoteCertificate?.Subject;
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(
            server.Relay with { Security = SmtpSecurity.ImplicitTls, CertificateTrust = TestCa, ClientCertificate = own });
        Assert.Equal("CN=client.test", shown);
    }

    [Fact]
    public async Task TLS_1_3_can_be_demanded()
    {
        await using var server = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.ImplicitTls, TestPki.Good));
        await using var session = await SmtpSession.ConnectAsync(
            server.Relay with { Security = SmtpSecurity.ImplicitTls, CertificateTrust = TestCa, MinimumTls = SmtpMinimumTls.Tls13 });
        Assert.Equal(SslProtocols.Tls13, session.Tls!.Protocol);
        Assert.StartsWith("TLS 1.3 TLS_", session.Tls.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task STARTTLS_that_is_required_and_not_offered_makes_no_session()
    {
        await using var server = new FakeServer(talk => talk.GreetAsync("PIPELINING"));
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.StartTls }));
        Assert.Equal((SmtpStage.StartTls, SmtpFault.StartTlsNotOffered), (refused.Stage, refused.Fault));
    }

    [Fact]
    public async Task STARTTLS_that_is_refused_makes_a_plain_session_where_it_was_only_a_wish()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("STARTTLS");
            await talk.ExpectAsync("STARTTLS");
            await talk.SayAsync("454 4.7.0 not now");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.StartTlsIfOffered });
        Assert.Null(session.Tls);
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.StartTls }));
        Assert.Equal((SmtpStage.StartTls, SmtpFault.CommandRefused, 454), (refused.Stage, refused.Fault, refused.Reply!.Code));
    }

    [Fact]
    public async Task A_handshake_that_fails_makes_a_plain_session_where_it_was_only_a_wish()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("STARTTLS");
            if (talk.Number == 1)
            {
                await talk.ExpectAsync("STARTTLS");
                await talk.SayAsync("220 go");
                return;
            }

            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.StartTlsIfOffered });
        Assert.Null(session.Tls);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task What_follows_the_answer_to_STARTTLS_in_plain_text_ends_the_session()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("STARTTLS");
            await talk.ExpectAsync("STARTTLS");
            await talk.SayAsync("220 go", "250-injected", "250 AUTH PLAIN");
            await talk.StallAsync();
        });
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.StartTls }));
        Assert.Equal((SmtpStage.StartTls, SmtpFault.ProtocolViolation), (refused.Stage, refused.Fault));
    }

    [Fact]
    public async Task TLS_spoken_to_a_plain_port_is_recognised()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.SayAsync("220 fake ESMTP");
            await talk.StallAsync();
        });
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.ImplicitTls }));
        Assert.Equal((SmtpStage.Tls, SmtpFault.PlainTextExpected), (refused.Stage, refused.Fault));
    }

    [Fact]
    public async Task Plain_text_spoken_to_a_TLS_port_is_recognised()
    {
        await using var server = new FakeServer(async talk => await talk.StartTlsAsync(TestPki.Good));
        var relay = server.Relay;
        relay = relay with { Timeouts = relay.Timeouts with { Greeting = TimeSpan.FromMilliseconds(300) } };
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
        Assert.Equal((SmtpStage.Greeting, SmtpFault.TlsExpected), (refused.Stage, refused.Fault));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_certificate_is_refused_where_the_issuer_can_be_asked(bool answers)
    {
        var list = Array.Empty<byte>();
        await using var issuer = new FakeServer(async talk =>
        {
            while (await talk.ReadLineAsync() is { Length: > 0 })
            {
            }

            if (answers)
            {
                await talk.SayAsync("HTTP/1.1 200 OK", "Content-Type: application/pkix-crl", $"Content-Length: {list.Length}", "Connection: close", "");
                await talk.WriteAsync(list);
            }

            await talk.StallAsync();
        });
        using var certificate = TestPki.Make("localhost", revocationList: $"http://127.0.0.1:{issuer.Port}/list.crl");
        list = TestPki.RevocationList(certificate);
        await using var server = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.ImplicitTls, certificate));
        var relay = server.Relay with { Security = SmtpSecurity.ImplicitTls, CertificateTrust = TestCa };
        if (answers)
        {
            var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
            Assert.Equal(SmtpCertificateProblem.Revoked, refused.Certificate!.Problem);
        }
        else
        {
            await using var session = await SmtpSession.ConnectAsync(relay);
            Assert.Null(session.Tls!.CertificateProblem);
            Assert.True(issuer.Connections > 0);
        }
    }

    [Fact]
    public async Task A_strangers_certificate_makes_nobody_ask_its_revocation_list()
    {
        await using var issuer = new FakeServer(talk => talk.StallAsync());
        using var certificate = TestPki.Make("localhost", revocationList: $"http://127.0.0.1:{issuer.Port}/list.crl");
        await using var server = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.ImplicitTls, certificate));
        await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.ImplicitTls }));
        Assert.Equal(0, issuer.Connections);
    }

    [Fact]
    public async Task Where_addresses_are_judged_an_authority_that_somebody_brought_names_none_to_ask()
    {
        await using var issuer = new FakeServer(talk => talk.StallAsync());
        using var certificate = TestPki.Make("localhost", revocationList: $"http://127.0.0.1:{issuer.Port}/list.crl");
        await using var server = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.ImplicitTls, certificate));
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { Security = SmtpSecurity.ImplicitTls, CertificateTrust = TestCa, AllowAddress = _ => true });
        Assert.Null(session.Tls!.CertificateProblem);
        Assert.Equal(0, issuer.Connections);
    }

    [Fact]
    public async Task A_CA_that_is_no_PEM_is_said_to_be_none()
    {
        await using var server = new FakeServer(talk => ServeAsync(talk, SmtpSecurity.ImplicitTls, TestPki.Good));
        var relay = server.Relay with { Security = SmtpSecurity.ImplicitTls, CertificateTrust = new SmtpCertificateTrust.CustomCa("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----") };
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
        Assert.Equal(SmtpFault.CertificateRejected, refused.Fault);
    }

    static X509Certificate2 Certificate(string kind) => kind switch
    {
        "wrong name" => TestPki.WrongName,
        "expired" => TestPki.Expired,
        "not yet" => TestPki.NotYet,
        "self-signed" => TestPki.SelfSigned,
        _ => TestPki.Good,
    };

    static async Task ServeAsync(FakeConversation talk, SmtpSecurity security, X509Certificate2 certificate)
    {
        if (security == SmtpSecurity.ImplicitTls)
        {
            await talk.StartTlsAsync(certificate);
            await talk.GreetAsync("SMTPUTF8");
        }
        else
        {
            await talk.GreetAsync("STARTTLS", "CHUNKING");
            await talk.ExpectAsync("STARTTLS");
            await talk.SayAsync("220 go");
            await talk.StartTlsAsync(certificate);
            await talk.AnswerEhloAsync("SMTPUTF8");
        }

        await talk.ExpectAsync("MAIL FROM:<a@client.test>");
        await talk.SayAsync("250 ok");
        await talk.ExpectAsync("RCPT TO:<b@server.test>");
        await talk.SayAsync("250 ok");
        await talk.ExpectAsync("DATA");
        await talk.SayAsync("354 go");
        await talk.ReadContentAsync();
        await talk.SayAsync("250 queued");
        await talk.StallAsync();
    }
}
