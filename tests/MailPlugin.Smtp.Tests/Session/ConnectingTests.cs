using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class ConnectingTests
{
    [Fact]
    public async Task A_name_without_an_address_is_not_resolved()
    {
        var refused = await ConnectAsync(new SmtpRelay { Host = "relay.test", Security = SmtpSecurity.None }, _ => throw new SocketException((int)SocketError.HostNotFound));
        Assert.Equal((SmtpStage.Resolve, SmtpFault.NameNotResolved), (refused!.Stage, refused.Fault));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_refused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var refused = await ConnectAsync(new SmtpRelay { Host = "127.0.0.1", Port = port, Security = SmtpSecurity.None }, null);
        Assert.Equal((SmtpStage.Connect, SmtpFault.ConnectionRefused), (refused!.Stage, refused.Fault));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("relay.test")]
    public async Task An_address_that_is_not_allowed_is_not_connected_to(string host)
    {
        await using var server = new FakeServer(talk => talk.GreetAsync());
        var relay = server.Relay with { Host = host, AllowAddress = address => !IPAddress.IsLoopback(address) || address.IsIPv4MappedToIPv6 };
        var refused = await ConnectAsync(relay, family => family == AddressFamily.InterNetwork ? [IPAddress.Loopback] : []);
        Assert.Equal((SmtpStage.Connect, SmtpFault.AddressNotAllowed), (refused!.Stage, refused.Fault));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Only_the_allowed_address_of_a_name_is_used()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        var asked = new List<IPAddress>();
        var relay = server.Relay with
        {
            Host = "relay.test",
            AllowAddress = address =>
            {
                asked.Add(address);
                return address.Equals(IPAddress.Loopback);
            },
        };
        Assert.Null(await ConnectAsync(relay, family => family == AddressFamily.InterNetwork ? [IPAddress.Parse("169.254.169.254"), IPAddress.Loopback] : [IPAddress.IPv6Loopback]));
        Assert.Equal(3, asked.Count);
    }

    [Fact]
    public async Task The_next_address_is_tried_while_the_first_is_silent()
    {
        // Nobody takes connections here: once the backlog is full, connecting hangs.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        silent.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.77"), server.Port));
        silent.Listen(0);
        var fillers = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        foreach (var filler in fillers)
        {
            _ = filler.ConnectAsync(silent.LocalEndPoint!).ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        }

        Assert.Null(await ConnectAsync(server.Relay with { Host = "relay.test" }, family => family == AddressFamily.InterNetwork ? [IPAddress.Parse("127.0.0.77"), IPAddress.Loopback] : []));
        Assert.Equal(1, server.Connections);
        Array.ForEach(fillers, filler => filler.Dispose());
    }

    [Fact]
    public async Task A_refused_address_gives_way_to_the_next()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        Assert.Null(await ConnectAsync(server.Relay with { Host = "relay.test" }, family => family == AddressFamily.InterNetwork ? [IPAddress.Parse("127.0.0.78"), IPAddress.Loopback] : [IPAddress.IPv6Loopback]));
    }

    [Fact]
    public async Task A_resolver_that_is_silent_is_given_up()
    {
        var time = new ManualTime();
        var connector = new SmtpConnector(time) { Resolver = (_, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation).ContinueWith<IPAddress[]>(_ => [], TaskScheduler.Default) };
        var run = SmtpSession.ConnectAsync(new SmtpRelay { Host = "relay.test" }, new TranscriptWriter(null, time), time, connector, default);
        await time.PassUntilAsync(run, TimeSpan.FromSeconds(5));
        var refused = await Assert.ThrowsAsync<SmtpException>(() => run);
        Assert.Equal((SmtpStage.Resolve, SmtpFault.NameNotResolved), (refused.Stage, refused.Fault));
    }

    [Fact]
    public async Task A_local_address_of_another_family_than_all_of_the_relays_is_said_to_be_the_reason()
    {
        var refused = await ConnectAsync(new SmtpRelay { Host = "relay.test", LocalAddress = IPAddress.IPv6Loopback }, family => family == AddressFamily.InterNetwork ? [IPAddress.Loopback] : []);

        Assert.Equal((SmtpStage.Connect, SmtpFault.Unreachable), (refused!.Stage, refused.Fault));
        Assert.Contains("::1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_local_address_can_be_chosen()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.SayAsync("220 fake");
            await talk.ExpectAsync("EHLO [127.0.0.5]");
            await talk.SayAsync("250 fake");
            await talk.StallAsync();
        });
        var local = IPAddress.Parse("127.0.0.5");
        await using var session = await SmtpSession.ConnectAsync(server.Relay with { LocalAddress = local, EhloName = EhloName.Literal(local) });
        Assert.True(session.IsUsable);
    }

    [Theory]
    [InlineData("mail.example.com", true)]
    [InlineData("localhost", false)]
    [InlineData("a.localdomain", false)]
    [InlineData("my_host.example", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("-a.example", false)]
    public void Only_a_full_name_is_told_to_a_relay(string name, bool isFull) => Assert.Equal(isFull, EhloName.IsFullName(name));

    [Fact]
    public void A_machine_without_a_full_name_tells_its_address()
    {
        Assert.Equal("[10.0.0.1]", EhloName.Literal(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.Equal("[IPv6:fe80::1]", EhloName.Literal(IPAddress.Parse("fe80::1%3")));
        var own = EhloName.For(new SmtpRelay { Host = "x" }, IPAddress.Loopback);
        Assert.True(own == "[127.0.0.1]" || EhloName.IsFullName(own), own);
    }

    [Fact]
    public async Task A_server_that_knows_no_EHLO_is_greeted_with_HELO()
    {
        await using var server = new FakeServer(async talk =>
        {
            await talk.SayAsync("220 old");
            await talk.ExpectAsync("EHLO client.test");
            await talk.SayAsync("502 what?");
            await talk.ExpectAsync("HELO client.test");
            await talk.SayAsync("250 hello");
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(server.Relay);
        Assert.Empty(session.Capabilities.Keywords);
    }

    [Theory]
    [InlineData(SmtpProxyKind.Socks5, null)]
    [InlineData(SmtpProxyKind.Socks5, "ann")]
    [InlineData(SmtpProxyKind.Http, null)]
    [InlineData(SmtpProxyKind.Http, "ann")]
    public async Task A_proxy_opens_the_way_to_the_relay(SmtpProxyKind kind, string? user)
    {
        await using var server = new FakeServer(async talk =>
        {
            await (kind == SmtpProxyKind.Http ? HttpAsync(talk, user, "200 Connection established") : SocksAsync(talk, user, 0));
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        await using var session = await SmtpSession.ConnectAsync(Through(server, kind, user));
        Assert.Equal(server.Port, session.RemoteEndPoint.Port);
        Assert.Empty(server.Faults);
    }

    [Theory]
    [InlineData(SmtpProxyKind.Socks5, "rules do not allow")]
    [InlineData(SmtpProxyKind.Http, "407 Proxy Authentication Required")]
    public async Task A_proxy_that_refuses_says_why(SmtpProxyKind kind, string why)
    {
        await using var server = new FakeServer(talk => kind == SmtpProxyKind.Http ? HttpAsync(talk, null, why) : SocksAsync(talk, null, 2));
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(Through(server, kind, null)));
        Assert.Equal((SmtpStage.Connect, SmtpFault.ProxyFailed), (refused.Stage, refused.Fault));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_on_an_address_that_is_not_allowed_is_not_connected_to()
    {
        await using var server = new FakeServer(talk => talk.GreetAsync());
        var relay = Through(server, SmtpProxyKind.Socks5, null) with { AllowAddress = _ => false };
        var refused = await Assert.ThrowsAsync<SmtpException>(() => SmtpSession.ConnectAsync(relay));
        Assert.Equal(SmtpFault.AddressNotAllowed, refused.Fault);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("metadata.test", "169.254.169.254")]
    [InlineData("both.test", "192.0.2.1,169.254.169.254")]
    [InlineData("169.254.169.254", "")]
    [InlineData("::ffff:169.254.169.254", "")]
    public async Task A_relay_behind_a_proxy_that_is_not_allowed_is_not_asked_for(string host, string addresses)
    {
        await using var server = new FakeServer(talk => talk.GreetAsync());
        foreach (var resolves in new[] { false, true })
        {
            if (resolves && host == "both.test")
            {
                // The address that is allowed is the one that the proxy is told.
                continue;
            }

            var relay = Through(server, SmtpProxyKind.Socks5, null) with { Host = host, AllowAddress = NotMetadata, ResolveForProxy = resolves };
            var refused = await ConnectAsync(relay, family => Of(addresses, family));
            Assert.Equal((SmtpStage.Connect, SmtpFault.AddressNotAllowed), (refused!.Stage, refused.Fault));
        }

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_proxy_is_told_the_address_that_was_judged_so_that_no_name_is_rebound()
    {
        await using var server = new FakeServer(async talk =>
        {
            Assert.Equal(5, (await talk.ReadBytesAsync(3))[0]);
            await talk.WriteAsync([5, 0]);
            Assert.Equal([5, 1, 0, 1, 192, 0, 2, 1, 2525 >> 8, 2525 & 255], await talk.ReadBytesAsync(10));
            await talk.WriteAsync([5, 0, 0, 1, 127, 0, 0, 1, 0, 25]);
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        var asked = 0;
        var relay = Through(server, SmtpProxyKind.Socks5, null) with { AllowAddress = NotMetadata, ResolveForProxy = true };

        // A resolver that answers otherwise the second time.
        Assert.Null(await ConnectAsync(relay, family => family == AddressFamily.InterNetwork ? Of(Interlocked.Increment(ref asked) == 1 ? "192.0.2.1" : "169.254.169.254", family) : []));
        Assert.Empty(server.Faults);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_name_that_means_nothing_here_is_the_proxys_to_look_up_unless_addresses_have_to_be_judged()
    {
        await using var server = new FakeServer(async talk =>
        {
            await SocksAsync(talk, null, 0);
            await talk.GreetAsync();
            await talk.StallAsync();
        });
        var relay = Through(server, SmtpProxyKind.Socks5, null) with { AllowAddress = NotMetadata };

        Assert.Null(await ConnectAsync(relay, _ => []));
        Assert.Equal(SmtpFault.AddressNotAllowed, (await ConnectAsync(relay with { ResolveForProxy = true }, _ => []))!.Fault);
        Assert.Equal(1, server.Connections);
    }

    static bool NotMetadata(IPAddress address) => !address.Equals(IPAddress.Parse("169.254.169.254"));

    static IPAddress[] Of(string addresses, AddressFamily family) =>
        [.. addresses.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).Where(address => address.AddressFamily == family)];

    static SmtpRelay Through(FakeServer server, SmtpProxyKind kind, string? user) => server.Relay with
    {
        Host = "relay.test",
        Port = 2525,
        Proxy = new SmtpProxy(kind, "127.0.0.1", server.Port, user, new SmtpSecret("pw")),
    };

    static async Task SocksAsync(FakeConversation talk, string? user, byte answer)
    {
        var methods = await talk.ReadBytesAsync(user is null ? 3 : 4);
        Assert.Equal(5, methods[0]);
        await talk.WriteAsync([5, (byte)(user is null ? 0 : 2)]);
        if (user is not null)
        {
            Assert.Equal([1, 3, (byte)'a', (byte)'n', (byte)'n', 2, (byte)'p', (byte)'w'], await talk.ReadBytesAsync(8));
            await talk.WriteAsync([1, 0]);
        }

        Assert.Equal([5, 1, 0, 3, 10, .. Encoding.ASCII.GetBytes("relay.test"), 2525 >> 8, 2525 & 255], await talk.ReadBytesAsync(17));
        await talk.WriteAsync([5, answer, 0, 1, 127, 0, 0, 1, 0, 25]);
    }

    static async Task HttpAsync(FakeConversation talk, string? user, string answer)
    {
        await talk.ExpectAsync("CONNECT relay.test:2525 HTTP/1.1", "Host: relay.test:2525");
        if (user is not null)
        {
            await talk.ExpectAsync($"Proxy-Authorization: Basic {Convert.ToBase64String("ann:pw"u8)}");
        }

        await talk.ExpectAsync("");
        await talk.SayAsync($"HTTP/1.1 {answer}", "Via: fake", "");
    }

    static async Task<SmtpException?> ConnectAsync(SmtpRelay relay, Func<AddressFamily, IPAddress[]>? resolve)
    {
        var connector = resolve is null
            ? new SmtpConnector(TimeProvider.System)
            : new SmtpConnector(TimeProvider.System) { Resolver = (_, family, _) => Task.Run(() => resolve(family)) };
        try
        {
            await using var session = await SmtpSession.ConnectAsync(relay, new TranscriptWriter(null, TimeProvider.System), TimeProvider.System, connector, default);
            return null;
        }
        catch (SmtpException exception)
        {
            return exception;
        }
    }
}
