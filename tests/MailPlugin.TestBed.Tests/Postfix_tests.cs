using System.Net.Security;
using System.Text;
using Xunit.Abstractions;

namespace MailPlugin.TestBed.Tests;

public sealed class Postfix_tests(ITestOutputHelper output)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [ServerFact(Server.Postfix)]
    public async Task What_is_sent_is_read_back_with_its_envelope()
    {
        await using var server = await PostfixServer.StartAsync();
        await using var client = await Dialogue.OpenAsync(server.Port);
        await client.HearAsync();
        var ehlo = await client.SayAsync("EHLO client.example");
        foreach (var capability in new[] { "PIPELINING", "SIZE 20000000", "STARTTLS", "AUTH ", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8", "CHUNKING" })
        {
            Assert.Contains(capability, ehlo, StringComparison.Ordinal);
        }

        const string Content = "From: a@sender.example\r\nSubject: one\r\n\r\nfirst\r\n..dot\r\n";
        Assert.StartsWith("250", await client.SubmitAsync(Content, "bounce@sender.example", "b@test.example", "c@other.example"), StringComparison.Ordinal);

        var messages = await server.ReadMessagesAsync(2, Patience);
        Assert.Equal(["b@test.example", "c@other.example"], messages.Select(message => message.OriginalTo).Order());
        Assert.Equal(["b@test.example", "c@other.example"], messages.Select(message => message.DeliveredTo).Order());
        Assert.All(messages, message => Assert.Equal("bounce@sender.example", message.ReturnPath));
        Assert.All(messages, message => Assert.Equal(Content.Replace("..dot", ".dot"), message.Text));
        Assert.All(messages, message => Assert.Contains("with ESMTP", message.Received, StringComparison.Ordinal));
        Assert.StartsWith("Return-Path: <bounce@sender.example>\n", Encoding.ASCII.GetString(messages[0].Raw), StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task Recipients_are_refused_as_its_table_says()
    {
        await using var server = await PostfixServer.StartAsync(new() { RecipientReplies = new Dictionary<string, string> { ["full@test.example"] = "452 4.2.2 mailbox full" } });
        await using var client = await Dialogue.OpenAsync(server.Port);
        await client.HearAsync();
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("MAIL FROM:<a@sender.example>");
        Assert.StartsWith("550 5.1.1", await client.SayAsync("RCPT TO:<nobody@test.example>"), StringComparison.Ordinal);
        Assert.StartsWith("451 4.3.0", await client.SayAsync("RCPT TO:<later@test.example>"), StringComparison.Ordinal);
        Assert.StartsWith("452 4.2.2", await client.SayAsync("RCPT TO:<full@test.example>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("RCPT TO:<anybody@test.example>"), StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task The_submission_port_wants_tls_and_then_the_right_password()
    {
        await using var server = await PostfixServer.StartAsync(new() { Password = "p@ss wörd" });
        await using var client = await Dialogue.OpenAsync(server.SubmissionPort);
        await client.HearAsync();
        Assert.DoesNotContain("AUTH", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.0", await client.SayAsync("MAIL FROM:<a@sender.example>"), StringComparison.Ordinal);
        Assert.StartsWith("220", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        await client.SecureAsync();
        Assert.Equal(SslPolicyErrors.None, client.Faults);
        Assert.Contains("SCRAM-SHA-256", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        await client.SayAsync("MAIL FROM:<a@sender.example>");
        Assert.StartsWith("554 5.7.1", await client.SayAsync("RCPT TO:<b@test.example>"), StringComparison.Ordinal);
        await client.SayAsync("RSET");
        Assert.StartsWith("535 5.7.8", await client.SayAsync("AUTH PLAIN " + Plain("user", "wrong")), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.SayAsync("AUTH PLAIN " + Plain("user@bed", "p@ss wörd")), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SubmitAsync("Subject: s\r\n\r\nx\r\n", "a@sender.example", "b@test.example"), StringComparison.Ordinal);
        var message = Assert.Single(await server.ReadMessagesAsync(1, Patience));
        Assert.Contains("ESMTPSA", message.Received, StringComparison.Ordinal);
        Assert.Contains("TLSv1.3", message.Received, StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task The_implicit_port_shows_the_certificate_asked_for()
    {
        await using var server = await PostfixServer.StartAsync(new() { Certificate = TestCertificates.Shared.WrongName });
        await using var client = await Dialogue.OpenAsync(server.TlsPort, tls: true);
        Assert.StartsWith("220", await client.HearAsync(), StringComparison.Ordinal);
        Assert.Equal(SslPolicyErrors.RemoteCertificateNameMismatch, client.Faults);
        Assert.Equal(server.Certificate.Certificate.RawData, client.Shown!.RawData);
    }

    [ServerFact(Server.Postfix)]
    public async Task Debians_own_default_offers_starttls_with_a_self_signed_certificate_and_no_login()
    {
        await using var server = await PostfixServer.StartAsync(new() { DebianDefault = true });
        await using var client = await Dialogue.OpenAsync(server.Port);
        await client.HearAsync();
        var ehlo = await client.SayAsync("EHLO client.example");
        Assert.Contains("STARTTLS", ehlo, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTH", ehlo, StringComparison.Ordinal);
        await client.SayAsync("STARTTLS");
        await client.SecureAsync();
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, client.Faults);
        await client.SayAsync("EHLO client.example");
        Assert.StartsWith("250", await client.SubmitAsync("Subject: s\r\n\r\nx\r\n", "", "b@test.example"), StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(await server.ReadMessagesAsync(1, Patience)).ReturnPath);
    }

    [ServerTheory(Server.Postfix)]
    [InlineData(false, "250")]
    [InlineData(true, "554")]
    public async Task The_strict_one_refuses_content_before_it_asked(bool strict, string expected)
    {
        await using var server = await PostfixServer.StartAsync(new() { Strict = strict });
        await using var client = await Dialogue.OpenAsync(server.Port);
        await client.HearAsync();
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("MAIL FROM:<a@sender.example>");
        await client.SayAsync("RCPT TO:<b@test.example>");
        await client.SendAsync("DATA\r\nSubject: s\r\n\r\nx\r\n.\r\n");
        var first = await client.HearAsync();
        var last = first.StartsWith("354", StringComparison.Ordinal) ? await client.HearAsync() : first;
        Assert.StartsWith(expected, last, StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task Two_run_side_by_side_and_nothing_of_them_is_left()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var servers = await Task.WhenAll(PostfixServer.StartAsync(), PostfixServer.StartAsync(new() { Password = "other" }));
        output.WriteLine($"both started after {clock.ElapsedMilliseconds} ms");
        var folders = servers.Select(server => Path.GetDirectoryName(server.ConfigurationFolder)!).ToList();
        var ports = servers.SelectMany(server => new[] { server.Port, server.TlsPort, server.SubmissionPort }).ToList();
        Assert.Equal(6, ports.Distinct().Count());
        for (var i = 0; i < 2; i++)
        {
            await using var client = await Dialogue.OpenAsync(servers[i].Port);
            await client.HearAsync();
            await client.SayAsync("HELO client.example");
            await client.SubmitAsync($"Subject: {i}\r\n\r\nx\r\n", "a@sender.example", $"to{i}@test.example");
            Assert.Equal($"to{i}@test.example", Assert.Single(await servers[i].ReadMessagesAsync(1, Patience)).DeliveredTo);
        }

        Assert.All(folders, folder => Assert.NotEmpty(Leftovers.Of(folder)));
        clock.Restart();
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        output.WriteLine($"both stopped after {clock.ElapsedMilliseconds} ms");
        Assert.All(folders, folder => Assert.Empty(Leftovers.Of(folder)));
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder)));
        Assert.All(ports, port => Assert.Equal(0, FreePort.Listeners(port)));
    }

    [ServerFact(Server.Postfix)]
    public async Task It_can_go_away_and_come_back_on_the_same_port()
    {
        await using var server = await PostfixServer.StartAsync();
        await server.StopAsync();
        Assert.Equal(0, FreePort.Listeners(server.Port));
        await server.StartAgainAsync();
        await using var client = await Dialogue.OpenAsync(server.Port);
        Assert.StartsWith("220", await client.HearAsync(), StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_message_that_does_not_arrive_is_an_error_with_the_servers_log()
    {
        await using var server = await PostfixServer.StartAsync();
        var error = await Assert.ThrowsAsync<TimeoutException>(() => server.ReadMessagesAsync(1, TimeSpan.FromMilliseconds(50)));
        Assert.Contains("daemon started", error.Message, StringComparison.Ordinal);
    }

    static string Plain(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
}
