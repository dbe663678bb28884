using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Faults;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

/// <summary>
/// A host as it looks after a morning's work: several ways out, with passwords and with tokens, mail that left, waits and failed, edited templates, keys, suppressions. One for a class whose tests look
/// around and leave things as they are.
/// </summary>
public sealed class Office : IAsyncLifetime
{
    readonly TokenServer provider = new() { RefreshLifetime = TimeSpan.FromDays(3) };
    readonly TokenServer asking = new() { AsksPerson = true };
    readonly TokenRelay tokens;
    SmtpSink relay = null!;
    HostileRelay refusing = null!;
    string? cookie;

    public Office() => tokens = new(provider.Gave);

    internal MailHost Host { get; private set; } = null!;

    /// <summary>Id of a message that was sent.</summary>
    public string Sent { get; private set; } = "";

    /// <summary>Id of a message that a relay refused.</summary>
    public string Failed { get; private set; } = "";

    /// <summary>Id of the transcript of a test that went well.</summary>
    public string Transcript { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (Requirement.Missing(Server.SmtpSink) is not null)
        {
            return;
        }

        relay = await SmtpSink.StartAsync();
        refusing = new(new(RelayStage.Rcpt, RelayAct.Reply, "550 5.7.1 Service unavailable; client host [192.0.2.7] blocked using zen.example; see https://zen.example/q"));
        Host = await MailHost.StartAsync();
        await FurnishAsync(Host);
    }

    public async Task DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
            await relay.DisposeAsync();
            await refusing.DisposeAsync();
        }

        await tokens.DisposeAsync();
        await provider.DisposeAsync();
        await asking.DisposeAsync();
    }

    internal async Task<string> SignInAsync() => cookie ??= await Host.SignInAsync();

    async Task FurnishAsync(MailHost host)
    {
        await SavedAsync(host, Drafts.With(Drafts.Smtp(relay.Port, host: "127.0.0.1")));
        var settings = Drafts.With(
            Drafts.Smtp(relay.Port, host: "127.0.0.1"),
            Drafts.Smtp(refusing.Port, id: "backup", host: "127.0.0.1"),
            Program("php", "PHP of this host", new() { ["path"] = "/usr/bin/php" }),
            Program("sendmail", "Sendmail of this host", new() { ["path"] = "/usr/sbin/sendmail" }),
            Program("qmail", "qmail", new() { ["path"] = "/var/qmail/bin/sendmail" }),
            Program("capture", "Caught for the staging site", new() { ["allowRecipients"] = new JsonArray("qa@test.example") }),
            Drafts.Tokens(provider, tokens.Port, "authorizationCode", id: "redirect"),
            Drafts.Tokens(asking, tokens.Port, "deviceCode", id: "device"),
            Drafts.Tokens(provider, tokens.Port, "clientCredentials", oauth => oauth["clientSecret"] = "wrong", id: "application"));
        settings["subjectPrefix"] = "[Example]";
        await SavedAsync(host, settings);
        await host.SendAsync(HttpMethod.Put, "suppressions/gone@test.example", new JsonObject { ["reason"] = "left the company" });
        await host.PostAsync("keys", new JsonObject { ["name"] = "shop", ["scopes"] = new JsonArray("send"), ["from"] = new JsonArray("shop@sender.example"), ["ratePerMinute"] = 60 });
        await host.SendAsync(HttpMethod.Put, "templates/test?locale=en", new JsonObject { ["subject"] = "Mail works, {{name}}", ["html"] = "<p>Hello {{name}}</p>", ["text"] = "Hello {{name}}" }, request => request.Headers.IfMatch.Add(new("\"0\"")));
        Sent = await SubmitAsync(host, "anna.lindqvist@customer.example", "Your order 4711 is on its way", "primary", "shop");
        Failed = await SubmitAsync(host, "press@newspaper.example", "Quarterly report", "backup", "reports");
        await SubmitAsync(host, "qa@test.example", "周报：本周进展与下周计划", "primary", "wiki");
        await SubmitAsync(host, "a.very.long.address.of.somebody@department.of.a.company.with.a.long.name.example", "A subject that is longer than any list has room for, so that it shows how the page goes about it when there is more", "primary", "crm");
        await SubmitAsync(host, "staging@test.example", "Caught, not sent", "capture", "staging");
        await SubmitAsync(host, "gone@test.example", "To an address that is suppressed", "primary", "crm");
        Transcript = (await host.PostAsync("test", new JsonObject { ["transport"] = "primary" }))["transcriptId"]!;
        await host.PostAsync("test", new JsonObject { ["transport"] = "backup" });
        await SignInAsync(host, "redirect");
        Assert.Equal(424, (await host.PostAsync("test", new JsonObject { ["transport"] = "application" })).Status);
        await host.UntilStatusIsAsync(Sent, "sent");
        await Eventually.SeeAsync(async () => (await host.GetAsync($"messages/{Failed}")).Json["attempts"]!.AsArray().Count > 0, "an attempt");
    }

    /// <summary>To the provider, which asks nobody, and back.</summary>
    static async Task SignInAsync(MailHost host, string transport)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(TestCertificates.Shared.Authority);
        using var browser = new HttpClient(handler);
        using var begin = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Process.Address, $"api/mail/oauth/{transport}/authorize"));
        begin.Headers.Authorization = new("Bearer", host.Key);
        using var begun = await browser.SendAsync(begin);
        using var consent = await browser.GetAsync(new Uri(JsonNode.Parse(await begun.Content.ReadAsStringAsync())!["url"]!.GetValue<string>()));
        using var back = new HttpRequestMessage(HttpMethod.Get, consent.Headers.Location);
        back.Headers.Add("Cookie", begun.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var there = await browser.SendAsync(back);
        Assert.Equal("True", (await host.GetAsync($"oauth/{transport}"))["signedIn"], ignoreCase: true);
    }

    static JsonObject Program(string mode, string name, JsonObject block) => new() { ["id"] = mode, ["name"] = name, ["mode"] = mode, [mode] = block };

    static async Task SavedAsync(MailHost host, JsonObject settings)
    {
        var saved = await host.SaveAsync(settings);
        Assert.True(saved.Status == 200, saved.Text);
    }

    static async Task<string> SubmitAsync(MailHost host, string to, string subject, string transport, string source)
    {
        var answer = await host.PostAsync("messages", new JsonObject
        {
            ["to"] = new JsonArray(new JsonObject { ["address"] = to }),
            ["subject"] = subject,
            ["text"] = "Hello,\n\nyour order 4711 has left our warehouse.\n",
            ["html"] = "<h1 style=\"color:#2457d6\">On its way</h1><p>Your order <strong>4711</strong> has left our warehouse.</p>",
            ["attachments"] = new JsonArray(new JsonObject { ["name"] = "invoice-4711.pdf", ["contentType"] = "application/pdf", ["content"] = Convert.ToBase64String("%PDF-1.4"u8) }),
            ["transport"] = transport,
            ["source"] = source,
        });
        Assert.True(answer.Status == 202, answer.Text);
        return answer["id"]!;
    }
}
