using System.Net;
using System.Text;
using MailPlugin.Abstractions;
using MailPlugin.Options;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Smtp;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Transports;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Tests.Transports;

/// <summary>Settings and messages put into the protocol library's words, and its answers put back.</summary>
public sealed class SeamTests
{
    static readonly OutboundPolicy Policy = new(new());

    [Fact]
    public void Every_setting_of_a_relay_reaches_the_session()
    {
        var smtp = Bodies.Stored(Bodies.Full()).Transports[0].Smtp!;

        var relay = RelayOf.Settings(smtp, Policy);

        Assert.Equal(("smtp.example.com", 587, SmtpSecurity.StartTls, SmtpMinimumTls.Tls13), (relay.Host, relay.Port, relay.Security, relay.MinimumTls));
        Assert.Equal((SmtpAuth.Plain, "user", new SmtpSecret("p4ss"), false), (relay.Auth, relay.Credentials!.UserName, relay.Credentials.Secret, relay.AllowPlaintextAuth));
        Assert.Equal((smtp.Timeout, smtp.Timeout, smtp.Timeout, smtp.FinalReplyTimeout), (relay.Timeouts.Connect, relay.Timeouts.Command, relay.Timeouts.Greeting, relay.Timeouts.FinalReply));
        Assert.Equal(("mail.example.com", IPAddress.Loopback, 102), (relay.EhloName, relay.LocalAddress, relay.MaxRecipients));
        Assert.Equal(new SmtpCertificateTrust.Pinned(smtp.Certificate.Sha256!), relay.CertificateTrust);
        Assert.Equal(new SmtpProxy(SmtpProxyKind.Socks5, "proxy.example.com", 1080, "p", new SmtpSecret("pp")), relay.Proxy);
    }

    [Theory]
    [InlineData("auto", 465, "smtp.example.com", true, SmtpSecurity.ImplicitTls)]
    [InlineData("auto", 587, "smtp.example.com", true, SmtpSecurity.StartTls)]
    [InlineData("auto", 25, "smtp.example.com", false, SmtpSecurity.StartTls)]
    [InlineData("auto", 25, "localhost", false, SmtpSecurity.StartTlsIfOffered)]
    [InlineData("auto", 25, "127.0.0.1", false, SmtpSecurity.StartTlsIfOffered)]
    [InlineData("auto", 25, "::1", false, SmtpSecurity.StartTlsIfOffered)]
    [InlineData("auto", 25, "LOCALHOST", false, SmtpSecurity.StartTlsIfOffered)]
    [InlineData("auto", 25, "localhost", true, SmtpSecurity.StartTls)]
    [InlineData("auto", 465, "localhost", false, SmtpSecurity.ImplicitTls)]
    [InlineData("auto", 25, "localhost.example.com", false, SmtpSecurity.StartTls)]
    [InlineData("none", 465, "smtp.example.com", true, SmtpSecurity.None)]
    [InlineData("startTlsIfOffered", 25, "smtp.example.com", true, SmtpSecurity.StartTlsIfOffered)]
    [InlineData("implicitTls", 25, "localhost", false, SmtpSecurity.ImplicitTls)]
    public void Automatic_security_is_what_the_contract_says(string security, int port, string host, bool login, object expected)
    {
        var smtp = Bodies.Stored(Bodies.Smtp(body =>
        {
            body["security"] = security;
            body["port"] = port;
            body["host"] = host;
            body["username"] = login ? "user" : null;
        })).Transports[0].Smtp!;

        Assert.Equal((SmtpSecurity)expected, RelayOf.Settings(smtp, Policy).Security);
    }

    [Fact]
    public void Every_choice_of_the_settings_has_its_like()
    {
        foreach (var auth in Enum.GetValues<SmtpAuthChoice>())
        {
            var relay = RelayOf.Settings(new() { Host = "h", Auth = auth }, Policy);
            Assert.Equal(auth.ToString(), relay.Auth.ToString(), ignoreCase: true);
        }

        Assert.Null(RelayOf.Settings(new() { Host = "h" }, Policy).Credentials);
        Assert.Same(SmtpCertificateTrust.System, RelayOf.Settings(new() { Host = "h" }, Policy).CertificateTrust);
        Assert.Equal(
            new SmtpCertificateTrust.CustomCa(TestCertificates.Shared.AuthorityPem),
            RelayOf.Settings(new() { Host = "h", Certificate = new() { Trust = CertificateTrustChoice.CustomCa, CaPem = TestCertificates.Shared.AuthorityPem } }, Policy).CertificateTrust);
    }

    [Fact]
    public void A_client_certificate_comes_with_its_key()
    {
        var client = TestCertificates.Shared.Client;
        var relay = RelayOf.Settings(
            new() { Host = "h", Certificate = new() { ClientCertificate = client.ChainPem, ClientKey = new(client.KeyPem) } }, Policy);

        Assert.True(relay.ClientCertificate!.HasPrivateKey);
        Assert.Equal(client.Certificate.Thumbprint, relay.ClientCertificate.Thumbprint);
    }

    [Fact]
    public void The_policy_is_asked_for_the_address_that_is_connected_to()
    {
        var relay = RelayOf.Settings(new() { Host = "h" }, new(new() { AllowPrivate = false }));

        Assert.False(relay.AllowAddress!(IPAddress.Loopback));
        Assert.True(relay.AllowAddress(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void A_port_that_the_policy_does_not_name_is_not_connected_to()
    {
        var policy = new OutboundPolicy(new OutboundOptions { Ports = [587] });

        Assert.True(RelayOf.Settings(new() { Host = "h", Port = 587 }, policy).AllowAddress!(IPAddress.Parse("192.0.2.1")));
        Assert.False(RelayOf.Settings(new() { Host = "h", Port = 6379 }, policy).AllowAddress!(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void A_proxys_port_is_held_to_the_policy_too()
    {
        var policy = new OutboundPolicy(new OutboundOptions { Ports = [587, 1080] });

        Assert.True(RelayOf.Settings(Behind(1080), policy).AllowAddress!(IPAddress.Parse("192.0.2.9")));
        Assert.False(RelayOf.Settings(Behind(22), policy).AllowAddress!(IPAddress.Parse("192.0.2.9")));

        static SmtpSettings Behind(int port) => new() { Host = "smtp.example.com", Port = 587, Proxy = new() { Type = ProxyKind.Http, Host = "proxy.example", Port = port } };
    }

    [Fact]
    public void Where_private_addresses_are_forbidden_a_proxy_is_told_an_address_that_was_judged()
    {
        Assert.False(RelayOf.Settings(new() { Host = "h" }, Policy).ResolveForProxy);
        Assert.True(RelayOf.Settings(new() { Host = "h" }, new(new() { AllowPrivate = false })).ResolveForProxy);
    }

    [Fact]
    public void Every_fault_and_stage_of_the_library_has_a_word()
    {
        var rest = Enum.GetValues<SmtpFault>().Where(fault => FaultOf.Kind(fault) == TransportFaultKind.CommandRefused);

        // The reply tells of a server that closes; what its capabilities rule out is refused by message and is no fault of the session.
        Assert.Equal(
            [SmtpFault.CommandRefused, SmtpFault.ServiceClosing, SmtpFault.MessageTooLarge, SmtpFault.SmtpUtf8NotOffered, SmtpFault.EightBitNotOffered], rest);
        foreach (var stage in Enum.GetValues<SmtpStage>())
        {
            var ours = FaultOf.Stage(stage);
            Assert.True(ours == TransportStage.Content || ours.ToString() == stage.ToString(), $"{stage} is told as {ours}");
        }
    }

    [Fact]
    public void A_message_becomes_a_transaction_with_its_empty_line()
    {
        var message = new OutgoingMessage("a@example.com", ["b@example.org", "c@example.org"], "Subject: x\r\n"u8.ToArray(), "body\r\n"u8.ToArray())
        {
            NeedsSmtpUtf8 = true,
            Dsn = new(["success", "delay"], "headers", "e1"),
        };

        var transaction = TransactionOf.Message(message);

        Assert.Equal("a@example.com", transaction.Sender);
        Assert.Equal(["b@example.org", "c@example.org"], transaction.Recipients.Select(recipient => recipient.Address));
        Assert.All(transaction.Recipients, recipient => Assert.Equal(SmtpNotify.Success | SmtpNotify.Delay, recipient.Notify));
        Assert.Equal((true, SmtpReturn.Headers, "e1"), (transaction.NeedsSmtpUtf8, transaction.Return, transaction.EnvelopeId));
        Assert.Same(message, ((MessageInFlight)transaction.State!).Message);
    }

    [Fact]
    public async Task A_feed_can_look_ahead_take_back_and_hand_out_what_is_left()
    {
        await using var feed = new MessageFeed(Messages(5), CancellationToken.None);

        Assert.Equal("0", (await feed.PeekAsync())!.Id);
        Assert.Equal("0", (await feed.PeekAsync())!.Id);
        Assert.Equal(["0", "1"], await TakeAsync(feed, 2));
        feed.GiveBack(new((await feed.PeekAsync())! with { Id = "back" }));
        Assert.Equal(["2", "back"], await TakeAsync(feed, 2));
        await feed.PeekAsync();
        Assert.Equal(["3"], feed.TakeWaiting().Select(message => message.Id));
        Assert.Equal(["4"], await TakeAsync(feed, 9));
        Assert.Null(await feed.PeekAsync());
    }

    [Fact]
    public async Task A_feed_whose_stream_is_canceled_ends_quietly()
    {
        using var canceled = new CancellationTokenSource();
        await using var feed = new MessageFeed(Messages(1, canceled), canceled.Token);
        Assert.Equal(["0"], await TakeAsync(feed, 1));

        Assert.Null(await feed.PeekAsync());
        Assert.Null(await feed.PeekAsync());
    }

    static async Task<List<string?>> TakeAsync(MessageFeed feed, int count)
    {
        var taken = new List<string?>();
        await foreach (var transaction in feed.TakeAsync(count))
        {
            taken.Add(((MessageInFlight)transaction.State!).Message.Id);
        }

        return taken;
    }

    static async IAsyncEnumerable<OutgoingMessage> Messages(int count, CancellationTokenSource? cancelAfter = null)
    {
        for (var number = 0; number < count; number++)
        {
            await Task.Yield();
            yield return new("a@example.com", ["b@example.org"], Encoding.ASCII.GetBytes("X: y\r\n"), default) { Id = $"{number}" };
        }

        if (cancelAfter is not null)
        {
            await cancelAfter.CancelAsync();
            cancelAfter.Token.ThrowIfCancellationRequested();
        }
    }
}
