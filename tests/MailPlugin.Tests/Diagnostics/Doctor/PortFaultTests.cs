using System.Net;
using MailPlugin.TestBed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>Nobody there, or somebody else.</summary>
public sealed class PortFaultTests(Drill drill) : IClassFixture<Drill>
{
    [Fact]
    public Task A_name_that_nobody_knows() => drill.RunAsync(Drill.Draft(587, host: "nowhere.invalid"), "name-not-resolved");

    [Fact]
    public async Task A_closed_port()
    {
        using var closed = new ClosedPort();

        await drill.RunAsync(Drill.Draft(closed.Port), "connection-refused");
    }

    [Fact]
    [Cures("connection-refused")]
    public async Task A_closed_port_beside_one_that_takes_mail()
    {
        // Nobody else has this loopback address, so the ports of its relay are known.
        await using var relay = new RelayAt("127.0.77.1", 2525);

        var finding = await drill.RunAsync(Drill.Draft(587, host: "127.0.77.1"), "connection-refused", inTest: "connection-refused");

        Assert.Equal(2525, finding.Fix!["value"]!["port"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_half_open_port()
    {
        using var half = new HalfOpenPort();

        await drill.RunAsync(Drill.Draft(half.Port, Wait), "connect-timeout", waits: true);
    }

    [Fact]
    [Cures("connect-timeout")]
    public async Task A_half_open_port_beside_one_that_takes_mail()
    {
        using var half = new HalfOpenPort(IPAddress.Parse("127.0.77.2"));
        await using var relay = new RelayAt("127.0.77.2", 2525);

        await drill.RunAsync(Drill.Draft(half.Port, Wait, host: "127.0.77.2"), "connect-timeout", waits: true);
    }

    [Fact]
    public async Task A_silent_port()
    {
        await using var silent = new SilentPort();

        await drill.RunAsync(Drill.Draft(silent.Port, smtp => smtp["timeoutSeconds"] = 5), "greeting-timeout", waits: true);
    }

    [Fact]
    [Cures("greeting-timeout")]
    public async Task A_silent_port_beside_one_that_takes_mail()
    {
        await using var silent = new SilentPort(end: new(IPAddress.Parse("127.0.77.5"), 0));
        await using var relay = new RelayAt("127.0.77.5", 2525);

        await drill.RunAsync(Drill.Draft(silent.Port, smtp => smtp["timeoutSeconds"] = 2, host: "127.0.77.5"), "greeting-timeout", waits: true);
    }

    [Fact]
    [Cures("not-smtp")]
    public async Task A_POP3_port_beside_one_that_takes_mail()
    {
        await using var pop3 = new SilentPort("+OK POP3 server ready\r\n", new(IPAddress.Parse("127.0.77.6"), 0));
        await using var relay = new RelayAt("127.0.77.6", 2525);

        await drill.RunAsync(Drill.Draft(pop3.Port, host: "127.0.77.6"), "not-smtp");
    }

    [Fact]
    public async Task A_relay_that_greets_late_is_only_slow()
    {
        await using var late = new RelayAt("127.0.0.1", 0, TimeSpan.FromSeconds(4));

        await drill.RunAsync(Drill.Draft(late.Port), "none", inTest: "", waits: true);
    }

    [Theory]
    [InlineData("+OK POP3 server ready\r\n", "POP3")]
    [InlineData("* OK [CAPABILITY IMAP4rev1] ready\r\n", "IMAP")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP")]
    [InlineData("RFB 003.008\n", "RFB")]
    public async Task A_port_that_greets_as_something_else(string greeting, string name)
    {
        await using var port = new SilentPort(greeting);

        var finding = await drill.RunAsync(Drill.Draft(port.Port), "not-smtp");

        Assert.Contains(name, finding.Verdict["cause"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("implicitTls")]
    public async Task A_web_server(string security)
    {
        // A real one is at hand: the host that the plugin runs in.
        await drill.RunAsync(Drill.Draft(drill.Host.Client.BaseAddress!.Port, smtp => smtp["security"] = security), "not-smtp");
    }

    [Fact]
    public async Task A_web_server_under_TLS_is_no_mail_server_with_the_wrong_encryption()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.UseHttps(TestCertificates.Shared.Server.Certificate)));
        await using var web = builder.Build();
        await web.StartAsync();

        await drill.RunAsync(Drill.Draft(new Uri(web.Urls.First()).Port), "not-smtp");
    }

    [Theory]
    [InlineData(RelayAct.Close, "connection-lost")]
    [InlineData(RelayAct.Reset, "connection-lost")]
    [InlineData(RelayAct.Garbage, "protocol-violation")]
    [InlineData(RelayAct.Flood, "protocol-violation")]
    public async Task A_relay_that_breaks_down_over_EHLO(RelayAct act, string cause)
    {
        await using var relay = new HostileRelay(new(RelayStage.Ehlo, act));

        await drill.RunAsync(Drill.Draft(relay.Port), cause);
    }

    [Fact]
    public async Task A_relay_that_answers_no_more()
    {
        await using var relay = new HostileRelay(new(RelayStage.Ehlo, RelayAct.Stall));

        await drill.RunAsync(Drill.Draft(relay.Port, Wait), "reply-timeout", waits: true);
    }

    [Fact]
    public async Task An_answer_that_never_came_is_the_tests_alone()
    {
        await using var relay = new HostileRelay(new(RelayStage.Content, RelayAct.Close));

        await drill.RunAsync(Drill.Draft(relay.Port), "none", inTest: "uncertain");
    }

    [Fact]
    [Cures("local-address-wrong")]
    public Task A_local_address_that_is_not_ours() =>
        RunWithRelayAsync(port => drill.RunAsync(Drill.Draft(port, smtp => smtp["localAddress"] = "192.0.2.77"), "local-address-wrong"));

    [Fact]
    public Task An_address_that_the_policy_never_allows() => drill.RunAsync(Drill.Draft(587, host: "169.254.169.254"), "destination-not-allowed");

    static void Wait(System.Text.Json.Nodes.JsonObject smtp) => smtp["timeoutSeconds"] = 2;

    static async Task RunWithRelayAsync(Func<int, Task> run)
    {
        await using var relay = new HostileRelay();
        await run(relay.Port);
    }
}
