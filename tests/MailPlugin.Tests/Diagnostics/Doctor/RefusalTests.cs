using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>The session stands, and the relay does not want this.</summary>
public sealed class RefusalTests(Drill drill) : IClassFixture<Drill>
{
    [ServerFact(Server.Postfix)]
    public async Task A_sender_that_the_relay_does_not_take()
    {
        await using var postfix = await StartAsync(("smtpd_sender_restrictions", "check_sender_access inline:{ {no-reply@sender.example=REJECT} }"));

        await drill.RunAsync(Drill.Draft(postfix.Port), "sender-refused");
    }

    [ServerTheory(Server.Postfix)]
    [Cures("sender-refused", "sender-not-verified")]
    [InlineData("REJECT", "sender-refused")]
    [InlineData("550 5.7.1 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.", "sender-not-verified")]
    public async Task A_sender_that_the_relay_does_not_take_where_it_would_take_the_login(string reply, string cause)
    {
        await using var postfix = await PostfixServer.StartAsync(new()
        {
            Password = Drill.Password,
            Parameters = new Dictionary<string, string> { ["smtpd_sender_restrictions"] = $"check_sender_access inline:{{ {{no-reply@sender.example={reply}}} }}" },
        });

        var finding = await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["username"] = "user@bed";
        }), cause);

        Assert.Equal("user@bed", finding.Fix!["value"]!["from"]!["address"]!.GetValue<string>());
    }

    [ServerTheory(Server.Exim)]
    [InlineData("nobody@test.example", "recipient-unknown")]
    [InlineData("later@test.example", "temporarily-refused")]
    public async Task A_recipient_whom_Exim_refuses(string recipient, string cause)
    {
        await using var exim = await EximServer.StartAsync();

        await drill.RunAsync(Drill.Draft(exim.Port, settings: settings => settings["adminAddress"] = recipient), cause);
    }

    [ServerFact(Server.Postfix)]
    [Cures("sender-not-allowed")]
    public async Task A_sender_that_belongs_to_somebody_else()
    {
        await using var postfix = await PostfixServer.StartAsync(new()
        {
            Password = Drill.Password,
            Parameters = new Dictionary<string, string>
            {
                ["smtpd_sender_login_maps"] = "inline:{ {no-reply@sender.example=other@bed} {user@bed=user@bed} }",
                ["smtpd_sender_restrictions"] = "reject_sender_login_mismatch",
            },
        });

        var finding = await drill.RunAsync(Drill.Draft(postfix.SubmissionPort, smtp =>
        {
            Drill.SignIn(smtp);
            smtp["username"] = "user@bed";
        }), "sender-not-allowed");

        Assert.Equal("user@bed", finding.Fix!["value"]!["from"]!["address"]!.GetValue<string>());
    }

    [ServerFact(Server.Postfix)]
    public async Task A_sender_that_needs_a_login()
    {
        await using var postfix = await StartAsync(
            ("smtpd_sender_login_maps", "inline:{ {no-reply@sender.example=user@bed} }"), ("smtpd_sender_restrictions", "reject_sender_login_mismatch"));

        await drill.RunAsync(Drill.Draft(postfix.Port), "login-needed");
    }

    [ServerFact(Server.Postfix)]
    public async Task A_relay_that_does_not_relay()
    {
        await using var postfix = await StartAsync(("virtual_mailbox_domains", "own.example"), ("smtpd_recipient_restrictions", "reject_unauth_destination"));

        await drill.RunAsync(Drill.Draft(postfix.Port), "relay-denied");
    }

    [ServerTheory(Server.Postfix)]
    [InlineData("nobody@test.example", "recipient-unknown")]
    [InlineData("later@test.example", "temporarily-refused")]
    [InlineData("grey@test.example", "greylisted")]
    [InlineData("full@test.example", "mailbox-full")]
    [InlineData("policy@test.example", "policy-refused")]
    public async Task A_recipient_who_is_refused(string recipient, string cause)
    {
        await using var postfix = await PostfixServer.StartAsync(new()
        {
            RecipientReplies = new Dictionary<string, string>
            {
                ["grey@test.example"] = "450 4.2.0 Greylisted, see http://postgrey.schweikert.ch/help/test.example.html",
                ["full@test.example"] = "552 5.2.2 The mailbox has no room",
                ["policy@test.example"] = "550 5.7.1 Not today",
            },
        });

        await drill.RunAsync(Drill.Draft(postfix.Port, settings: settings => settings["adminAddress"] = recipient), cause);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_relay_that_takes_only_the_smallest_messages()
    {
        await using var postfix = await StartAsync(("message_size_limit", "400"));

        await drill.RunAsync(Drill.Draft(postfix.Port), "too-large");
    }

    [ServerFact(Server.Postfix)]
    public async Task An_address_that_needs_SMTPUTF8()
    {
        await using var postfix = await StartAsync(("smtputf8_enable", "no"));

        await drill.RunAsync(Drill.Draft(postfix.Port, settings: settings => settings["adminAddress"] = "jörg@test.example"), "smtputf8-not-offered");
    }

    [ServerFact(Server.Postfix)]
    public async Task Too_many_connections()
    {
        await using var postfix = await StartAsync(("smtpd_client_connection_count_limit", "1"), ("smtpd_client_event_limit_exceptions", ""));
        using var other = new TcpClient();
        await other.ConnectAsync(IPAddress.Loopback, postfix.Port);
        var greeting = new byte[64];
        Assert.True(await other.GetStream().ReadAsync(greeting).AsTask().WaitAsync(TimeSpan.FromSeconds(30)) > 0);

        await drill.RunAsync(Drill.Draft(postfix.Port), "too-many-connections");
    }

    [ServerTheory(Server.Postfix)]
    [InlineData("554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org", "blocklisted")]
    [InlineData("554 5.7.1 Go away", "greeting-refused")]
    [InlineData("450 4.7.1 Not at this hour", "temporarily-refused")]
    public async Task A_greeting_that_is_a_refusal(string reply, string cause)
    {
        await using var postfix = await StartAsync(("smtpd_delay_reject", "no"), ("smtpd_client_restrictions", $"check_client_access inline:{{ {{127.0.0.9={reply}}} }}"));

        await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["localAddress"] = "127.0.0.9"), cause);
    }

    [Fact]
    public async Task A_relay_that_is_about_to_close()
    {
        await using var relay = new HostileRelay(new(RelayStage.Greeting, RelayAct.Reply, "421 4.3.2 Service shutting down"));

        await drill.RunAsync(Drill.Draft(relay.Port), "server-busy");
    }

    [ServerFact(Server.Postfix)]
    [Cures("helo-refused")]
    public async Task A_name_of_ours_that_the_relay_does_not_take()
    {
        await using var postfix = await StartAsync(("smtpd_helo_required", "yes"), ("smtpd_helo_restrictions", "reject_non_fqdn_helo_hostname"));

        var finding = await drill.RunAsync(Drill.Draft(postfix.Port, smtp => smtp["ehloName"] = "container7"), "helo-refused");

        Assert.Null(finding.Fix!["value"]!["ehloName"]);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_content_that_is_refused_is_the_tests_alone()
    {
        await using var postfix = await StartAsync(("header_checks", "regexp:{ {/^Subject:/ REJECT not this} }"));

        await drill.RunAsync(Drill.Draft(postfix.Port), "none", inTest: "content-refused");
    }

    [ServerFact(Server.SmtpSink)]
    public async Task Words_that_nobody_knows_are_told_as_they_are()
    {
        await using var sink = await SmtpSink.StartAsync("-B", "503 5.5.1 the moon is full", "-f", "MAIL");

        var finding = await drill.RunAsync(Drill.Draft(sink.Port), "unknown");

        Assert.Equal("low", finding.Confidence);
        Assert.Contains("the moon is full", finding.Verdict["reply"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_author_nothing_is_asked_for()
    {
        await using var relay = new HostileRelay();

        var finding = await drill.DiagnoseAsync(Drill.Draft(relay.Port, settings: settings => settings.Remove("from")));

        Assert.Equal("none", finding.Cause);
        Assert.Equal("skipped", Assert.Single(finding.Of("mail"))["outcome"]!.GetValue<string>());
    }

    static Task<PostfixServer> StartAsync(params (string Name, string Value)[] parameters) =>
        PostfixServer.StartAsync(new() { Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value) });
}
