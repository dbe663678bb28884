using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>The main job with real parts: the built host, the real plugin, a real Postfix.</summary>
public sealed class PostfixTests(PostfixBed bed) : PostfixTest(bed)
{
    const string Canary = PostfixBed.Password;

    static readonly TimeSpan Delivery = TimeSpan.FromSeconds(15);

    [ServerTheory(Server.Postfix)]
    [InlineData("plain")]
    [InlineData("login")]
    [InlineData("auto")]
    public async Task A_test_mail_arrives_by_STARTTLS_and_a_login(string auth)
    {
        await Host.SaveAsync(Drafts.With(Drafts.Submission(Postfix, change: smtp => smtp["auth"] = auth)));

        var answer = await Host.PostAsync("test", new JsonObject());

        Assert.True(answer.Status == 200, answer.Text);
        Assert.StartsWith("250 ", answer["reply"], StringComparison.Ordinal);
        Assert.StartsWith("TLS 1.3", answer["tls"], StringComparison.Ordinal);
        var mail = Assert.Single(await Postfix.ReadMessagesAsync(1, Delivery));
        Assert.Equal("admin@test.example", mail.OriginalTo);
        Assert.Equal("no-reply@sender.example", mail.ReturnPath.Trim('<', '>'));
        Assert.Contains("Subject: Test email", mail.Text, StringComparison.Ordinal);
        Assert.Contains("From: Sender <no-reply@sender.example>", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"Message-ID: {answer["messageId"]}", mail.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("outgoing mail works with these settings", mail.Text, StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task TB_5_A_draft_is_tested_without_being_saved()
    {
        var before = (await Host.GetAsync("settings"))["version"];

        var answer = await Host.PostAsync("test", new JsonObject { ["to"] = "someone@test.example", ["settings"] = Drafts.With(Drafts.Submission(Postfix)) });

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(before, (await Host.GetAsync("settings"))["version"]);
        Assert.Equal("someone@test.example", Assert.Single(await Postfix.ReadMessagesAsync(1, Delivery)).OriginalTo);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_password_is_found_nowhere()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Submission(Postfix)));
        await Host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["enabled"] = true, ["content"] = "full" });
        var sent = await Host.PostAsync("test", new JsonObject());
        var refused = await Host.PostAsync("test", new JsonObject { ["settings"] = Drafts.With(Drafts.Submission(Postfix, password: Canary + "-wrong")) });
        Assert.Equal((200, 424), (sent.Status, refused.Status));
        await Postfix.ReadMessagesAsync(1, Delivery);

        var answers = new List<string> { sent.Text, refused.Text, Host.Process.Output };
        foreach (var path in (string[])["settings", "transcripts", $"transcripts/{sent["transcriptId"]}", $"transcripts/{refused["transcriptId"]}", "logs", "messages", $"messages/{sent["id"]}", "audit", "keys"])
        {
            var answer = await Host.GetAsync(path);
            Assert.True(answer.Status == 200, $"{path}: {answer.Text}");
            answers.Add(answer.Text);
        }

        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0user\0{Canary}"));
        Assert.All(answers, text => Assert.DoesNotContain(Canary, text, StringComparison.Ordinal));
        Assert.All(answers, text => Assert.DoesNotContain(encoded, text, StringComparison.Ordinal));
        Assert.Empty(Host.FilesThatContain(Canary));
        Assert.Empty(Host.FilesThatContain(encoded));
    }

    [ServerFact(Server.Postfix)]
    public async Task OC_13_A_transcript_shows_the_dialogue_and_survives_a_restart()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Submission(Postfix)));
        var sent = await Host.PostAsync("test", new JsonObject());

        await Host.RestartAsync();

        var text = await Host.SendAsync(HttpMethod.Get, $"transcripts/{sent["transcriptId"]}", null, request => request.Headers.Accept.ParseAdd("text/plain"));
        Assert.Contains("S: 220 ", text.Text, StringComparison.Ordinal);
        Assert.Contains("C: EHLO ", text.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("EHLO localhost", text.Text, StringComparison.Ordinal);
        Assert.Contains("C: STARTTLS", text.Text, StringComparison.Ordinal);
        Assert.Contains("S: 235 ", text.Text, StringComparison.Ordinal);
        Assert.Contains("C: MAIL FROM:<no-reply@sender.example>", text.Text, StringComparison.Ordinal);
        Assert.Equal("localhost", (await Host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["host"]!.GetValue<string>());
        Assert.Equal("sent", (await Host.GetAsync($"messages/{sent["id"]}"))["status"]);
        Assert.Equal(200, (await Host.PostAsync("test", new JsonObject())).Status);
        await Postfix.ReadMessagesAsync(2, Delivery);
    }

    [ServerFact(Server.Postfix)]
    public async Task DCE_12_A_wrong_password_is_told_as_such()
    {
        var answer = await TestAsync(Drafts.Submission(Postfix, password: "wrong"));

        Refused(answer, "login-failed", "auth", "login-refused");
        Assert.StartsWith("535 ", answer["reply"], StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_certificate_for_another_name_is_told_and_pinning_it_is_offered_and_works()
    {
        await using var other = await PostfixServer.StartAsync(new() { Password = Canary, Certificate = TestCertificates.Shared.WrongName });
        var draft = Drafts.With(Drafts.Submission(other));

        var answer = await Host.PostAsync("test", new JsonObject { ["settings"] = draft.DeepClone() });

        Refused(answer, "tls-failed", "tls", "certificate-name");
        Assert.Equal("transports[id=primary].smtp.certificate", answer.Json["fix"]!["path"]!.GetValue<string>());
        draft["transports"]![0]!["smtp"]!["certificate"] = answer.Json["fix"]!["value"]!.DeepClone();
        var cured = await Host.PostAsync("test", new JsonObject { ["settings"] = draft });
        Assert.True(cured.Status == 200, cured.Text);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_recipient_that_the_relay_does_not_know_is_told_with_its_words()
    {
        var answer = await Host.PostAsync("test", new JsonObject { ["to"] = "nobody@test.example", ["settings"] = Drafts.With(Drafts.Submission(Postfix)) });

        Refused(answer, "relay-refused", "rcpt", "recipient-unknown");
        Assert.Contains("5.1.1", answer["reply"], StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_TLS_port_spoken_to_in_plain_text_is_recognised_and_the_fix_works()
    {
        var transport = Drafts.Submission(Postfix, change: smtp => (smtp["port"], smtp["security"]) = (Postfix.TlsPort, "startTls"));

        var answer = await TestAsync(transport);

        Refused(answer, "tls-failed", "greeting", "tls-expected");
        Assert.Equal("implicitTls", answer.Json["fix"]!["value"]!["security"]!.GetValue<string>());
        transport["smtp"]!["security"] = "implicitTls";
        Assert.Equal(200, (await TestAsync(transport)).Status);
        await Postfix.ReadMessagesAsync(1, Delivery);
    }

    [ServerFact(Server.Postfix)]
    public async Task A_plain_port_spoken_to_in_TLS_is_recognised()
    {
        var answer = await TestAsync(Drafts.Submission(Postfix, change: smtp => smtp["security"] = "implicitTls"));

        Refused(answer, "tls-failed", "tls", "plain-text-expected");
    }

    [ServerFact(Server.Postfix)]
    public async Task Debians_own_Postfix_works_with_the_values_of_the_local_preset()
    {
        await using var local = await PostfixServer.StartAsync(new() { DebianDefault = true });

        var answer = await TestAsync(Drafts.Smtp(local.Port, host: "127.0.0.1"));

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Single(await local.ReadMessagesAsync(1, Delivery));
    }

    [ServerFact(Server.Postfix)]
    public async Task A_password_does_not_go_over_a_connection_that_anybody_could_read()
    {
        var answer = await TestAsync(Drafts.Submission(Postfix, change: smtp => (smtp["port"], smtp["security"]) = (Postfix.Port, "startTlsIfOffered")));

        Refused(answer, "login-failed", "auth", "plaintext-auth-not-allowed");
    }

    [Fact]
    public async Task W9_16_A_closed_port_is_told_at_once()
    {
        using var port = new ClosedPort();

        Refused(await TestAsync(Drafts.Smtp(port.Port)), "relay-unreachable", "connect", "connection-refused");
    }

    [Fact]
    public async Task A_silent_port_is_told_within_its_timeout()
    {
        await using var silent = new SilentPort();

        var answer = await TestAsync(Drafts.Smtp(silent.Port, smtp => smtp["timeoutSeconds"] = 1));

        Refused(answer, "relay-timeout", "greeting", "greeting-timeout");
    }

    [Fact]
    public async Task A_name_without_an_address_is_told()
    {
        var answer = await TestAsync(Drafts.Smtp(25, host: "nowhere.invalid"));

        Refused(answer, "relay-unreachable", "resolve", "name-not-resolved");
    }

    [Fact]
    public async Task U_15_A_metadata_address_is_never_connected_to()
    {
        var answer = await TestAsync(Drafts.Smtp(80, host: "169.254.169.254"));

        Assert.Equal((403, "destination-not-allowed"), (answer.Status, answer.Slug));
    }

    Task<Answer> TestAsync(JsonObject transport) => Host.PostAsync("test", new JsonObject { ["settings"] = Drafts.With((JsonObject)transport.DeepClone()) });

    static void Refused(Answer answer, string slug, string stage, string cause)
    {
        Assert.True(answer.Status == 424, answer.Text);
        Assert.Equal((slug, stage, cause), (answer.Slug, answer["stage"], answer.Json["cause"]!["id"]!.GetValue<string>()));
        Assert.NotEmpty(answer.Json["advice"]!.AsArray());
        Assert.NotNull(answer["transcriptId"]);
    }
}
