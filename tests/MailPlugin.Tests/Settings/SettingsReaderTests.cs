using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MailPlugin.Settings;
using MailPlugin.Settings.Secrets;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Absent_properties_take_the_defaults_of_the_contract()
    {
        var settings = Bodies.Sound(JsonNode.Parse("""{ "transports": [{ "id": "a", "mode": "smtp", "smtp": { "host": "h.example" } }] }""")!);
        var transport = Assert.Single(settings.Transports);
        var smtp = transport.Smtp!;

        Assert.True(settings.Enabled);
        Assert.False(settings.ForceFrom);
        Assert.Null(settings.From);
        Assert.Empty(settings.Dkim);
        Assert.Equal(("a", "a", true), (transport.Id, transport.Name, transport.Enabled));
        Assert.Equal((587, SmtpSecurityChoice.Auto, "1.2", SmtpAuthChoice.Auto), (smtp.Port, smtp.Security, smtp.MinimumTls, smtp.Auth));
        Assert.Equal((30.0, 600.0), (smtp.Timeout.TotalSeconds, smtp.FinalReplyTimeout.TotalSeconds));
        Assert.Equal((4, 100, 100, null), (smtp.MaxSessions, smtp.MessagesPerSession, smtp.MaxRecipients, smtp.RatePerMinute));
        Assert.Equal((CertificateTrustChoice.System, null, null), (smtp.Certificate.Trust, smtp.Certificate.Sha256, smtp.Certificate.CaPem));
        Assert.False(smtp.AllowPlaintextAuth);
        Assert.Null(smtp.Proxy);
    }

    [Fact]
    public void Each_mode_has_a_block_of_its_own_with_defaults()
    {
        var settings = Bodies.Sound(JsonNode.Parse(
            """{ "transports": [{ "id": "a", "mode": "sendmail" }, { "id": "b", "mode": "qmail", "qmail": {} }, { "id": "d", "mode": "capture" }, { "id": "c", "mode": "php", "smtp": null }] }""")!);

        Assert.Equal((SendmailStyle.Pipe, 60.0), (settings.Transports[0].Sendmail!.Style, settings.Transports[0].Sendmail!.Timeout.TotalSeconds));
        Assert.StartsWith("/", settings.Transports[0].Sendmail!.Path, StringComparison.Ordinal);
        Assert.Equal("/var/qmail/bin/sendmail", settings.Transports[1].Qmail!.Path);
        Assert.Equal(new CaptureSettings(), settings.Transports[2].Capture);
        Assert.EndsWith("/php", settings.Transports[3].Php!.Path, StringComparison.Ordinal);
        Assert.Null(settings.Transports[3].Php!.IniFile);
        Assert.All(settings.Transports, transport => Assert.Null(transport.Smtp));
    }

    [Fact]
    public void Settings_of_a_mode_that_say_the_same_are_the_same()
    {
        const string Json = """{ "transports": [{ "id": "a", "mode": "capture", "capture": { "allowRecipients": ["A@example.com", "b@example.com"], "redirectTo": "c@example.com" } }] }""";
        var (first, second) = (Bodies.Sound(JsonNode.Parse(Json)!), Bodies.Sound(JsonNode.Parse(Json)!));

        Assert.Equal(first.Transports[0], second.Transports[0]);
        Assert.True(first.Transports[0].Capture!.Allows("a@EXAMPLE.com"));
        Assert.Equal(SettingsDocument.Write(first).ToJsonString(), SettingsDocument.Write(Bodies.Sound(SettingsDocument.Write(first))).ToJsonString());
    }

    [Fact]
    public void An_empty_object_is_sound() => Assert.Empty(Bodies.Sound(new JsonObject()).Transports);

    [Fact]
    public void What_an_answer_says_can_be_sent_back()
    {
        var settings = Typed(Bodies.Sound(Bodies.Full()));
        var answer = SettingsAnswer.Body(new(7, new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero), "key:ops", settings), MailPlugin.Http.Language.English);

        var again = Bodies.Sound(answer);

        Assert.Equal(SettingsDocument.Write(settings).ToJsonString(), SettingsDocument.Write(Typed(again)).ToJsonString());
    }

    [Fact]
    public void Every_property_of_a_full_document_is_read()
    {
        var settings = Bodies.Sound(Bodies.Full());
        var smtp = settings.Transports[0].Smtp!;

        Assert.Equal(("Example", "reply@example.com", "bounce@example.com"), (settings.From!.Name, settings.ReplyTo!.Address, settings.EnvelopeFrom));
        Assert.Equal((true, "[Example]", "admin@example.com"), (settings.ForceFrom, settings.SubjectPrefix, settings.AdminAddress));
        Assert.Equal(("p4ss", "pp"), (smtp.Password!.Reveal(), smtp.Proxy!.Password!.Reveal()));
        Assert.Equal((31.0, 601.0, 5, 101, 102, 60), (smtp.Timeout.TotalSeconds, smtp.FinalReplyTimeout.TotalSeconds, smtp.MaxSessions, smtp.MessagesPerSession, smtp.MaxRecipients, smtp.RatePerMinute));
        Assert.Equal(("mail.example.com", "127.0.0.1"), (smtp.EhloName, smtp.LocalAddress));
        Assert.Equal(("proxy.example.com", 1080, "p", ProxyKind.Socks5), (smtp.Proxy.Host, smtp.Proxy.Port, smtp.Proxy.Username, smtp.Proxy.Type));
        Assert.Equal("::1", settings.Transports[1].Smtp!.Host);
    }

    [Theory]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": { "host": "h", "port": 0 } }] }""", "transports[id=primary].smtp.port")]
    [InlineData("""{ "transports": [{ "id": "Primary", "mode": "smtp", "smtp": { "host": "h", "port": 0 } }] }""", "transports[0].id|transports[0].smtp.port")]
    [InlineData("""{ "transports": [{ "mode": "smtp", "smtp": { "host": "h" } }] }""", "transports[0].id")]
    [InlineData("""{ "transports": [{ "id": "a]b", "mode": "smtp", "smtp": {} }] }""", "transports[0].id|transports[0].smtp.host")]
    [InlineData("""{ "transports": [{ "id": "a\n", "mode": "smtp", "smtp": { "host": "h" } }] }""", "transports[0].id")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "smtp", "smtp": { "host": "h" } }, { "id": "a", "mode": "smtp", "smtp": { "host": "h", "port": 0 } }] }""", "transports[1].id|transports[1].smtp.port")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "fax" }] }""", "transports[id=a].mode")]
    [InlineData("""{ "transports": [{ "id": "a" }] }""", "transports[id=a].mode")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "smtp" }] }""", "transports[id=a].smtp")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "smtp", "smtp": 5 }] }""", "transports[id=a].smtp")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "smtp", "smtp": { "host": "h" }, "sendmail": {} }] }""", "transports[id=a].sendmail")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "sendmail", "smtp": { "host": "h" } }] }""", "transports[id=a].smtp")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "sendmail", "sendmail": { "path": "sendmail" } }] }""", "transports[id=a].sendmail.path")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "sendmail", "sendmail": { "path": "/usr/sbin/sendmail\n-oQ/tmp" } }] }""", "transports[id=a].sendmail.path")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "sendmail", "sendmail": { "path": "/tmp/../usr/sbin/sendmail" } }] }""", "transports[id=a].sendmail.path")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "sendmail", "sendmail": { "path": "/", "style": "bs", "timeoutSeconds": 0, "arguments": [] } }] }""", "transports[id=a].sendmail.arguments|transports[id=a].sendmail.path|transports[id=a].sendmail.style|transports[id=a].sendmail.timeoutSeconds")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "qmail", "qmail": { "path": "../qmail" } }] }""", "transports[id=a].qmail.path")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "capture", "capture": { "allowRecipients": ["a@example.com", "x", 5], "redirectTo": "y" } }] }""", "transports[id=a].capture.allowRecipients[1]|transports[id=a].capture.allowRecipients[2]|transports[id=a].capture.redirectTo")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "php", "php": { "iniFile": "php.ini", "x": 1 } }] }""", "transports[id=a].php.iniFile|transports[id=a].php.x")]
    [InlineData("""{ "transports": [{ "id": "a", "mode": "capture", "capture": [] }] }""", "transports[id=a].capture")]
    [InlineData("""{ "transports": [null, 5, "x", []] }""", "transports[0]|transports[1]|transports[2]|transports[3]")]
    [InlineData("""{ "transports": {} }""", "transports")]
    [InlineData("""{ "from": { "address": "nobody" } }""", "from.address")]
    [InlineData("""{ "from": { "name": "N" } }""", "from.address")]
    [InlineData("""{ "from": { "address": "a@example.com", "name": "N\r\nBcc: x@example.com" } }""", "from.name")]
    [InlineData("""{ "from": { "address": "a@example.com\r\n" } }""", "from.address")]
    [InlineData("""{ "subjectPrefix": "[x]\n" }""", "subjectPrefix")]
    [InlineData("""{ "dkim": [5] }""", "dkim[0]")]
    [InlineData("""{ "dkim": [{}] }""", "dkim[0].domain|dkim[0].selector")]
    [InlineData("""{ "dkim": [{}, {}] }""", "dkim[0].domain|dkim[0].selector|dkim[1].domain|dkim[1].selector")]
    [InlineData("""{ "dkim": [{ "domain": "a.example", "selector": "s1" }, { "domain": "A.example", "selector": "S1" }] }""", "dkim[1].selector")]
    [InlineData("""{ "dkim": [{ "domain": "192.0.2.1", "selector": "s1" }] }""", "dkim[0].domain")]
    [InlineData("""{ "dkim": [{ "domain": "a.example", "selector": "s1; d=evil.example" }] }""", "dkim[0].selector")]
    [InlineData("""{ "password": "x" }""", "password")]
    [InlineData("""[]""", "")]
    [InlineData("""null""", "")]
    public void A_fault_is_told_at_its_path(string json, string expected) =>
        Assert.Equal(expected.Split('|'), Bodies.Read(json).Errors.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("port", 65536)]
    [InlineData("port", "587")]
    [InlineData("security", "tls")]
    [InlineData("security", "StartTls")]
    [InlineData("minimumTls", "1.1")]
    [InlineData("minimumTls", 1.2)]
    [InlineData("auth", "digestMd5")]
    [InlineData("username", "a\nb")]
    [InlineData("username", "a\u0000b")]
    [InlineData("password", 5)]
    [InlineData("password", "a\u0000b")]
    [InlineData("allowPlaintextAuth", "yes")]
    [InlineData("timeoutSeconds", 0)]
    [InlineData("timeoutSeconds", 601)]
    [InlineData("finalReplyTimeoutSeconds", 3601)]
    [InlineData("maxSessions", 65)]
    [InlineData("messagesPerSession", 0)]
    [InlineData("maxRecipients", 0)]
    [InlineData("ratePerMinute", 0)]
    [InlineData("ehloName", "192.0.2.1")]
    [InlineData("ehloName", "[192.0.2.1 x]")]
    [InlineData("ehloName", "[]")]
    [InlineData("ehloName", "[2001:db8::1]")]
    [InlineData("ehloName", "[IPv6:fe80::1%eth0]")]
    [InlineData("ehloName", "a b")]
    [InlineData("ehloName", "[1]")]
    [InlineData("localAddress", "eth0")]
    [InlineData("localAddress", "127.1")]
    [InlineData("localAddress", "[::1]:25")]
    [InlineData("certificate", "system")]
    [InlineData("proxy", "socks5://proxy")]
    [InlineData("hostname", "x")]
    public void A_wrong_value_of_a_relay_is_told_at_its_property(string name, object value) =>
        Assert.Equal([name], Bodies.SmtpFaults(smtp => smtp[name] = JsonValue.Create(value)));

    [Theory]
    [InlineData("ehloName", "[192.0.2.1]")]
    [InlineData("ehloName", "[IPv6:2001:db8::1]")]
    [InlineData("ehloName", "mail.example.com")]
    [InlineData("localAddress", "192.0.2.1")]
    [InlineData("localAddress", "2001:db8::1")]
    [InlineData("username", "ä@example.com")]
    [InlineData("auth", "scramSha256")]
    [InlineData("host", "mail_relay")]
    public void A_right_value_of_a_relay_is_taken(string name, string value) =>
        Assert.Empty(Bodies.SmtpFaults(smtp => smtp[name] = value));

    [Theory]
    [InlineData("smtp.example.com", "smtp.example.com")]
    [InlineData("smtp.example.com.", "smtp.example.com")]
    [InlineData(" smtp.example.com ", "smtp.example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("例子.测试", "xn--fsqu00a.xn--0zwm56d")]
    [InlineData("localhost", "localhost")]
    [InlineData("mail1", "mail1")]
    [InlineData("3com.example", "3com.example")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1")]
    public void A_host_is_kept_in_one_form(string typed, string kept) =>
        Assert.Equal(kept, Bodies.Sound(Bodies.Smtp(smtp => smtp["host"] = typed)).Transports[0].Smtp!.Host);

    [Theory]
    [InlineData("127.1")]
    [InlineData("10.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("１２７.1")]
    [InlineData("１２７。０。０。１")]
    [InlineData("0ｘ7f.1")]
    [InlineData("256.1.1.1")]
    [InlineData("smtp.example.1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:25")]
    [InlineData("fe80::1%eth0")]
    [InlineData("smtp.example.com:587")]
    [InlineData("smtp://smtp.example.com")]
    [InlineData("user@smtp.example.com")]
    [InlineData("smtp.example.com/x")]
    [InlineData("a..b")]
    [InlineData("smtp.example.com..")]
    [InlineData("-a.example")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\r\nb")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("*")]
    public void What_is_neither_a_name_nor_a_whole_address_is_no_host(string host) =>
        Assert.Equal(["host"], Bodies.SmtpFaults(smtp => smtp["host"] = host));

    [Fact]
    public void A_host_longer_than_DNS_allows_is_refused()
    {
        var label = new string('a', 60);
        Assert.Equal(["host"], Bodies.SmtpFaults(smtp => smtp["host"] = string.Join('.', label, label, label, label, label)));
        Assert.Equal(["host"], Bodies.SmtpFaults(smtp => smtp["host"] = new string('a', 64)));
    }

    [Theory]
    [InlineData("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF")]
    [InlineData(" 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ")]
    public void A_fingerprint_is_taken_in_the_forms_that_people_copy(string typed)
    {
        var settings = Bodies.Sound(Bodies.Smtp(smtp => smtp["certificate"] = new JsonObject { ["trust"] = "pinned", ["sha256"] = typed }));

        Assert.Equal("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", settings.Transports[0].Smtp!.Certificate.Sha256);
    }

    [Theory]
    [InlineData("""{ "trust": "pinned" }""", "sha256")]
    [InlineData("""{ "trust": "pinned", "sha256": "" }""", "sha256")]
    [InlineData("""{ "trust": "pinned", "sha256": "0123" }""", "sha256")]
    [InlineData("""{ "trust": "pinned", "sha256": "0123456789abcdef0123456789abcdef01234567" }""", "sha256")]
    [InlineData("""{ "trust": "customCa" }""", "caPem")]
    [InlineData("""{ "trust": "customCa", "caPem": "hello" }""", "caPem")]
    [InlineData("""{ "trust": "customCa", "caPem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }""", "caPem")]
    [InlineData("""{ "trust": "none" }""", "trust")]
    [InlineData("""{ "clientCertificate": "hello" }""", "clientCertificate")]
    [InlineData("""{ "clientKey": "hello" }""", "clientKey")]
    public void A_wrong_certificate_block_is_told_at_its_property(string block, string property) =>
        Assert.Equal([$"certificate.{property}"], Bodies.SmtpFaults(smtp => smtp["certificate"] = JsonNode.Parse(block)));

    [Fact]
    public void A_client_certificate_comes_with_its_own_key()
    {
        var (right, other) = (TestCertificates.Shared.Client, TestCertificates.Shared.Authority);

        Assert.Empty(Bodies.SmtpFaults(smtp => smtp["certificate"] = new JsonObject { ["clientCertificate"] = right.ChainPem, ["clientKey"] = right.KeyPem }));
        Assert.Equal(["certificate.clientKey"], Bodies.SmtpFaults(smtp =>
            smtp["certificate"] = new JsonObject { ["clientCertificate"] = other.ExportCertificatePem(), ["clientKey"] = right.KeyPem }));
    }

    [Fact]
    public void A_private_key_pasted_beside_a_certificate_is_refused_because_certificates_are_shown_again()
    {
        var both = TestCertificates.Shared.Client.ChainPem + TestCertificates.Shared.Client.KeyPem;

        Assert.Equal(["certificate.clientCertificate"], Bodies.SmtpFaults(smtp => smtp["certificate"] = new JsonObject { ["clientCertificate"] = both }));
        Assert.Equal(["certificate.caPem"], Bodies.SmtpFaults(smtp => smtp["certificate"] = new JsonObject { ["caPem"] = both }));
    }

    [Theory]
    [InlineData("""{}""", "host|port|type")]
    [InlineData("""{ "type": "socks4", "host": "p", "port": 1 }""", "type")]
    [InlineData("""{ "type": "http", "host": "10.1", "port": 1 }""", "host")]
    [InlineData("""{ "type": "http", "host": "p", "port": 0 }""", "port")]
    [InlineData("""{ "type": "http", "host": "p", "port": 3128, "ssl": true }""", "ssl")]
    public void A_wrong_proxy_is_told_at_its_property(string proxy, string expected) =>
        Assert.Equal(
            expected.Split('|').Select(name => $"proxy.{name}"),
            Bodies.SmtpFaults(smtp => smtp["proxy"] = JsonNode.Parse(proxy)).Order(StringComparer.Ordinal));

    [Fact]
    public void Proxy_credentials_fit_into_the_byte_that_counts_them()
    {
        var long256 = new string('ä', 128);
        var proxy = new JsonObject { ["type"] = "socks5", ["host"] = "p", ["port"] = 1080, ["username"] = long256, ["password"] = long256 };

        Assert.Equal(["proxy.password", "proxy.username"], Bodies.SmtpFaults(smtp => smtp["proxy"] = proxy).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_DKIM_key_is_a_private_RSA_key_of_some_length()
    {
        using var rsa = RSA.Create(2048);
        using var weak = RSA.Create(512);
        using var curve = ECDsa.Create();

        Assert.Empty(DkimFaults(rsa.ExportPkcs8PrivateKeyPem()));
        Assert.Empty(DkimFaults(rsa.ExportRSAPrivateKeyPem()));
        Assert.Equal(["dkim[0].privateKey"], DkimFaults(weak.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(["dkim[0].privateKey"], DkimFaults(curve.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(["dkim[0].privateKey"], DkimFaults(rsa.ExportEncryptedPkcs8PrivateKeyPem("x", new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1))));
        Assert.Equal(["dkim[0].privateKey"], DkimFaults("hello"));
    }

    [Fact]
    public void A_public_key_is_no_DKIM_key()
    {
        using var rsa = RSA.Create(2048);

        Assert.Equal(["dkim[0].privateKey"], DkimFaults(rsa.ExportSubjectPublicKeyInfoPem()));
        Assert.Equal(["dkim[0].privateKey"], DkimFaults(rsa.ExportRSAPublicKeyPem()));
    }

    [Fact]
    public void A_method_that_needs_a_user_name_says_so() =>
        Assert.Equal(["username"], Bodies.SmtpFaults(smtp =>
        {
            smtp.Remove("username");
            smtp["auth"] = "plain";
        }));

    [Theory]
    [InlineData("php")]
    [InlineData("sendmail")]
    [InlineData("qmail")]
    [InlineData("capture")]
    public void A_block_of_another_mode_is_refused(string mode)
    {
        var body = Bodies.Smtp();
        body["transports"]![0]![mode] = new JsonObject();

        Assert.Equal([$"transports[id=primary].{mode}"], Bodies.Read(body).Errors.Keys);
    }

    [Fact]
    public void More_transports_than_anybody_has_are_one_fault() =>
        Assert.Equal(["transports"], Bodies.Read(new JsonObject { ["transports"] = new JsonArray([.. Enumerable.Range(0, 33).Select(_ => new JsonObject())]) }).Errors.Keys);

    /// <summary>Secrets that were left out are marked as kept: as if there were none, but for those that a full document has.</summary>
    static MailSettings Typed(MailSettings settings) => KeptSecrets.Fill(settings, Bodies.Sound(Bodies.Full())).Settings;

    static IEnumerable<string> DkimFaults(string pem) => Bodies.Read(new JsonObject
    {
        ["dkim"] = new JsonArray(new JsonObject { ["domain"] = "example.com", ["selector"] = "s1", ["privateKey"] = pem }),
    }).Errors.Keys;
}
