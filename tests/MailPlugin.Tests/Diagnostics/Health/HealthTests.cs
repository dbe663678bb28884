using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MailPlugin.Security;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Diagnostics.Health;

/// <summary>What monitors hear: how each transport, the queue and the store are doing, at a price that they may ask for often.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_relay_that_is_down_is_seen_before_mail_is_sent_to_it_and_again_when_it_is_up()
    {
        var clock = new ManualClock(Some.Time);
        await using var host = await PluginHost.StartAsync(clock: clock);
        using var closed = new ClosedPort();
        await SaveAsync(host, closed.Port);

        var down = await host.GetAsync("health").AsAsync("GET", "health", 200);
        Assert.Equal("degraded", down["status"]);
        var finding = Finding(down, "transport:primary");
        Assert.False(finding["probe"]!["ok"]!.GetValue<bool>());
        Assert.Equal(finding["probe"]!["problem"]!.ToString(), finding["detail"]!.ToString());
        Assert.Equal("""{"status":"degraded"}""", (await host.SendAsync(HttpMethod.Get, "health")).Text);

        await using var relay = await Greeter.StartAsync();
        await SaveAsync(host, relay.Port);
        clock.Advance(TimeSpan.FromSeconds(3));
        var up = await host.GetAsync("health").AsAsync("GET", "health", 200);
        Assert.Equal("healthy", up["status"]);
        Assert.True(Finding(up, "transport:primary")["probe"]!["ok"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_look_is_good_for_a_minute_a_bad_one_for_a_quarter_and_is_made_once_for_all_who_ask()
    {
        var clock = new ManualClock(Some.Time);
        await using var host = await PluginHost.StartAsync(clock: clock);
        await using var relay = await Greeter.StartAsync();
        await SaveAsync(host, relay.Port);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.GetAsync("health")));
        Assert.Equal(1, relay.Connections);
        await AskAfterAsync(50);
        Assert.Equal(1, relay.Connections);
        await AskAfterAsync(11);
        Assert.Equal(2, relay.Connections);

        relay.Greeting = "554 go away\r\n";
        await AskAfterAsync(61);
        Assert.Equal("degraded", (await host.GetAsync("health"))["status"]);
        Assert.Equal(3, relay.Connections);
        relay.Greeting = Greeter.Welcome;
        await AskAfterAsync(10);
        Assert.Equal(3, relay.Connections);
        await AskAfterAsync(6);
        Assert.Equal((4, "healthy"), (relay.Connections, (await host.GetAsync("health"))["status"]));

        Task AskAfterAsync(int seconds)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            return host.GetAsync("health");
        }
    }

    [Fact]
    public async Task A_relay_that_is_silent_holds_no_monitor_up()
    {
        await using var host = await PluginHost.StartAsync();
        await using var relay = await Greeter.StartAsync(greeting: "");
        await SaveAsync(host, relay.Port);

        // Nothing is known yet, and nothing known is nothing wrong. What the look shows comes when it is over.
        var first = await host.GetAsync("health").AsAsync("GET", "health", 200);
        Assert.Null(Finding(first, "transport:primary")["probe"]);
        await Eventually.SeeAsync(async () => (await host.GetAsync("health"))["status"], status => status == "degraded", "health");
        Assert.Equal(1, relay.Connections);
    }

    [Fact]
    public async Task Details_are_for_those_who_may_read()
    {
        await using var host = await PluginHost.StartAsync();
        await SaveAsync(host, 1);
        foreach (var scope in new[] { Scopes.Send, Scopes.Test })
        {
            Assert.Equal(["status"], (await host.GetAsync("health", await host.NewKeyAsync(scope))).Json.Select(pair => pair.Key));
        }

        var read = await host.GetAsync("health", await host.NewKeyAsync(Scopes.Read)).AsAsync("GET", "health", 200);
        Assert.Equal(["store", "keyRing", "hostSettings", "disk", "queue", "transport:primary"], read.Json["checks"]!.AsArray().Select(check => check!["name"]!.ToString()));
    }

    [Fact]
    public async Task Mail_that_nobody_takes_is_seen_by_its_age()
    {
        var clock = new ManualClock(Some.Time);
        await using var host = await PluginHost.StartAsync(clock: clock);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true }, host.Key)).Status);
        await using var relay = await Greeter.StartAsync();
        await SaveAsync(host, relay.Port);
        var sent = await host.PostAsync("messages", JsonNode.Parse("""{ "from": { "address": "a@example.com" }, "to": [{ "address": "b@example.org" }], "subject": "Hi", "text": "Hello." }""")!);
        Assert.Equal(202, sent.Status);

        clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal("healthy", Finding(await host.GetAsync("health"), "queue")["status"]!.ToString());
        clock.Advance(TimeSpan.FromMinutes(3));
        var queue = Finding(await host.GetAsync("health").AsAsync("GET", "health", 200), "queue");
        Assert.Equal(("degraded", 1), (queue["status"]!.ToString(), queue["queue"]!["waiting"]!.GetValue<int>()));
        Assert.InRange(queue["queue"]!["oldestQueuedSeconds"]!.GetValue<int>(), 17 * 60, 18 * 60);
    }

    [Theory]
    [InlineData("true", "Degraded")]
    [InlineData(null, "Healthy")]
    public async Task The_hosts_own_health_checks_are_told_where_it_asked_for_it(string? asked, string expected)
    {
        using var closed = new ClosedPort();
        await using var host = await PluginHost.StartAsync(new() { ["HealthCheck"] = asked }, services: services =>
        {
            services.AddHealthChecks();
            services.AddSingleton<IStartupFilter, MapHealthz>();
        });
        await SaveAsync(host, closed.Port);

        var answer = await host.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal((200, expected), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_host_whose_store_cannot_be_opened_is_told_so()
    {
        using var temp = new TempFolder();
        Directory.CreateDirectory(temp.Of("data"));
        await File.WriteAllTextAsync(temp.Of("data/mail.db"), new string('x', 10_000));
        await using var host = await PluginHost.StartAsync(new() { ["HealthCheck"] = "true" }, data: temp.Of("data"), services: services =>
        {
            services.AddHealthChecks();
            services.AddSingleton<IStartupFilter, MapHealthz>();
        });

        var answer = await host.SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal((503, "Unhealthy"), (answer.Status, answer.Text));
    }

    static JsonNode Finding(Answer health, string name) => health.Json["checks"]!.AsArray().Single(check => check!["name"]!.ToString() == name)!;

    static async Task SaveAsync(PluginHost host, int port)
    {
        var settings = new JsonObject
        {
            ["from"] = new JsonObject { ["address"] = "a@example.com" },
            ["transports"] = new JsonArray(new JsonObject
            {
                ["id"] = "primary",
                ["name"] = "Primary",
                ["mode"] = "smtp",
                ["smtp"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = port, ["security"] = "none" },
            }),
        };
        Assert.Equal(200, (await host.SaveAsync(settings)).Status);
    }

    sealed class MapHealthz : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseHealthChecks("/healthz");
            next(app);
        };
    }

    /// <summary>Greets, answers EHLO and QUIT, and counts who came.</summary>
    sealed class Greeter : IAsyncDisposable
    {
        public const string Welcome = "220 relay.example ESMTP\r\n";

        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly CancellationTokenSource _stop = new();
        Task _serving = Task.CompletedTask;
        int _connections;

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections => Volatile.Read(ref _connections);

        public string Greeting { get; set; } = Welcome;

        public static Task<Greeter> StartAsync(string greeting = Welcome)
        {
            var greeter = new Greeter { Greeting = greeting };
            greeter._listener.Start();
            greeter._serving = greeter.ServeAsync();
            return Task.FromResult(greeter);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _serving;
            _stop.Dispose();
        }

        async Task ServeAsync()
        {
            var open = new List<Task>();
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    Interlocked.Increment(ref _connections);
                    open.Add(TalkAsync(client));
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException)
            {
                await Task.WhenAll(open);
            }
        }

        async Task TalkAsync(TcpClient client)
        {
            try
            {
                using var own = client;
                var stream = client.GetStream();
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Greeting), _stop.Token);
                using var reader = new StreamReader(stream);
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    await stream.WriteAsync(line.StartsWith("QUIT", StringComparison.Ordinal) ? "221 bye\r\n"u8.ToArray() : "250 relay.example\r\n"u8.ToArray(), _stop.Token);
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException)
            {
                // They left, or the test is over.
            }
        }
    }
}
