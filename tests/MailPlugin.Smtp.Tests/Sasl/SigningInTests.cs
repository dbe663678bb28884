using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class SigningInTests
{
    [Fact]
    public async Task LOGIN_answers_the_prompts_whatever_they_say()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("AUTH LOGIN");
            await talk.ExpectAsync("AUTH LOGIN");
            await talk.SayAsync("334 VXNlcm5hbWU6");
            await talk.ExpectAsync(Base64("user"));
            await talk.SayAsync("334 not base64!");
            await talk.ExpectAsync(Base64("s3cret"));
            await talk.SayAsync("235 welcome");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(Relay(server));
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_long_first_answer_waits_for_its_own_line()
    {
        var token = new string('t', 600);
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("AUTH XOAUTH2");
            await talk.ExpectAsync("AUTH XOAUTH2");
            await talk.SayAsync("334 ");
            await talk.ExpectAsync(Base64($"user=user\u0001auth=Bearer {token}\u0001\u0001"));
            await talk.SayAsync("235 welcome");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(Relay(server) with { Credentials = SmtpCredentials.WithToken("user", new SmtpSecret(token)) });
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_mechanism_that_the_password_store_cannot_serve_gives_way_to_PLAIN()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("AUTH CRAM-MD5 PLAIN");
            await talk.ExpectAsync("AUTH CRAM-MD5");
            await talk.SayAsync("334 PHhAeT4=");
            await talk.ReadLineAsync();
            await talk.SayAsync("535 5.7.8 no secret");
            await talk.ExpectAsync($"AUTH PLAIN {Base64("\0user\0s3cret")}");
            await talk.SayAsync("235 welcome");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(Relay(server));
        Assert.Empty(server.Faults);
    }

    [Theory]
    [InlineData(SmtpSecurity.None)]
    [InlineData(SmtpSecurity.StartTlsIfOffered)]
    public async Task No_secret_is_said_where_nobody_allowed_it(SmtpSecurity security)
    {
        var said = new List<string>();
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("AUTH PLAIN SCRAM-SHA-256", "STARTTLS");
            while (await talk.ReadLineAsync() is { } line)
            {
                said.Add(line);
                if (line == "STARTTLS")
                {
                    await talk.SayAsync("220 go");
                    await talk.StartTlsAsync(TestPki.SelfSigned);
                    await talk.AnswerEhloAsync("AUTH PLAIN SCRAM-SHA-256");
                }
            }
        });
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(Relay(server) with { Security = security, AllowPlaintextAuth = false }));
        Assert.Equal((SmtpStage.Auth, SmtpFault.PlaintextAuthNotAllowed), (refused.Stage, refused.Fault));
        await server.FinishAsync();
        Assert.DoesNotContain(said, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PIPELINING", SmtpAuth.Auto)]
    [InlineData("AUTH GSSAPI NTLM", SmtpAuth.Auto)]
    [InlineData("AUTH PLAIN", SmtpAuth.CramMd5)]
    public async Task A_mechanism_that_is_not_offered_is_not_tried(string offer, SmtpAuth auth)
    {
        await using var server = new FakeServer(talk => talk.GreetAsync(offer));
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(Relay(server) with { Auth = auth }));
        Assert.Equal((SmtpStage.Auth, SmtpFault.AuthNotOffered), (refused.Stage, refused.Fault));
    }

    [Fact]
    public async Task A_server_that_skips_its_proof_is_not_believed()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("AUTH SCRAM-SHA-256");
            await talk.ReadLineAsync();
            await talk.SayAsync("235 come in");
        });
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(Relay(server)));
        Assert.Equal((SmtpStage.Auth, SmtpFault.LoginRefused), (refused.Stage, refused.Fault));
        Assert.Contains("prove", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("XOAUTH2", "")]
    [InlineData("OAUTHBEARER", "\u0001")]
    public async Task A_refused_token_says_what_the_server_says(string mechanism, string answer)
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync($"AUTH {mechanism}");
            await talk.ReadLineAsync();
            await talk.SayAsync($"334 {Base64("{\"status\":\"401\"}")}");
            await talk.ExpectAsync(Base64(answer));
            await talk.SayAsync("535 5.7.8 expired");
        });
        var refused = await Assert.ThrowsAsync<SmtpException>(
            () => SmtpSession.ConnectAsync(Relay(server) with { Credentials = SmtpCredentials.WithToken("user", new SmtpSecret("old")) }));
        Assert.Equal(SmtpFault.LoginRefused, refused.Fault);
        Assert.Equal(535, refused.Reply!.Code);
        Assert.Contains("\"status\":\"401\"", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Faults);
    }

    [Theory]
    [InlineData("s3cret", true)]
    [InlineData("wrong", false)]
    public async Task NTLM_signs_in_at_a_server_that_checks_the_response(string password, bool isRight)
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync("AUTH NTLM");
            var first = await talk.ReadLineAsync();
            Assert.StartsWith("AUTH NTLM ", first, StringComparison.Ordinal);
            var ntlm = new NtlmServer("DOMAIN", "user", "s3cret");
            await talk.SayAsync($"334 {Convert.ToBase64String(ntlm.Challenge(Convert.FromBase64String(first![10..])))}");
            await talk.SayAsync(ntlm.Accepts(Convert.FromBase64String((await talk.ReadLineAsync())!)) ? "235 welcome" : "535 5.7.8 no");
            await talk.StallAsync();
        });
        var relay = Relay(server) with { Auth = SmtpAuth.Ntlm, Credentials = SmtpCredentials.WithPassword("DOMAIN\\user", new SmtpSecret(password)) };
        if (isRight)
        {
            await using var session = await SmtpSession.ConnectAsync(relay);
            Assert.True(session.IsUsable);
        }
        else
        {
            var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
            Assert.Equal(535, refused.Reply!.Code);
        }

        Assert.Empty(server.Faults);
    }

    static SmtpRelay Relay(FakeServer server) => server.Relay with
    {
        AllowPlaintextAuth = true,
        Credentials = SmtpCredentials.WithPassword("user", new SmtpSecret("s3cret")),
    };

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
