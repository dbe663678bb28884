using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>What people paste becomes settings that send: import, save, submit, and the mail is in a real Postfix's mailbox.</summary>
public sealed class ImportAndSendTests(PostfixBed bed) : PostfixTest(bed)
{
    const string Password = PostfixBed.Password;

    static readonly TimeSpan Delivery = TimeSpan.FromSeconds(30);

    [ServerFact(Server.Postfix)]
    public async Task OC_8_ownClouds_list_of_servers_fails_over_to_the_second()
    {
        using var dead = new ClosedPort();

        await SendsAsync($"""
            <?php

              "mail_smtpmode"     => "smtp",
              "mail_smtphost"     => "127.0.0.1:{dead.Port};localhost",
              "mail_smtpport"     => {Postfix.Port},
              "mail_from_address" => "cloud",
              "mail_domain"       => "sender.example",
            """, "cloud@sender.example");
    }

    [ServerFact(Server.Postfix)]
    public async Task OC_11_ownClouds_SSL_and_login_send() => await SendsAsync($"""
        <?php

          "mail_smtpmode"     => "smtp",
          "mail_smtphost"     => "localhost:{Postfix.TlsPort}",
          "mail_smtptimeout"  => 30,
          "mail_smtpsecure"   => 'ssl',
          "mail_smtpauth"     => true,
          "mail_smtpauthtype" => "LOGIN",
          "mail_smtpname"     => "{Postfix.Options.UserName}",
          "mail_smtppassword" => "{Password}",
          "mail_from_address" => "cloud",
          "mail_domain"       => "sender.example",
        """, "cloud@sender.example");

    [ServerFact(Server.Postfix)]
    public async Task HB_6_HyperBDRs_table_sends() => await SendsAsync($"""
        | **Configuration Item**  | **Example Value**  | **Description** |
        | -------- | ----------- | ------------ |
        | Email Title Prefix   | HyperBDR                          | Before subjects.  |
        | SMTP Outbox | no-reply@sender.example        | The sender.                |
        | SMTP Username | {Postfix.Options.UserName}        | The login.             |
        | SMTP Password  | {Password}                  | Its password.               |
        | SMTP Server | localhost | The server. |
        | SMTP Port  | {Postfix.TlsPort}                               | Its port.  |
        | SMTP SSL | Enable                                | SSL.                 |
        | SMTP TLS | Disable                               | TLS.                |
        | Enable     | Enable                                | On or off.       |
        """, "no-reply@sender.example", "Subject: HyperBDR Imported");

    [ServerFact(Server.Postfix)]
    public async Task DCE_3_DCEs_table_sends() => await SendsAsync($"""
        | field | description | example value |
        | ----------------- | -------------------------------- ----------------------------- | ------------ |
        | SMTP server address | The server | localhost |
        | SMTP server port | Its port | {Postfix.SubmissionPort} |
        | Username | The login | {Postfix.Options.UserName} |
        | Password | Its password | {Password} |
        | Sender's email address | The sender | test@sender.example |
        | Use SSL secure connection | SSL | Disable |
        """, "test@sender.example");

    [ServerFact(Server.Postfix)]
    public async Task ThingsBoards_settings_send() => await SendsAsync($$"""
        { "key": "mail", "jsonValue": { "mailFrom": "Things <things@sender.example>", "smtpProtocol": "smtp", "smtpHost": "localhost", "smtpPort": "{{Postfix.SubmissionPort}}",
          "timeout": "10000", "enableTls": true, "username": "{{Postfix.Options.UserName}}", "password": "{{Password}}" } }
        """, "things@sender.example");

    [ServerFact(Server.Postfix)]
    public async Task Variables_and_an_address_send()
    {
        await SendsAsync($"MAIL_HOST=localhost\nMAIL_PORT={Postfix.SubmissionPort}\nMAIL_USERNAME={Postfix.Options.UserName}\nMAIL_PASSWORD=\"{Password}\"\nMAIL_ENCRYPTION=tls\nMAIL_FROM_ADDRESS=shop@sender.example", "shop@sender.example");
        Postfix.Mailbox.Clear();
        await SendsAsync($"smtps://{Postfix.Options.UserName}:{Password}@localhost:{Postfix.TlsPort}?from=url@sender.example", "url@sender.example");
    }

    async Task SendsAsync(string text, string from, string subject = "Subject: Imported")
    {
        var imported = await Host.PostAsync("settings/import", new JsonObject { ["text"] = text });
        Assert.True(imported.Status == 200, imported.Text);
        Assert.DoesNotContain(Password, imported.Json["warnings"]!.ToJsonString() + imported.Json["ignored"]!.ToJsonString(), StringComparison.Ordinal);
        var draft = imported.Json["settings"]!.AsObject();

        // The certificate of the test's own authority is the one thing that no text of this kind can bring.
        foreach (var transport in draft["transports"]!.AsArray())
        {
            transport!["smtp"]!["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem };
        }

        var saved = await Host.SaveAsync(draft);
        Assert.True(saved.Status == 200, saved.Text);
        var accepted = await Host.PostAsync("messages", new JsonObject
        {
            ["to"] = new JsonArray(new JsonObject { ["address"] = "someone@test.example" }),
            ["subject"] = "Imported",
            ["text"] = "It works.",
        });
        Assert.True(accepted.Status == 202, accepted.Text);

        var mail = Assert.Single(await Postfix.ReadMessagesAsync(1, Delivery));
        Assert.Equal(("someone@test.example", from), (mail.OriginalTo, mail.ReturnPath.Trim('<', '>')));
        Assert.Contains(subject, mail.Text, StringComparison.Ordinal);
    }
}
