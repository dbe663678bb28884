using System.Net.Sockets;
using System.Text;

namespace MailPlugin.TestBed.Tests;

public sealed class Fakes_tests
{
    [Fact]
    public async Task The_recording_server_writes_down_every_login()
    {
        await using var server = new RecordingSmtpServer();
        await using var client = await Dialogue.OpenAsync(server.Port);
        Assert.StartsWith("220", await client.HearAsync(), StringComparison.Ordinal);
        Assert.Contains("STARTTLS", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.SayAsync("AUTH PLAIN " + Base64("\0one\0first")), StringComparison.Ordinal);
        Assert.StartsWith("220", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        await client.SecureAsync();
        Assert.DoesNotContain("STARTTLS", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.StartsWith("334", await client.SayAsync("AUTH LOGIN"), StringComparison.Ordinal);
        Assert.StartsWith("334", await client.SayAsync(Base64("two")), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.SayAsync(Base64("zweites")), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SubmitAsync("Subject: s\r\n\r\n..x\r\n", "a@sender.example", "b@test.example"), StringComparison.Ordinal);

        Assert.Equal([("PLAIN", "one", "first", false), ("LOGIN", "two", "zweites", true)], server.Logins.Select(login => (login.Mechanism, login.UserName!, login.Password!, login.Tls)));
        Assert.True(server.WasSent("first"));
        Assert.True(server.WasSent("zweites"));
        Assert.False(server.WasSent("third"));
        Assert.Equal(["Subject: s\r\n\r\n.x\r\n"], server.Messages);
    }

    [Fact]
    public async Task The_recording_server_speaks_implicit_tls()
    {
        await using var server = new RecordingSmtpServer(implicitTls: true, certificate: TestCertificates.Shared.UnknownAuthority);
        await using var client = await Dialogue.OpenAsync(server.Port, tls: true);
        Assert.StartsWith("220", await client.HearAsync(), StringComparison.Ordinal);
        Assert.Equal(System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors, client.Faults);
    }

    [Fact]
    public async Task A_closed_port_refuses_and_a_silent_one_says_what_it_is_given()
    {
        using var closed = new ClosedPort();
        var refused = await Assert.ThrowsAsync<SocketException>(() => Dialogue.OpenAsync(closed.Port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        await using var strange = new SilentPort("HTTP/1.1 400 Bad Request\r\n");
        await using var client = await Dialogue.OpenAsync(strange.Port);
        Assert.StartsWith("HTTP/1.1 400", await client.HearAsync(), StringComparison.Ordinal);
        await using var silent = new SilentPort();
        await using var waiting = await Dialogue.OpenAsync(silent.Port);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting.HearAsync().WaitAsync(TimeSpan.FromMilliseconds(200)));
        Assert.Equal(1, silent.Connections);
    }

    [Fact]
    public async Task The_slow_proxy_delays_and_cuts_into_single_bytes()
    {
        await using var server = new RecordingSmtpServer();
        await using var proxy = new SlowProxy(server.Port, new() { Delay = TimeSpan.FromMilliseconds(50), Chunk = 1 });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await using var client = await Dialogue.OpenAsync(proxy.Port);
        await client.HearAsync();
        await client.SayAsync("NOOP");

        // One way for the greeting, two for the command; timers fire a little early.
        Assert.True(clock.ElapsedMilliseconds >= 140, $"{clock.ElapsedMilliseconds} ms");
        Assert.StartsWith("250", await client.SubmitAsync("Subject: s\r\n\r\nx\r\n", "a@sender.example", "b@test.example"), StringComparison.Ordinal);
        Assert.Equal(1, proxy.Connections);
        Assert.Equal(["Subject: s\r\n\r\nx\r\n"], server.Messages);
    }

    [Fact]
    public async Task The_slow_proxy_cuts_the_connection_in_the_middle_of_the_content()
    {
        await using var server = new RecordingSmtpServer();
        await using var proxy = new SlowProxy(server.Port, new() { CutAfterClientBytes = 100 });
        await using var client = await Dialogue.OpenAsync(proxy.Port);
        await client.HearAsync();
        await client.SayAsync("MAIL FROM:<a@sender.example>");
        await client.SayAsync("DATA");
        await client.SendAsync(new string('x', 200));
        await Assert.ThrowsAsync<IOException>(() => client.HearAsync());
        Assert.Empty(server.Messages);
    }

    [Fact]
    public void A_certificate_is_wrong_in_its_own_way()
    {
        var all = TestCertificates.Shared;
        var now = TimeProvider.System.GetUtcNow().LocalDateTime;
        Assert.True(all.Expired.Certificate.NotAfter < now);
        Assert.True(all.NotYetValid.Certificate.NotBefore > now);
        Assert.True(all.Server.Certificate.MatchesHostname("localhost"));
        Assert.False(all.WrongName.Certificate.MatchesHostname("localhost"));
        Assert.Equal(all.SelfSigned.Certificate.Subject, all.SelfSigned.Certificate.Issuer);
        Assert.NotEqual(all.Authority.Subject, all.UnknownAuthority.Certificate.Issuer);
        Assert.All([all.Server, all.Expired, all.NotYetValid, all.WrongName, all.SelfSigned, all.UnknownAuthority, all.Client], one => Assert.True(one.Certificate.HasPrivateKey));
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
