using System.Net;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>TLS: where it begins, which version, whose certificate.</summary>
public sealed class TlsFaultTests(Drill drill) : IClassFixture<Drill>
{
    [ServerFact(Server.Postfix)]
    [Cures("tls-expected")]
    public async Task A_TLS_port_spoken_to_in_plain_text()
    {
        await using var postfix = await PostfixServer.StartAsync();

        var finding = await drill.RunAsync(Drill.Draft(postfix.TlsPort, smtp => smtp["security"] = "startTls"), "tls-expected");

        Assert.Equal("implicitTls", finding.Fix!["value"]!["security"]!.GetValue<string>());
    }

    [ServerFact(Server.Postfix)]
    [Cures("tls-expected")]
    public async Task A_TLS_port_spoken_to_in_plain_text_whose_certificate_nobody_knows()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Certificate = TestCertificates.Shared.SelfSigned });

        var finding = await drill.RunAsync(Drill.Draft(postfix.TlsPort, smtp => smtp["security"] = "none"), "tls-expected");

        Assert.Equal(postfix.Certificate.Sha256, finding.Fix!["value"]!["certificate"]!["sha256"]!.GetValue<string>());
        Assert.Equal("CN=localhost", finding.Verdict["certificate"]!["subject"]!.GetValue<string>());
    }

    [ServerFact(Server.Postfix)]
    [Cures("plain-text-expected")]
    public async Task A_plain_port_spoken_to_in_TLS()
    {
        await using var postfix = await PostfixServer.StartAsync();

        var finding = await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "implicitTls"), "plain-text-expected");

        Assert.Equal("startTls", finding.Fix!["value"]!["security"]!.GetValue<string>());
    }

    [ServerFact(Server.OpenSmtpd)]
    [Cures("plain-text-expected")]
    public async Task A_plain_port_without_STARTTLS_spoken_to_in_TLS()
    {
        await using var smtpd = await OpenSmtpdServer.StartAsync();

        var finding = await drill.RunAsync(Drill.Draft(smtpd.Port, smtp => smtp["security"] = "implicitTls"), "plain-text-expected");

        Assert.Equal("startTlsIfOffered", finding.Fix!["value"]!["security"]!.GetValue<string>());
    }

    [ServerTheory(Server.Postfix)]
    [InlineData("expired", "certificate-expired")]
    [InlineData("not yet", "certificate-not-yet-valid")]
    [InlineData("wrong name", "certificate-name")]
    [InlineData("self-signed", "certificate-self-signed")]
    [InlineData("unknown authority", "certificate-unknown-issuer")]
    [Cures("certificate-expired", "certificate-name", "certificate-self-signed", "certificate-unknown-issuer")]
    public async Task A_certificate_that_is_bad_in_one_way(string kind, string cause)
    {
        var all = TestCertificates.Shared;
        var certificate = kind switch
        {
            "expired" => all.Expired,
            "not yet" => all.NotYetValid,
            "wrong name" => all.WrongName,
            "self-signed" => all.SelfSigned,
            _ => all.UnknownAuthority,
        };
        await using var postfix = await PostfixServer.StartAsync(new() { Certificate = certificate });

        var finding = await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "startTls"), cause);

        var shown = finding.Verdict["certificate"]!;
        Assert.Equal(certificate.Sha256, shown["sha256"]!.GetValue<string>(), ignoreCase: true);
        Assert.Contains(finding.Of("certificate"), step => step["outcome"]!.GetValue<string>() == "failed" && step["data"]!["place"]!.GetValue<int>() == 0);
        if (finding.Fix is { } fix)
        {
            Assert.Equal(certificate.Sha256, fix["value"]!["sha256"]!.GetValue<string>());
        }
    }

    [ServerFact(Server.Postfix)]
    [Cures("certificate-pin-mismatch")]
    public async Task Another_certificate_than_the_pinned_one()
    {
        await using var postfix = await PostfixServer.StartAsync();
        var draft = Drill.Draft(postfix.Port, smtp => smtp["certificate"] = new JsonObject { ["trust"] = "pinned", ["sha256"] = new string('a', 64) });

        await drill.RunAsync(With(draft, "security", "startTls"), "certificate-pin-mismatch");
    }

    [ServerFact(Server.Postfix)]
    [Cures("certificate-unknown-issuer")]
    public async Task An_authority_of_ones_own_that_is_not_the_servers()
    {
        await using var postfix = await PostfixServer.StartAsync();
        var draft = Drill.Draft(postfix.Port, smtp => smtp["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.SelfSigned.ChainPem });

        await drill.RunAsync(With(draft, "security", "startTls"), "certificate-unknown-issuer");
    }

    [ServerFact(Server.Postfix)]
    public async Task A_good_certificate_and_a_clock_that_is_years_behind()
    {
        await using var postfix = await PostfixServer.StartAsync();
        var late = new Drill { Clock = new OffsetClock(TimeSpan.FromDays(-2000)) };
        await late.InitializeAsync();
        await using (late.Host)
        {
            await late.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "startTls"), "clock-wrong");
        }
    }

    [ServerFact(Server.OpenSsl)]
    public async Task A_server_of_TLS_1_0()
    {
        await using var old = await OpenSslServer.StartAsync("-tls1", "-cipher", "ALL:@SECLEVEL=0");

        await drill.RunAsync(Drill.Draft(old.Port, smtp => smtp["security"] = "implicitTls"), "tls-too-old");
    }

    [ServerFact(Server.Postfix)]
    public async Task A_mail_server_of_TLS_1_0()
    {
        await using var postfix = await PostfixServer.StartAsync(new()
        {
            Parameters = new Dictionary<string, string> { ["smtpd_tls_protocols"] = "TLSv1", ["tls_medium_cipherlist"] = "ALL:@SECLEVEL=0", ["smtpd_tls_ciphers"] = "medium" },
        });

        await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "startTls"), "tls-too-old");
    }

    [ServerFact(Server.Postfix)]
    [Cures("tls-too-old")]
    public async Task A_server_of_TLS_1_2_where_1_3_is_demanded()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Parameters = new Dictionary<string, string> { ["smtpd_tls_protocols"] = "TLSv1.2" } });
        var draft = Drill.Draft(postfix.Port, smtp => smtp["minimumTls"] = "1.3");

        var finding = await drill.RunAsync(With(draft, "security", "startTls"), "tls-too-old");

        Assert.Equal("1.2", finding.Fix!["value"]!["minimumTls"]!.GetValue<string>());
    }

    [ServerFact(Server.OpenSsl)]
    public async Task A_server_with_no_cipher_in_common()
    {
        await using var picky = await OpenSslServer.StartAsync("-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0");

        await drill.RunAsync(Drill.Draft(picky.Port, smtp => smtp["security"] = "implicitTls"), "tls-handshake");
    }

    [ServerFact(Server.OpenSsl, Server.Postfix)]
    [Cures("tls-handshake")]
    public async Task A_server_with_no_cipher_in_common_beside_one_that_has_some()
    {
        var address = IPAddress.Parse("127.0.77.7");
        await using var picky = await OpenSslServer.StartAsync("-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0");
        await using var postfix = await PostfixServer.StartAsync();
        await using var wrong = new MeddlingFirewall(picky.Port, end: new(address, 0));
        await using var right = new MeddlingFirewall(postfix.Port, end: new(address, 2525));

        await drill.RunAsync(Drill.Draft(wrong.Port, smtp => smtp["security"] = "implicitTls", host: "127.0.77.7"), "tls-handshake");
    }

    [ServerTheory(Server.Postfix)]
    [InlineData("TLSv1.2")]
    [InlineData("TLSv1.3")]
    public async Task A_server_that_demands_a_client_certificate(string version)
    {
        using var folder = new TempFolder();
        var authority = folder.Write("ca.pem", TestCertificates.Shared.AuthorityPem);
        await using var postfix = await PostfixServer.StartAsync(new()
        {
            Parameters = new Dictionary<string, string>
            {
                ["smtpd_tls_security_level"] = "encrypt",
                ["smtpd_tls_req_ccert"] = "yes",
                ["smtpd_tls_mandatory_protocols"] = version,
                ["smtpd_tls_CAfile"] = authority,
            },
        });

        await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "startTls"), "client-certificate-needed");
    }

    [ServerTheory(Server.OpenSsl)]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_server_that_breaks_the_handshake_off_without_a_client_certificate(string version)
    {
        await using var strict = await OpenSslServer.StartAsync(version, "-Verify", "1", "-verify_return_error");

        await drill.RunAsync(Drill.Draft(strict.Port, smtp => smtp["security"] = "implicitTls"), "client-certificate-needed");
    }

    [ServerFact(Server.Postfix)]
    public async Task A_server_that_only_asks_for_a_client_certificate_is_content_without()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Parameters = new Dictionary<string, string> { ["smtpd_tls_ask_ccert"] = "yes" } });

        var finding = await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "startTls"), "none", inTest: "");

        Assert.Contains(finding.Of("tls"), step => step["target"]?.GetValue<string>() == "client certificate");
    }

    [ServerFact(Server.Postfix)]
    public async Task A_firewall_that_writes_over_STARTTLS()
    {
        await using var postfix = await PostfixServer.StartAsync();
        await using var firewall = new MeddlingFirewall(postfix.Port, "STARTTLS", "XXXXXXXX");

        await drill.RunAsync(Drill.Draft(firewall.Port, smtp =>
        {
            smtp["security"] = "startTls";
            Drill.SignIn(smtp);
        }), "starttls-stripped");
    }

    [ServerFact(Server.Postfix)]
    [Cures("starttls-stripped")]
    public async Task A_firewall_that_writes_over_STARTTLS_on_one_port_alone()
    {
        var address = IPAddress.Parse("127.0.77.8");
        await using var postfix = await PostfixServer.StartAsync(new() { Password = Drill.Password });
        await using var firewall = new MeddlingFirewall(postfix.Port, "STARTTLS", "XXXXXXXX", new(address, 0));
        await using var open = new MeddlingFirewall(postfix.SubmissionPort, end: new(address, 2525));

        var finding = await drill.RunAsync(Drill.Draft(firewall.Port, smtp =>
        {
            smtp["security"] = "startTls";
            Drill.SignIn(smtp);
        }, host: "127.0.77.8"), "starttls-stripped");

        // Nothing less secure than what was asked for; and the password is typed again, because the port is another.
        Assert.Equal("startTls", finding.Fix!["value"]!["security"]!.GetValue<string>());
    }

    [ServerFact(Server.OpenSmtpd)]
    [Cures("starttls-not-offered")]
    public async Task A_server_without_STARTTLS()
    {
        await using var smtpd = await OpenSmtpdServer.StartAsync();

        await drill.RunAsync(Drill.Draft(smtpd.Port, smtp => smtp["security"] = "startTls"), "starttls-not-offered");
    }

    [ServerFact(Server.Postfix)]
    [Cures("starttls-refused")]
    public async Task A_server_that_offers_STARTTLS_and_refuses_it()
    {
        // Postfix goes on offering what its missing key no longer allows.
        await using var postfix = await PostfixServer.StartAsync(new() { Parameters = new Dictionary<string, string> { ["smtpd_tls_key_file"] = "/nonexistent/key.pem" } });

        await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "startTls"), "starttls-refused");
    }

    [ServerFact(Server.Postfix)]
    [Cures("tls-needed")]
    public async Task A_server_that_takes_no_mail_in_plain_text()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Parameters = new Dictionary<string, string> { ["smtpd_tls_security_level"] = "encrypt" } });

        await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["security"] = "none"), "tls-needed");
    }

    static JsonObject With(JsonObject draft, string name, string value)
    {
        draft["transports"]![0]!["smtp"]![name] = value;
        return draft;
    }
}
