using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;
using MailPlugin.Tests.Settings.Transfer;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>
/// What the documents show, pasted as it stands, saved and sent with, each mode by its real program. What is changed in the draft before it is saved is what whoever pastes a sample changes too:
/// which server, which password, which program.
/// </summary>
public sealed class PastedAndSentTests
{
    const string Password = "c4nary-p4ste-77aa";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [ServerFact(Server.Postfix, Server.Php, Server.Python)]
    public async Task OC_12_ownClouds_four_sample_blocks_are_pasted_and_send()
    {
        await using var postfix = await PostfixServer.StartAsync();
        await using var host = await PluginHost.StartAsync();
        using var dead = new ClosedPort();
        using var sendmail = SendmailWrapper.Postfix(postfix);
        using var ini = PhpIni.With(sendmail.Path);
        using var qmail = new QmailStandIn(postfix.Port);

        var smtp = await PasteAsync(host, Pasted.OwncloudSmtp, draft =>
        {
            Assert.Equal([("smtp-1.server.dom", 25), ("smtp-2.server.dom", 425)], draft["transports"]!.AsArray().Select(transport => (transport!["smtp"]!["host"]!.ToString(), (int)transport["smtp"]!["port"]!)));
            Point(draft, 0, dead.Port);
            Point(draft, 1, postfix.Port);
        });
        var byRelay = await SendsAsync(host, postfix, "relay@reader.example");
        Assert.Equal(Ids(smtp), byRelay["attempts"]!.AsArray().Select(attempt => attempt!["transport"]!.ToString()));

        await PasteAsync(host, Pasted.OwncloudProgram("php"), draft => Block(draft, "php")["iniFile"] = ini.Path);
        await SendsAsync(host, postfix, "php@reader.example");
        Assert.Equal("-t -i -fsender@sender.example", Assert.Single(sendmail.Calls));

        await PasteAsync(host, Pasted.OwncloudProgram("sendmail"), draft => Change(Block(draft, "sendmail"), "/usr/sbin/sendmail", sendmail.Path));
        await SendsAsync(host, postfix, "sendmail@reader.example");
        Assert.Equal("-i -f sender@sender.example -- sendmail@reader.example", sendmail.Calls[1]);

        await PasteAsync(host, Pasted.OwncloudProgram("qmail"), draft => Change(Block(draft, "qmail"), "/var/qmail/bin/sendmail", qmail.Path));
        await SendsAsync(host, postfix, "qmail@reader.example");
        Assert.Equal("-i -f sender@sender.example -- qmail@reader.example", Assert.Single(qmail.Calls));
    }

    [ServerFact(Server.Postfix)]
    public async Task OC_11_ownClouds_login_is_pasted_and_sends()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { UserName = "username", Password = Password });
        await using var host = await PluginHost.StartAsync();

        await PasteAsync(host, Pasted.OwncloudLogin, draft => Point(draft, 0, postfix.TlsPort, Password));

        await SendsAsync(host, postfix, "someone@reader.example");
    }

    [ServerFact(Server.Postfix)]
    public async Task HB_6_HyperBDRs_table_is_pasted_and_sends()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { UserName = "no-reply@oneprocloud.com", Password = Password });
        await using var host = await PluginHost.StartAsync();

        await PasteAsync(host, Pasted.Hyperbdr, draft =>
        {
            // Its password is stars, so that the one of the account has to be typed.
            Assert.Equal(("smtp.qq.com", 465, null), (Block(draft, "smtp")["host"]!.ToString(), (int)Block(draft, "smtp")["port"]!, Block(draft, "smtp")["password"]));
            Point(draft, 0, postfix.TlsPort, Password);
        });

        await SendsAsync(host, postfix, "someone@reader.example", "no-reply@oneprocloud.com", "HyperBDR Pasted");
    }

    [ServerFact(Server.Postfix)]
    public async Task DCE_3_DCEs_table_is_pasted_and_sends()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { UserName = "test@163.com", Password = "123456" });
        await using var host = await PluginHost.StartAsync();

        await PasteAsync(host, Pasted.Dce, draft =>
        {
            Assert.Equal(("smtp.163.com", 25, "123456"), (Block(draft, "smtp")["host"]!.ToString(), (int)Block(draft, "smtp")["port"]!, Block(draft, "smtp")["password"]!.ToString()));
            Point(draft, 0, postfix.Port);
        });

        await SendsAsync(host, postfix, "someone@reader.example", "test@163.com");
    }

    /// <summary>Imports, changes and saves; gives what is in force then.</summary>
    static async Task<JsonObject> PasteAsync(PluginHost host, string text, Action<JsonObject> change)
    {
        var imported = await host.PostAsync("settings/import", new JsonObject { ["text"] = text });
        Assert.True(imported.Status == 200, imported.Text);
        TheDocument.Answers.Check("POST", "/settings/import", 200, imported.Text);
        var draft = imported.Json["settings"]!.AsObject();
        change(draft);
        draft["from"] ??= new JsonObject { ["address"] = "sender@sender.example" };
        var saved = await host.SaveAsync(draft);
        Assert.True(saved.Status == 200, saved.Text);
        return saved.Json;
    }

    /// <summary>Submits one message, and finds it in the mailbox.</summary>
    static async Task<JsonObject> SendsAsync(PluginHost host, PostfixServer postfix, string to, string from = "sender@sender.example", string subject = "Pasted")
    {
        var accepted = await host.PostAsync("messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = to }), ["subject"] = "Pasted", ["text"] = "first\nlast\n" });
        Assert.True(accepted.Status == 202, accepted.Text);
        var mail = Assert.Single(await postfix.ReadMessagesAsync(1, Patience));
        Assert.Equal((to, from), (mail.OriginalTo, mail.ReturnPath));
        Assert.Contains($"\r\nSubject: {subject}\r\n", mail.Text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nfirst\r\nlast\r\n", mail.Text, StringComparison.Ordinal);
        postfix.Mailbox.Clear();
        return (await Eventually.SeeAsync(() => host.GetAsync($"messages/{accepted["id"]}"), answer => answer["status"] == "sent", "it is sent")).Json;
    }

    /// <summary>Another server than the sample's, in the place of it.</summary>
    static void Point(JsonObject draft, int transport, int port, string? password = null)
    {
        var smtp = draft["transports"]![transport]!["smtp"]!.AsObject();
        (smtp["host"], smtp["port"]) = ("localhost", port);
        smtp["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem };
        if (password is not null)
        {
            smtp["password"] = password;
        }
    }

    static void Change(JsonObject block, string path, string other)
    {
        Assert.Equal(path, block["path"]!.ToString());
        block["path"] = other;
    }

    static JsonObject Block(JsonObject draft, string mode)
    {
        var transport = Assert.Single(draft["transports"]!.AsArray())!;
        Assert.Equal(mode, transport["mode"]!.ToString());
        return transport[mode]!.AsObject();
    }

    static IEnumerable<string> Ids(JsonObject settings) => settings["transports"]!.AsArray().Select(transport => transport!["id"]!.ToString());
}
