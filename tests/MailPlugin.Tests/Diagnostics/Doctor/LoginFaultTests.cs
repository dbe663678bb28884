using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>Signing in.</summary>
public sealed class LoginFaultTests(Drill drill) : IClassFixture<Drill>
{
    static readonly PostfixOptions Options = new() { Password = Drill.Password };

    [ServerFact(Server.Postfix)]
    public async Task Everything_right()
    {
        await using var postfix = await PostfixServer.StartAsync(Options);

        var finding = await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, Drill.SignIn), "none", inTest: "");

        Assert.Equal("ok", finding.Verdict["outcome"]!.GetValue<string>());
        Assert.All(new[] { "resolve", "connect", "greeting", "ehlo", "startTls", "tls", "certificate", "capabilities", "authOffers", "auth", "mail", "rcpt" }, step =>
            Assert.Contains(finding.Of(step), one => one["outcome"]!.GetValue<string>() == "ok"));
        Assert.Contains("AUTH", Assert.Single(finding.Of("capabilities"))["detail"]!.GetValue<string>(), StringComparison.Ordinal);

        // The test's mail alone: the doctor came before it and sent nothing.
        Assert.Single(await postfix.ReadMessagesAsync(1, TimeSpan.FromSeconds(30)));
    }

    [ServerFact(Server.Postfix)]
    public async Task A_wrong_password()
    {
        await using var postfix = await PostfixServer.StartAsync(Options);

        await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, Drill.SignInWrongly), "login-refused");
    }

    [ServerFact(Server.Exim)]
    public async Task A_wrong_password_at_Exim()
    {
        await using var exim = await EximServer.StartAsync();

        await drill.RunAsync(Drill.Draft(exim.SubmissionPort, Drill.SignInWrongly), "login-refused");
    }

    [ServerFact(Server.NodeSmtpServer)]
    public async Task A_wrong_password_at_nodemailers_server()
    {
        await using var node = await NodeSmtpServer.StartAsync();

        await drill.RunAsync(Drill.Draft(node.Port, Drill.SignInWrongly), "login-refused");
    }

    [ServerFact(Server.Postfix)]
    public async Task No_password()
    {
        await using var postfix = await PostfixServer.StartAsync(Options);

        await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, smtp => smtp["username"] = "user"), "password-missing");
    }

    [ServerFact(Server.Exim)]
    [Cures("auth-method-not-offered")]
    public async Task A_method_that_is_not_offered()
    {
        await using var exim = await EximServer.StartAsync();
        var draft = Drill.Draft(exim.Port, smtp =>
        {
            smtp["username"] = EximServer.UserName;
            smtp["password"] = EximServer.Password;
            smtp["auth"] = "scramSha256";
        });

        var finding = await drill.RunAsync(draft, "auth-method-not-offered");

        Assert.Equal("auto", finding.Fix!["value"]!["auth"]!.GetValue<string>());
    }

    [ServerFact(Server.Postfix)]
    [Cures("auth-not-offered")]
    public async Task A_relay_that_knows_no_login()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { DebianDefault = true, Certificate = TestCertificates.Shared.Server });

        var finding = await drill.RunAsync(Drill.Draft(postfix.Port, Drill.SignIn), "auth-not-offered");

        Assert.Equal("none", finding.Fix!["value"]!["auth"]!.GetValue<string>());
    }

    [ServerFact(Server.Postfix)]
    [Cures("auth-needs-tls")]
    public async Task A_login_that_is_offered_only_after_TLS()
    {
        await using var postfix = await PostfixServer.StartAsync(Options);

        await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["security"] = "none";
            smtp["allowPlaintextAuth"] = true;
        }), "auth-needs-tls");
    }

    [ServerTheory(Server.Postfix)]
    [InlineData("none")]
    [InlineData("startTlsIfOffered")]
    [Cures("plaintext-auth-not-allowed")]
    public async Task A_password_that_would_travel_unprotected(string security)
    {
        await using var postfix = await PostfixServer.StartAsync(Options);

        var finding = await drill.RunAsync(Drill.Draft(postfix.Port, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["security"] = security;
        }), "plaintext-auth-not-allowed");

        Assert.Equal("startTls", finding.Fix!["value"]!["security"]!.GetValue<string>());
    }

    [ServerFact(Server.Postfix)]
    [Cures("plaintext-auth-not-allowed")]
    public async Task A_password_that_would_travel_unprotected_to_a_certificate_that_nobody_knows()
    {
        await using var postfix = await PostfixServer.StartAsync(Options with { Certificate = TestCertificates.Shared.SelfSigned });

        var finding = await drill.RunAsync(Drill.Draft(postfix.Port, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["security"] = "startTlsIfOffered";
        }), "plaintext-auth-not-allowed");

        Assert.Equal("pinned", finding.Fix!["value"]!["certificate"]!["trust"]!.GetValue<string>());
        Assert.NotNull(finding.Verdict["certificate"]);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_server_that_cannot_check_passwords_just_now()
    {
        // The daemon that would know does not run.
        await using var postfix = await PostfixServer.StartAsync(Options with { PasswordCheck = "saslauthd", Mechanisms = "PLAIN LOGIN" });

        await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, Drill.SignIn), "login-unavailable");
    }

    [ServerFact(Server.NodeSmtpServer)]
    public async Task A_server_that_takes_tokens_alone()
    {
        await using var node = await NodeSmtpServer.StartAsync(new() { Mechanisms = ["XOAUTH2"] });

        await drill.RunAsync(Drill.Draft(node.Port, Drill.SignIn), "oauth-needed");
    }

    [ServerFact(Server.Exim)]
    public async Task A_relay_that_wants_a_login_and_gets_none()
    {
        await using var exim = await EximServer.StartAsync();

        await drill.RunAsync(Drill.Draft(exim.SubmissionPort), "login-needed");
    }

    [ServerFact(Server.Postfix)]
    [Cures("login-needed")]
    public async Task A_login_that_is_set_and_switched_off()
    {
        await using var postfix = await PostfixServer.StartAsync(Options);

        await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["auth"] = "none";
        }), "login-needed");
    }
}
