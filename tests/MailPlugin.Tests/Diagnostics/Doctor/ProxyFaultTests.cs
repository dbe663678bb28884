using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>A proxy in between.</summary>
public sealed class ProxyFaultTests(Drill drill) : IClassFixture<Drill>
{
    [ServerFact(Server.TinyProxy, Server.MicroSocks)]
    public async Task A_way_through_a_proxy()
    {
        await using var relay = new HostileRelay();
        await using var http = await TinyProxy.StartAsync();
        await using var socks = await MicroSocks.StartAsync(("me", Drill.Password));

        await drill.RunAsync(Through("http", http.Port, relay.Port), "none", inTest: "");
        await drill.RunAsync(Through("socks5", socks.Port, relay.Port, ("me", Drill.Password)), "none", inTest: "");
    }

    [Fact]
    public async Task A_proxy_that_is_not_there()
    {
        await using var relay = new HostileRelay();
        using var closed = new ClosedPort();

        await drill.RunAsync(Through("socks5", closed.Port, relay.Port), "proxy-unreachable");
    }

    [ServerFact(Server.TinyProxy)]
    public async Task A_proxy_whose_rules_forbid_it()
    {
        await using var relay = new HostileRelay();
        await using var proxy = await TinyProxy.StartAsync(connectPorts: [443]);

        await drill.RunAsync(Through("http", proxy.Port, relay.Port), "proxy-refused");
    }

    [ServerFact(Server.TinyProxy)]
    public async Task An_HTTP_proxy_that_refuses_the_login()
    {
        await using var relay = new HostileRelay();
        await using var proxy = await TinyProxy.StartAsync(login: ("me", "another"));

        await drill.RunAsync(Through("http", proxy.Port, relay.Port, ("me", Drill.Password)), "proxy-login-refused");
    }

    [ServerTheory(Server.MicroSocks)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_SOCKS_proxy_that_refuses_the_login(bool signsIn)
    {
        await using var relay = new HostileRelay();
        await using var proxy = await MicroSocks.StartAsync(("me", "another"));

        await drill.RunAsync(Through("socks5", proxy.Port, relay.Port, signsIn ? ("me", Drill.Password) : null), "proxy-login-refused");
    }

    [ServerFact(Server.TinyProxy, Server.MicroSocks)]
    public async Task A_relay_that_the_proxy_cannot_reach()
    {
        using var closed = new ClosedPort();
        await using var http = await TinyProxy.StartAsync();
        await using var socks = await MicroSocks.StartAsync();

        await drill.RunAsync(Through("http", http.Port, closed.Port), "proxy-relay-unreachable");
        await drill.RunAsync(Through("socks5", socks.Port, closed.Port), "proxy-relay-unreachable");
    }

    [Fact]
    public async Task A_mail_server_that_is_taken_for_a_proxy()
    {
        await using var relay = new HostileRelay();

        await drill.RunAsync(Through("socks5", relay.Port, relay.Port), "proxy-failed");
    }

    [Fact]
    public async Task A_fault_behind_the_proxy_is_not_the_proxys()
    {
        await using var relay = new HostileRelay(new(RelayStage.Rcpt, RelayAct.Reply, "550 5.1.1 no such user"));
        await using var proxy = await MicroSocks.StartAsync();

        await drill.RunAsync(Through("socks5", proxy.Port, relay.Port), "recipient-unknown");
    }

    static JsonObject Through(string type, int proxy, int relay, (string User, string Password)? login = null) => Drill.Draft(relay, smtp => smtp["proxy"] = new JsonObject
    {
        ["type"] = type,
        ["host"] = "127.0.0.1",
        ["port"] = proxy,
        ["username"] = login?.User,
        ["password"] = login?.Password,
    });
}
