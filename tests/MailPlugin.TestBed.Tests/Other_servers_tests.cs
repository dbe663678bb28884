using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;

namespace MailPlugin.TestBed.Tests;

public sealed class Other_servers_tests(ITestOutputHelper output)
{
    const string Content = "From: =?utf-8?Q?=C3=84?= <a@sender.example>\r\nTo: b@test.example\r\nSubject: =?utf-8?B?5L2g5aW9?=\r\nMIME-Version: 1.0\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\n\r\nfirst\r\n";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [ServerFact(Server.SmtpSink)]
    public async Task The_sink_fails_where_it_is_told_to()
    {
        await using var sink = await SmtpSink.StartAsync("-B", "552 5.2.2 over quota", "-f", "RCPT");
        await using var client = await Dialogue.OpenAsync(sink.Port);
        Assert.StartsWith("220", await client.HearAsync(), StringComparison.Ordinal);
        await client.SayAsync("EHLO client.example");
        Assert.StartsWith("250", await client.SayAsync("MAIL FROM:<a@sender.example>"), StringComparison.Ordinal);
        Assert.StartsWith("552 5.2.2 over quota", await client.SayAsync("RCPT TO:<b@test.example>"), StringComparison.Ordinal);
    }

    [ServerFact(Server.Exim)]
    public async Task Exim_delivers_and_answers_as_Exim_does()
    {
        var clock = Stopwatch.StartNew();
        await using var server = await EximServer.StartAsync();
        output.WriteLine($"started after {clock.ElapsedMilliseconds} ms");
        await using (var client = await Dialogue.OpenAsync(server.Port))
        {
            await client.HearAsync();
            var ehlo = await client.SayAsync("EHLO client.example");
            Assert.Contains("CHUNKING", ehlo, StringComparison.Ordinal);
            Assert.Contains("SMTPUTF8", ehlo, StringComparison.Ordinal);
            Assert.StartsWith("220", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
            await client.SecureAsync();
            Assert.Equal(SslPolicyErrors.None, client.Faults);
            await client.SayAsync("EHLO client.example");
            Assert.StartsWith("535", await client.SayAsync("AUTH PLAIN " + Plain("user", "wrong")), StringComparison.Ordinal);
            Assert.StartsWith("235", await client.SayAsync("AUTH PLAIN " + Plain(EximServer.UserName, EximServer.Password)), StringComparison.Ordinal);
            Assert.StartsWith("250", await client.SubmitAsync(Content, "bounce@sender.example", "b@test.example"), StringComparison.Ordinal);
        }

        var message = Assert.Single(await server.ReadMessagesAsync(1, Patience));
        Assert.Equal("bounce@sender.example", message.ReturnPath);
        Assert.Equal("b@test.example", message.DeliveredTo);
        Assert.Equal(Content, message.Text);

        // Where Postfix says 554, and that decides how a client has to read what follows.
        await using var other = await Dialogue.OpenAsync(server.Port);
        await other.HearAsync();
        await other.SayAsync("EHLO client.example");
        await other.SayAsync("MAIL FROM:<a@sender.example>");
        Assert.StartsWith("550", await other.SayAsync("RCPT TO:<nobody@test.example>"), StringComparison.Ordinal);
        Assert.StartsWith("503", await other.SayAsync("DATA"), StringComparison.Ordinal);
    }

    [ServerFact(Server.Exim)]
    public async Task Exim_wants_a_login_on_its_submission_port_and_speaks_implicit_tls()
    {
        await using var server = await EximServer.StartAsync();
        await using var client = await Dialogue.OpenAsync(server.SubmissionPort);
        await client.HearAsync();
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("MAIL FROM:<a@sender.example>");
        Assert.StartsWith("550", await client.SayAsync("RCPT TO:<b@test.example>"), StringComparison.Ordinal);
        await using var secure = await Dialogue.OpenAsync(server.TlsPort, tls: true);
        Assert.StartsWith("220", await secure.HearAsync(), StringComparison.Ordinal);
    }

    [ServerFact(Server.OpenSmtpd)]
    public async Task OpenSmtpd_delivers_and_knows_no_pipelining()
    {
        var clock = Stopwatch.StartNew();
        await using var server = await OpenSmtpdServer.StartAsync();
        output.WriteLine($"started after {clock.ElapsedMilliseconds} ms");
        await using var client = await Dialogue.OpenAsync(server.Port);
        await client.HearAsync();
        Assert.DoesNotContain("PIPELINING", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SubmitAsync(Content, "bounce@sender.example", "b@test.example"), StringComparison.Ordinal);
        var message = Assert.Single(await server.ReadMessagesAsync(1, Patience));
        Assert.Contains("Subject: =?utf-8?B?5L2g5aW9?=\r\n", message.Text, StringComparison.Ordinal);
        Assert.Equal("bounce@sender.example", message.ReturnPath);
    }

    [ServerFact(Server.NodeSmtpServer)]
    public async Task Nodes_server_takes_a_token_and_reads_the_mail()
    {
        var clock = Stopwatch.StartNew();
        await using var server = await NodeSmtpServer.StartAsync(new() { LoginNeeded = true });
        output.WriteLine($"started after {clock.ElapsedMilliseconds} ms");
        await using var client = await Dialogue.OpenAsync(server.TlsPort, tls: true);
        Assert.StartsWith("220", await client.HearAsync(), StringComparison.Ordinal);
        Assert.Contains("XOAUTH2", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.StartsWith("530", await client.SayAsync("MAIL FROM:<a@sender.example>"), StringComparison.Ordinal);
        Assert.StartsWith("334", await client.SayAsync("AUTH XOAUTH2 " + Bearer("user", "wrong")), StringComparison.Ordinal);
        Assert.StartsWith("535", await client.SayAsync(""), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.SayAsync("AUTH XOAUTH2 " + Bearer("user", "token")), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SubmitAsync(Content, "bounce@sender.example", "b@test.example", "hidden@test.example"), StringComparison.Ordinal);
        var mail = Assert.Single(await server.ReadMailsAsync(1, Patience));
        Assert.Equal("你好", mail.Subject);
        Assert.Equal([new ParsedAddress("a@sender.example", "Ä")], mail.From);
        Assert.Equal("first\n", mail.Text);
        Assert.Equal("user", mail.User);
        Assert.True(mail.Secure);
        Assert.Equal("bounce@sender.example", mail.Envelope!.From);
        Assert.Equal(["b@test.example", "hidden@test.example"], mail.Envelope.To);
        Assert.Equal(Content, Encoding.UTF8.GetString(mail.Raw));
    }

    [ServerFact(Server.NodeSmtpServer, Server.Python)]
    public async Task Two_parsers_of_other_people_agree()
    {
        var message = Encoding.UTF8.GetBytes(
            "From: a@sender.example\r\nTo: b@test.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
            + "--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5L2g5aW9\r\n"
            + "--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''%C3%A4.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--x--\r\n");
        var node = await ParsedMail.OfAsync(message);
        var python = await PythonMail.OfAsync(message);
        Assert.Equal("你好", node.Text);
        Assert.Equal("你好", python.Parts[1].Text);
        var attachment = Assert.Single(node.Attachments);
        Assert.Equal("ä.pdf", attachment.Name);
        Assert.Equal("ä.pdf", python.Parts[2].Name);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([0, 1, 2])), attachment.Sha256);
        Assert.Equal(attachment.Sha256, python.Parts[2].Sha256);
        Assert.Empty(python.Defects);
    }

    [ServerFact(Server.Python)]
    public async Task The_dkim_verifier_refuses_a_signature_it_cannot_check()
    {
        using var key = RSA.Create(2048);
        var (message, signed) = DkimSample.Sign(key);
        Assert.True(await DkimVerifier.VerifyAsync(signed, "s1", "sender.example", key.ExportSubjectPublicKeyInfo()));
        signed[^3] ^= 1;
        Assert.False(await DkimVerifier.VerifyAsync(signed, "s1", "sender.example", key.ExportSubjectPublicKeyInfo()));
        Assert.False(await DkimVerifier.VerifyAsync(message, "s1", "sender.example", key.ExportSubjectPublicKeyInfo()));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task PostgreSql_listens_on_a_port_of_its_own()
    {
        var clock = Stopwatch.StartNew();
        await using var server = await PostgreSqlServer.StartAsync();
        output.WriteLine($"started after {clock.ElapsedMilliseconds} ms");
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port);

        // An SSLRequest is answered with one letter before anything else.
        await client.GetStream().WriteAsync(new byte[] { 0, 0, 0, 8, 4, 210, 22, 47 });
        Assert.Equal('N', (char)client.GetStream().ReadByte());
    }

    [ServerFact(Server.SmtpSink, Server.Exim, Server.OpenSmtpd, Server.NodeSmtpServer, Server.PostgreSql)]
    public async Task Nothing_of_them_is_left()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "mailplugin-bed-*").ToHashSet();
        var servers = new List<IAsyncDisposable>
        {
            await SmtpSink.StartAsync(), await EximServer.StartAsync(), await OpenSmtpdServer.StartAsync(), await NodeSmtpServer.StartAsync(), await PostgreSqlServer.StartAsync(),
        };
        var folders = Directory.GetDirectories(Path.GetTempPath(), "mailplugin-bed-*").Where(folder => Leftovers.Of(folder).Count > 0 && !before.Contains(folder)).ToList();
        Assert.True(folders.Count >= servers.Count);
        foreach (var server in servers)
        {
            var clock = Stopwatch.StartNew();
            await server.DisposeAsync();
            output.WriteLine($"{server.GetType().Name} stopped after {clock.ElapsedMilliseconds} ms");
        }

        Assert.DoesNotContain(folders, folder => Directory.Exists(folder) || Leftovers.Of(folder).Count > 0);
    }

    static string Plain(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));

    static string Bearer(string user, string token) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"user={user}\u0001auth=Bearer {token}\u0001\u0001"));
}
