using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>Mode php with the real PHP, and behind it stand-ins, Postfix's sendmail and msmtp.</summary>
public sealed class PhpTests : IDisposable
{
    const string PhpPath = "/usr/bin/php";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ServerTheory(Server.Php)]
    [InlineData("")]
    [InlineData("mail.mixed_lf_and_crlf = On")]
    public async Task The_program_behind_PHP_gets_one_To_one_Subject_and_one_kind_of_line_end(string setting)
    {
        using var program = new RecordingSendmail();
        using var ini = PhpIni.With(program.Path, setting);
        await using var host = await ModeHost.StartAsync(Php(ini.Path));
        var message = ModeHost.Message("a@reader.example");
        message["to"]![0]!["name"] = "Ä, a";
        message["cc"] = new JsonArray(new JsonObject { ["address"] = "c@reader.example" });
        message["bcc"] = new JsonArray(new JsonObject { ["address"] = "hidden@reader.example" });
        message["headers"] = new JsonObject { ["X-Ticket"] = string.Join(' ', Enumerable.Repeat("forty-two", 30)) };

        var sent = await host.WaitAsync(await host.SubmitAsync(message), "sent");

        var run = Assert.Single(program.Runs);
        Assert.Equal(["-t", "-i", "-fsender@sender.example"], run.Arguments);
        Assert.Equal(setting.Length > 0, !run.Text.Contains('\r', StringComparison.Ordinal));
        var text = run.Text.Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Assert.Equal(setting.Length > 0 ? 0 : text.Count(letter => letter == '\n'), run.Text.Count(letter => letter == '\r'));
        var (header, body) = (text[..text.IndexOf("\n\n", StringComparison.Ordinal)].Replace("\n ", " ", StringComparison.Ordinal).Split('\n'), text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]);
        Assert.Equal("To: =?utf-8?B?w4QsIGE=?= <a@reader.example>", Assert.Single(header, line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase)));
        Assert.Single(header, line => line.StartsWith("Subject:", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("Cc: c@reader.example", Assert.Single(header, line => line.StartsWith("Cc:", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("Bcc: hidden@reader.example", Assert.Single(header, line => line.StartsWith("Bcc:", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains($"Message-ID: {sent["messageId"]}", header);
        Assert.Equal("first\n=2E\n=2E.two\nlast\n", body);
        Assert.All(sent["recipients"]!.AsArray(), recipient => Assert.Equal("accepted", recipient!["state"]!.GetValue<string>()));
    }

    [ServerFact(Server.Php, Server.Postfix)]
    public async Task Through_Postfix_Bcc_arrives_and_is_in_no_delivered_header()
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Postfix(postfix);
        using var ini = PhpIni.With(program.Path);
        await using var host = await ModeHost.StartAsync(Php(ini.Path));
        var message = ModeHost.Message("a@reader.example", "b@reader.example");
        message["bcc"] = new JsonArray(new JsonObject { ["address"] = "hidden@reader.example" });
        message["envelopeFrom"] = "bounce+1=x@sender.example";
        message["html"] = "<p>Grüße</p>";
        message["attachments"] = new JsonArray(new JsonObject { ["name"] = "a.bin", ["contentType"] = "application/octet-stream", ["content"] = Convert.ToBase64String(new byte[300_000]) });

        await host.WaitAsync(await host.SubmitAsync(message), "sent");

        var received = await postfix.ReadMessagesAsync(3, Patience);
        Assert.Equal(["a@reader.example", "b@reader.example", "hidden@reader.example"], received.Select(one => one.OriginalTo).Order(StringComparer.Ordinal));
        foreach (var one in received)
        {
            Assert.Equal("bounce+1=x@sender.example", one.ReturnPath);
            Assert.DoesNotContain("hidden", one.Text, StringComparison.Ordinal);
            var header = one.Text[..one.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
            Assert.Single(header, line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase));
            Assert.Single(header, line => line.StartsWith("Subject:", StringComparison.OrdinalIgnoreCase));
            Assert.Single(header, line => line.StartsWith("From:", StringComparison.OrdinalIgnoreCase));
            Assert.Single(header, line => line.StartsWith("Date:", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(400_000, one.Text.Split("\r\n").Where(line => line.Length > 8 && line.Trim('A').Length == 0).Sum(line => line.Length));
        }
    }

    [ServerFact(Server.Php, Server.Postfix, Server.Msmtp)]
    public async Task Through_msmtp_a_retry_for_one_of_two_does_not_mail_the_other()
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var program = SendmailWrapper.Msmtp(postfix.Port);
        using var ini = PhpIni.With(program.Path);

        // The relay serves one of two, and says "later" of the other.
        await using var relay = new RecordingSmtpServer { Answer = line => line.Contains("RCPT TO:<b@", StringComparison.Ordinal) ? "451 4.3.0 later" : null };
        await using var host = await ModeHost.StartAsync(ModeHost.Smtp(relay.Port));
        var id = await host.SubmitAsync(ModeHost.Message("a@reader.example", "b@reader.example"));
        await host.WaitAsync(id, "deferred");
        await host.SaveAsync(Php(ini.Path));
        await host.Host.PostAsync($"messages/{id}/retry", new JsonObject());

        var sent = await host.WaitAsync(id, "sent");

        Assert.Equal(2, sent["attempts"]!.AsArray().Count);
        var received = Assert.Single(await postfix.ReadMessagesAsync(1, Patience));
        Assert.Equal("b@reader.example", received.OriginalTo);
        Assert.Contains("To: b@reader.example\r\n", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a@reader.example", received.Text, StringComparison.Ordinal);
    }

    [ServerFact(Server.Php, Server.Msmtp)]
    public async Task A_program_that_fails_is_false_and_its_words_are_kept()
    {
        using var program = SendmailWrapper.Msmtp(FreePort.Next());
        using var ini = PhpIni.With(program.Path);
        await using var host = await ModeHost.StartAsync(Php(ini.Path));

        var answer = await host.TestAsync();
        var waiting = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example")), "deferred");

        Assert.Equal((424, "program-failed", "program", "php-mail-failed"), (answer.Status, answer.Slug, answer["stage"], answer.Json["cause"]!["id"]!.GetValue<string>()));
        Assert.Contains("cannot connect to 127.0.0.1", answer["stderr"], StringComparison.Ordinal);
        Assert.Contains("cannot connect to 127.0.0.1", waiting["attempts"]![0]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [ServerFact(Server.Php)]
    public async Task Each_thing_that_is_wrong_with_PHP_has_a_cause_of_its_own()
    {
        using var missing = PhpIni.With("/no/such/sendmail");
        using var failing = PhpIni.With("/bin/false");
        using var disabled = new PhpIni("disable_functions = mail");
        foreach (var (php, ini, cause) in new[]
                 {
                     (_folder.Of("php"), missing.Path, "program-missing"),
                     (PhpPath, missing.Path, "program-missing"),
                     (PhpPath, failing.Path, "php-mail-failed"),
                     (PhpPath, disabled.Path, "php-mail-disabled"),
                     (Script.Write(_folder, "cat", "cat"), missing.Path, "php-not-php"),
                     (Script.Write(_folder, "broken", "cat >/dev/null; echo 'Parse error' >&2; exit 255"), missing.Path, "program-failed"),
                 })
        {
            await using var host = await ModeHost.StartAsync(Php(ini, php));

            var answer = await host.TestAsync();

            Assert.Equal((424, "program-failed", cause), (answer.Status, answer.Slug, answer.Json["cause"]!["id"]!.GetValue<string>()));
        }
    }

    [ServerFact(Server.Php)]
    public async Task A_sender_that_a_shell_could_misread_goes_no_further()
    {
        using var program = new RecordingSendmail();
        using var ini = PhpIni.With(program.Path);
        await using var host = await ModeHost.StartAsync(Php(ini.Path));
        var message = ModeHost.Message("a@reader.example");
        message["envelopeFrom"] = "\"a\\\" -X/tmp/log \"@sender.example";

        var ended = await host.WaitAsync(await host.SubmitAsync(message), "failed");

        Assert.Empty(program.Runs);
        Assert.Contains("not safe", ended["recipients"]![0]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [ServerFact(Server.Php)]
    public async Task The_null_sender_gets_through_the_shell()
    {
        using var program = new RecordingSendmail();
        using var ini = PhpIni.With(program.Path);
        await using var host = await ModeHost.StartAsync(Php(ini.Path));
        var message = ModeHost.Message("a@reader.example");
        message["envelopeFrom"] = "";

        await host.WaitAsync(await host.SubmitAsync(message), "sent");

        Assert.Equal(["-t", "-i", "-f<>"], Assert.Single(program.Runs).Arguments);
    }

    [ServerFact(Server.Php)]
    public async Task PHP_rules_by_its_ini_and_the_transports_say_which()
    {
        using var program = new RecordingSendmail();
        using var ini = PhpIni.With(program.Path, "mail.force_extra_parameters = \"-fforced@sender.example\"", "mail.add_x_header = On");
        using var disabled = new PhpIni("disable_functions = mail");
        await using var host = await ModeHost.StartAsync(Php(ini.Path), Php(disabled.Path), Php(null, _folder.Of("php")), ModeHost.Sendmail(program.Path));

        var state = await host.Host.GetAsync("transports");
        await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example")), "sent");

        TheDocument.Answers.Check("GET", "/transports", 200, state.Text);
        var php = state.Json["items"]!.AsArray().Select(item => item!["php"]).ToList();
        Assert.Matches(@"^[78]\.\d+\.\d+", php[0]!["version"]!.GetValue<string>());
        Assert.Equal(($"{program.Path} -t -i", ini.Path, null), (php[0]!["sendmailPath"]!.GetValue<string>(), php[0]!["iniFile"]!.GetValue<string>(), php[0]!["problem"]?.GetValue<string>()));
        Assert.Contains("disable_functions", php[1]!["problem"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((null, $"there is no program at {_folder.Of("php")}"), (php[2]!["version"]?.GetValue<string>(), php[2]!["problem"]!.GetValue<string>()));
        Assert.Null(php[3]);
        var run = Assert.Single(program.Runs);
        Assert.Equal(["-t", "-i", "-fforced@sender.example"], run.Arguments);
        Assert.Contains("X-PHP-Originating-Script:", run.Text, StringComparison.Ordinal);
    }

    [ServerFact(Server.Php)]
    public async Task A_domain_with_a_key_is_warned_that_PHP_does_not_sign_and_nothing_is_signed()
    {
        using var program = new RecordingSendmail();
        using var ini = PhpIni.With(program.Path);
        await using var host = await ModeHost.StartAsync(Php(ini.Path));
        var settings = ModeHost.Settings(Php(ini.Path));
        using var key = System.Security.Cryptography.RSA.Create(2048);
        settings["dkim"] = new JsonArray(new JsonObject { ["domain"] = "sender.example", ["selector"] = "s1", ["privateKey"] = key.ExportPkcs8PrivateKeyPem() });

        var saved = await host.Host.SaveAsync(settings);
        await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example")), "sent");

        Assert.Contains(saved.Json["warnings"]!.AsArray(), warning => warning!["path"]!.GetValue<string>() == "transports[id=t1].php");
        Assert.DoesNotContain("DKIM-Signature", Assert.Single(program.Runs).Text, StringComparison.OrdinalIgnoreCase);
    }

    [ServerFact(Server.Php)]
    public async Task A_message_that_was_cut_off_on_its_way_into_PHP_is_not_sent()
    {
        using var program = new RecordingSendmail();
        using var ini = PhpIni.With(program.Path);
        var cut = Script.Write(_folder, "php", $"head -c 200 | exec {PhpPath} \"$@\"");
        await using var host = await ModeHost.StartAsync(Php(ini.Path, cut));

        var answer = await host.TestAsync();

        Assert.Equal(424, answer.Status);
        Assert.Empty(program.Runs);
    }

    static (string, JsonObject) Php(string? ini, string path = PhpPath) => ("php", new() { ["path"] = path, ["iniFile"] = ini });
}
