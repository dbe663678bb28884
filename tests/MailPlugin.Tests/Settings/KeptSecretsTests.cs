using System.Text.Json.Nodes;
using MailPlugin.Settings;
using MailPlugin.Settings.Secrets;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Settings;

/// <summary>
/// A stored secret is used or kept only while host, port, user name, certificate and proxy are those it was saved with and security is
/// not weaker. Whoever may draft settings is taken for somebody who wants the password sent to a server of their own.
/// </summary>
public sealed class KeptSecretsTests
{
    const string Password = "transports[id=primary].smtp.password";

    /// <summary>What is changed of the relay that the password was saved for, and whether the password may stay.</summary>
    public static TheoryData<string, string, bool> Changes => new()
    {
        { "nothing", "{}", true },

        // Where it goes.
        { "host", """{ "host": "evil.example" }""", false },
        { "host, in upper case", """{ "host": "SMTP.Example.COM" }""", true },
        { "host, with the trailing dot", """{ "host": "smtp.example.com." }""", true },
        { "host, a label before it", """{ "host": "x.smtp.example.com" }""", false },
        { "host, a label behind it", """{ "host": "smtp.example.com.evil.example" }""", false },
        { "host, with letters that only look alike", """{ "host": "smtp.examplе.com" }""", false },
        { "host, with a letter that folds to another", """{ "host": "ſmtp.example.com" }""", true },
        { "host, its address", """{ "host": "192.0.2.1" }""", false },
        { "port", """{ "port": 588 }""", false },
        { "port, the default by leaving it out", """{ "port": null }""", true },
        { "user name", """{ "username": "other" }""", false },
        { "user name, in upper case", """{ "username": "USER" }""", false },
        { "user name, with a blank", """{ "username": "user " }""", false },
        { "user name, gone", """{ "username": null }""", false },
        { "proxy", """{ "proxy": { "type": "socks5", "host": "evil.example", "port": 1080 } }""", false },
        { "proxy on loopback", """{ "proxy": { "type": "http", "host": "127.0.0.1", "port": 3128 } }""", false },

        // Whom it trusts.
        { "trust, pinned", """{ "certificate": { "trust": "pinned", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } }""", false },
        { "trust, said in so many words", """{ "certificate": { "trust": "system" } }""", true },
        { "fingerprint that is not used", """{ "certificate": { "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } }""", false },

        // How well it is protected.
        { "security, implicit TLS", """{ "security": "implicitTls" }""", true },
        { "security, auto, which is STARTTLS here", """{ "security": "auto" }""", true },
        { "security, if offered", """{ "security": "startTlsIfOffered" }""", false },
        { "security, none", """{ "security": "none" }""", false },
        { "minimum TLS, higher", """{ "minimumTls": "1.3" }""", true },
        { "plain text allowed", """{ "allowPlaintextAuth": true }""", false },
        { "method, one that shows it", """{ "auth": "plain" }""", true },
        { "method, a challenge", """{ "auth": "scramSha256" }""", true },

        // What has nothing to do with it.
        { "EHLO name", """{ "ehloName": "evil.example" }""", true },
        { "local address", """{ "localAddress": "127.0.0.1" }""", true },
        { "time limits", """{ "timeoutSeconds": 5, "finalReplyTimeoutSeconds": 5 }""", true },
        { "numbers", """{ "maxSessions": 1, "messagesPerSession": 1, "maxRecipients": 1, "ratePerMinute": 1 }""", true },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_password_stays_only_with_its_relay(string what, string change, bool stays)
    {
        var stored = Bodies.Stored(Bodies.Smtp(smtp => smtp["security"] = "startTls"));
        var draft = Bodies.Sound(Bodies.Smtp(smtp =>
        {
            smtp["security"] = "startTls";
            smtp.Remove("password");
            Apply(smtp, change);
        }));

        var (settings, needed) = KeptSecrets.Fill(draft, stored);

        Assert.True(stays == (needed.Count == 0), $"{what}: {string.Join(", ", needed)}");
        if (stays)
        {
            Assert.Equal("p4ss", settings.Transports[0].Smtp!.Password!.Reveal());
        }
        else
        {
            Assert.Equal([Password], needed);
            Assert.Same(KeptSecrets.Marker, settings.Transports[0].Smtp!.Password);
        }
    }

    /// <summary>From one way to another, with the password staying or not.</summary>
    [Theory]
    [InlineData("""{ "port": 465, "security": "auto" }""", """{ "port": 465, "security": "implicitTls" }""", true)]
    [InlineData("""{ "port": 465, "security": "auto" }""", """{ "port": 465, "security": "startTls" }""", true)]
    [InlineData("""{ "port": 465, "security": "auto" }""", """{ "port": 465, "security": "startTlsIfOffered" }""", false)]
    [InlineData("""{ "port": 465, "security": "auto" }""", """{ "port": 587, "security": "auto" }""", false)]
    [InlineData("""{ "host": "localhost", "security": "startTls" }""", """{ "host": "localhost", "security": "auto" }""", true)]
    [InlineData("""{ "host": "localhost", "security": "auto" }""", """{ "host": "localhost", "security": "auto", "username": null }""", false)]
    [InlineData("""{ "host": "localhost", "security": "auto" }""", """{ "host": "127.0.0.1", "security": "auto" }""", false)]
    [InlineData("""{ "security": "none", "allowPlaintextAuth": true }""", """{ "security": "none", "allowPlaintextAuth": true }""", true)]
    [InlineData("""{ "security": "none", "allowPlaintextAuth": true }""", """{ "security": "startTlsIfOffered", "allowPlaintextAuth": true }""", true)]
    [InlineData("""{ "security": "startTlsIfOffered", "allowPlaintextAuth": true }""", """{ "security": "none", "allowPlaintextAuth": true }""", false)]
    [InlineData("""{ "security": "startTlsIfOffered" }""", """{ "security": "startTlsIfOffered", "allowPlaintextAuth": true }""", false)]
    [InlineData("""{ "minimumTls": "1.3" }""", """{ "minimumTls": "1.2" }""", false)]
    [InlineData("""{ "minimumTls": "1.3" }""", """{ "minimumTls": null }""", false)]
    [InlineData("""{ "auth": "scramSha256" }""", """{ "auth": "auto" }""", false)]
    [InlineData("""{ "auth": "scramSha256" }""", """{ "auth": "plain" }""", false)]
    [InlineData("""{ "auth": "scramSha256" }""", """{ "auth": "login" }""", false)]
    [InlineData("""{ "auth": "scramSha256" }""", """{ "auth": "cramMd5" }""", false)]
    [InlineData("""{ "auth": "scramSha256" }""", """{ "auth": "scramSha1" }""", false)]
    [InlineData("""{ "auth": "scramSha256" }""", """{ "auth": "ntlm" }""", false)]
    [InlineData("""{ "auth": "scramSha1" }""", """{ "auth": "ntlm" }""", false)]
    [InlineData("""{ "auth": "scramSha1" }""", """{ "auth": "scramSha256" }""", true)]
    [InlineData("""{ "auth": "cramMd5" }""", """{ "auth": "scramSha1" }""", true)]
    [InlineData("""{ "auth": "login" }""", """{ "auth": "plain" }""", true)]
    [InlineData("""{ "auth": "plain" }""", """{ "auth": "auto" }""", true)]
    [InlineData("""{ "auth": "none" }""", """{ "auth": "auto" }""", false)]
    [InlineData("""{ "auth": "none" }""", """{ "auth": "scramSha256" }""", false)]
    [InlineData("""{ "auth": "auto" }""", """{ "auth": "none" }""", true)]
    [InlineData("""{ "certificate": { "trust": "pinned", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } }""", """{}""", false)]
    [InlineData("""{ "certificate": { "trust": "pinned", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } }""", """{ "certificate": { "trust": "pinned", "sha256": "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } }""", false)]
    [InlineData("""{ "certificate": { "trust": "pinned", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } }""", """{ "certificate": { "trust": "pinned", "sha256": "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef" } }""", true)]
    public void A_password_does_not_stay_when_it_would_be_protected_less(string before, string now, bool stays)
    {
        var stored = Bodies.Stored(Bodies.Smtp(smtp => Apply(smtp, before)));
        var draft = Bodies.Sound(Bodies.Smtp(smtp =>
        {
            smtp.Remove("password");
            Apply(smtp, now);
        }));

        Assert.Equal(stays ? [] : [Password], KeptSecrets.Fill(draft, stored).Needed);
    }

    [Fact]
    public void An_authority_of_ones_own_is_part_of_what_a_password_was_saved_with()
    {
        var (one, two) = (TestCertificates.Shared.AuthorityPem, TestCertificates.Shared.SelfSigned.ChainPem);
        Assert.Empty(Needed(Trusting(one), Trusting(one)));
        Assert.Equal([Password], Needed(Trusting(one), Trusting(two)));
        Assert.Equal([Password], Needed(Trusting(one), Trusting(one + two)));
        Assert.Equal([Password], Needed(Trusting(one), _ => { }));

        static Action<JsonObject> Trusting(string pem) => smtp => smtp["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = pem };
    }

    [Theory]
    [InlineData("""{ "type": "http" }""", false)]
    [InlineData("""{ "host": "evil.example" }""", false)]
    [InlineData("""{ "port": 1081 }""", false)]
    [InlineData("""{ "username": "other" }""", false)]
    [InlineData("""{ "host": "PROXY.example" }""", true)]
    [InlineData("""{}""", true)]
    public void Neither_password_stays_behind_another_proxy(string change, bool stays)
    {
        var proxy = """{ "type": "socks5", "host": "proxy.example", "port": 1080, "username": "p", "password": "pp" }""";
        var stored = Bodies.Stored(Bodies.Smtp(smtp => smtp["proxy"] = JsonNode.Parse(proxy)));
        var draft = Bodies.Sound(Bodies.Smtp(smtp =>
        {
            smtp.Remove("password");
            var other = JsonNode.Parse(proxy)!.AsObject();
            other.Remove("password");
            Apply(other, change);
            smtp["proxy"] = other;
        }));

        var (settings, needed) = KeptSecrets.Fill(draft, stored);

        Assert.Equal(stays ? [] : [Password, "transports[id=primary].smtp.proxy.password"], needed);
        if (stays)
        {
            Assert.Equal("pp", settings.Transports[0].Smtp!.Proxy!.Password!.Reveal());
        }
    }

    [Fact]
    public void A_proxy_taken_away_needs_the_password_again_because_the_way_is_another() =>
        Assert.Equal([Password], Needed(smtp => smtp["proxy"] = new JsonObject { ["type"] = "socks5", ["host"] = "proxy.example", ["port"] = 1080 }, _ => { }));

    [Fact]
    public void A_client_key_stays_only_with_its_certificate_and_relay()
    {
        var client = TestCertificates.Shared.Client;
        var stored = Bodies.Stored(Bodies.Smtp(smtp => smtp["certificate"] = new JsonObject { ["clientCertificate"] = client.ChainPem, ["clientKey"] = client.KeyPem }));

        Assert.Empty(KeptSecrets.Fill(Draft(client.ChainPem, "smtp.example.com"), stored).Needed);
        Assert.Equal([Password, "transports[id=primary].smtp.certificate.clientKey"], KeptSecrets.Fill(Draft(client.ChainPem, "evil.example"), stored).Needed);
        Assert.Contains("transports[id=primary].smtp.certificate.clientKey", KeptSecrets.Fill(Draft(TestCertificates.Shared.Server.ChainPem, "smtp.example.com"), stored).Needed);

        static MailSettings Draft(string certificate, string host) => Bodies.Sound(Bodies.Smtp(smtp =>
        {
            smtp.Remove("password");
            smtp["host"] = host;
            smtp["certificate"] = new JsonObject { ["clientCertificate"] = certificate };
        }));
    }

    [Fact]
    public void An_empty_string_clears_and_asks_for_nothing()
    {
        var stored = Bodies.Stored(Bodies.Smtp());
        var draft = Bodies.Sound(Bodies.Smtp(smtp =>
        {
            smtp["password"] = "";
            smtp["host"] = "elsewhere.example";
        }));

        var (settings, needed) = KeptSecrets.Fill(draft, stored);

        Assert.Empty(needed);
        Assert.Null(settings.Transports[0].Smtp!.Password);
    }

    [Fact]
    public void A_password_that_is_typed_goes_anywhere()
    {
        var (settings, needed) = KeptSecrets.Fill(Bodies.Sound(Bodies.Smtp(smtp => smtp["host"] = "elsewhere.example")), Bodies.Sound(Bodies.Smtp(smtp => smtp["password"] = "old")));

        Assert.Empty(needed);
        Assert.Equal("p4ss", settings.Transports[0].Smtp!.Password!.Reveal());
    }

    [Fact]
    public void A_password_that_is_the_word_for_kept_is_a_password()
    {
        var stored = Bodies.Stored(Bodies.Smtp());
        var (settings, _) = KeptSecrets.Fill(Bodies.Sound(Bodies.Smtp(smtp => smtp["password"] = "kept")), stored);

        Assert.Equal("kept", settings.Transports[0].Smtp!.Password!.Reveal());
    }

    [Fact]
    public void A_transport_with_the_id_of_another_relay_gets_nothing_of_it()
    {
        var stored = Bodies.Stored(Bodies.Smtp());
        var without = Bodies.Sound(new JsonObject());
        var (deleted, _) = KeptSecrets.Fill(without, stored);
        var again = Bodies.Sound(Bodies.Smtp(smtp => smtp.Remove("password")));

        // Deleted and made again: there is nothing left to keep.
        Assert.Null(KeptSecrets.Fill(again, deleted).Settings.Transports[0].Smtp!.Password);

        // Two transports that exchange their ids.
        var two = Two("a", "one.example", "b", "two.example", "p");
        var exchanged = Two("b", "one.example", "a", "two.example", null);
        Assert.Equal(["transports[id=b].smtp.password", "transports[id=a].smtp.password"], KeptSecrets.Fill(exchanged, two).Needed);

        static MailSettings Two(string firstId, string firstHost, string secondId, string secondHost, string? password) => Bodies.Sound(new JsonObject
        {
            ["transports"] = new JsonArray(One(firstId, firstHost, password), One(secondId, secondHost, password)),
        });

        static JsonObject One(string id, string host, string? password) => new()
        {
            ["id"] = id,
            ["mode"] = "smtp",
            ["smtp"] = new JsonObject { ["host"] = host, ["username"] = "u", ["password"] = password },
        };
    }

    [Fact]
    public void Transports_may_be_put_into_another_order()
    {
        var stored = Bodies.Full();
        var draft = Bodies.Full();
        var transports = draft["transports"]!.AsArray();
        var first = transports[0]!;
        transports.RemoveAt(0);
        transports.Add(first);
        first["smtp"]!.AsObject().Remove("password");
        first["smtp"]!["proxy"]!.AsObject().Remove("password");

        var (settings, needed) = KeptSecrets.Fill(Bodies.Sound(draft), Bodies.Stored(stored));

        Assert.Empty(needed);
        Assert.Equal("p4ss", settings.Transport("primary")!.Smtp!.Password!.Reveal());
    }

    [Fact]
    public void A_draft_that_needs_one_secret_again_gets_none()
    {
        var stored = Bodies.Full();
        var draft = Bodies.Full();
        var smtp = draft["transports"]![0]!["smtp"]!.AsObject();
        smtp.Remove("password");
        smtp["port"] = 2525;
        smtp["proxy"]!.AsObject().Remove("password");

        var (settings, needed) = KeptSecrets.Fill(Bodies.Sound(draft), Bodies.Stored(stored));

        Assert.Equal([Password], needed);
        Assert.Same(KeptSecrets.Marker, settings.Transports[0].Smtp!.Proxy!.Password);
    }

    [Fact]
    public void A_problem_names_the_field_below_the_draft_and_does_not_show_the_secret()
    {
        using var draft = System.Text.Json.JsonDocument.Parse(Bodies.Smtp(smtp =>
        {
            smtp.Remove("password");
            smtp["host"] = "evil.example";
        }).ToJsonString());

        var (settings, problem) = SettingsDraft.Read(draft.RootElement, new(1, null, null, Bodies.Sound(Bodies.Smtp())), "settings.");

        Assert.Null(settings);
        Assert.Equal("password-needed", problem!.Type.Slug);
        Assert.Equal([$"settings.{Password}"], problem.Errors!.Keys);
        Assert.DoesNotContain("p4ss", problem.ToJson("", MailPlugin.Http.Language.English).ToJsonString(), StringComparison.Ordinal);
    }

    static IReadOnlyList<string> Needed(Action<JsonObject> before, Action<JsonObject> now) => KeptSecrets.Fill(
        Bodies.Sound(Bodies.Smtp(smtp =>
        {
            smtp.Remove("password");
            now(smtp);
        })),
        Bodies.Stored(Bodies.Smtp(before))).Needed;

    static void Apply(JsonObject target, string change)
    {
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            target[name] = value?.DeepClone();
        }
    }
}
