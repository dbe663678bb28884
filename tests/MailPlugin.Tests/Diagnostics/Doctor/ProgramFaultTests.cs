using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>Programs of this host: looked at, spoken with, and never given a message.</summary>
public sealed class ProgramFaultTests(Drill drill) : IClassFixture<Drill>
{
    [Theory]
    [InlineData("missing", "program-missing")]
    [InlineData("folder", "program-is-folder")]
    [InlineData("no rights", "program-not-executable")]
    [InlineData("no interpreter", "program-no-interpreter")]
    [InlineData("text", "program-not-a-program")]
    public async Task A_path_that_leads_to_no_program(string kind, string cause)
    {
        using var folder = new TempFolder();
        var path = Make(folder, kind);

        await drill.RunAsync(Bodies.Program("sendmail", "pipe", path), cause);
        await drill.RunAsync(Bodies.Program("qmail", "", path), cause);
        Assert.Equal(cause, (await drill.DiagnoseAsync(Bodies.Program("php", "", path))).Cause);
    }

    [ServerFact(Server.SmallDisk)]
    public async Task A_program_on_a_disk_from_which_nothing_may_be_run()
    {
        await using var disk = await SmallDisk.MountAsync(1);
        var path = Path.Combine(disk.Path, "sendmail");
        await File.WriteAllTextAsync(path, "#!/bin/sh\n");
        Executable(path);
        await disk.ForbidProgramsAsync();

        await drill.RunAsync(Bodies.Program("sendmail", "pipe", path), "program-not-permitted");
    }

    [ServerFact(Server.Postfix)]
    public async Task Postfix_says_its_version_and_where_it_hands_mail_on()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Parameters = new Dictionary<string, string> { ["relayhost"] = "[relay.example]:587" } });
        using var folder = new TempFolder();
        var path = Script(folder, "exit 1");
        Executable(folder.Write("postconf", $"#!/bin/sh\nexec /usr/sbin/postconf -c '{postfix.ConfigurationFolder}' \"$@\"\n"));

        var finding = await drill.DiagnoseAsync(Bodies.Program("sendmail", "pipe", path));

        Assert.Equal("none", finding.Cause);
        var said = Assert.Single(finding.Of("program"), step => step["target"]!.GetValue<string>().EndsWith("/postconf settings", StringComparison.Ordinal))["detail"]!.GetValue<string>();
        Assert.Matches("^mail_version = 3\\.", said);
        Assert.EndsWith("relayhost = [relay.example]:587", said, StringComparison.Ordinal);
    }

    [ServerFact(Server.Postfix)]
    public async Task Postfix_whose_settings_cannot_be_read()
    {
        using var folder = new TempFolder();
        var path = Script(folder, "exec /usr/sbin/sendmail -C /nonexistent \"$@\"");

        // Its own words are the same in both styles; what takes a message is not run by the doctor.
        var finding = await drill.RunAsync(Bodies.Program("sendmail", "smtp", path), "program-busy");
        await drill.RunAsync(Bodies.Program("sendmail", "pipe", path), "none", inTest: "program-busy");
        Assert.Contains(finding.Steps, step => step["detail"]!.GetValue<string>().Contains("open /nonexistent/main.cf", StringComparison.Ordinal));

        Executable(folder.Write("postconf", "#!/bin/sh\nexec /usr/sbin/postconf -c /nonexistent \"$@\"\n"));
        await drill.RunAsync(Bodies.Program("sendmail", "pipe", path), "program-failed", inTest: "program-busy");
    }

    [ServerFact(Server.Postfix)]
    public async Task Postfixs_own_program_is_asked_for_sender_and_recipient_and_sends_nothing()
    {
        await using var postfix = await PostfixServer.StartAsync();
        using var folder = new TempFolder();
        var path = Script(folder, $"exec /usr/sbin/sendmail -C '{postfix.ConfigurationFolder}' \"$@\"");

        var finding = await drill.RunAsync(Bodies.Program("sendmail", "smtp", path), "none", inTest: "");

        Assert.Equal("high", finding.Confidence);
        Assert.Contains(finding.Of("rcpt"), step => step["outcome"]!.GetValue<string>() == "ok");

        // The test's mail alone.
        Assert.Single(await postfix.ReadMessagesAsync(1, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_program_that_does_not_know_the_conversation()
    {
        using var folder = new TempFolder();

        await drill.RunAsync(Bodies.Program("sendmail", "smtp", Script(folder, "exit 0")), "program-broke-off");
    }

    [Fact]
    public async Task A_program_that_is_told_only_with_a_message_is_not_run()
    {
        using var folder = new TempFolder();
        var path = Script(folder, $"echo ran >'{folder.Of("ran")}'; cat >/dev/null");

        var finding = await drill.DiagnoseAsync(Bodies.Program("sendmail", "pipe", path));

        Assert.Equal(("none", "medium"), (finding.Cause, finding.Confidence));
        Assert.False(File.Exists(folder.Of("ran")));
    }

    [ServerFact(Server.Msmtp)]
    public async Task Msmtp_without_a_configuration()
    {
        using var folder = new TempFolder();
        var path = folder.Of("sendmail");
        File.CreateSymbolicLink(path, "/usr/bin/msmtp");

        var finding = await drill.RunAsync(Bodies.Program("sendmail", "pipe", path), "program-set-wrong");

        Assert.Contains(finding.Of("program"), step => step["detail"]!.GetValue<string>().StartsWith("msmtp version", StringComparison.Ordinal));
    }

    [ServerFact(Server.Msmtp)]
    public async Task Msmtp_whose_relay_is_down_is_the_tests_alone()
    {
        using var closed = new ClosedPort();
        using var msmtp = SendmailWrapper.Msmtp(closed.Port);

        await drill.RunAsync(Bodies.Program("sendmail", "pipe", msmtp.Path), "none", inTest: "program-busy");
    }

    [Theory]
    [InlineData("kill -9 $$", "program-killed")]
    [InlineData("echo 'no such user' >&2; exit 67", "program-refused")]
    [InlineData("echo 'unknown option' >&2; exit 64", "program-set-wrong")]
    [InlineData("echo 'what?' >&2; exit 9", "program-failed")]
    public async Task A_program_that_ends_in_the_conversation(string end, string cause)
    {
        using var folder = new TempFolder();

        await drill.RunAsync(Bodies.Program("sendmail", "smtp", Script(folder, end)), cause);
    }

    [Fact]
    public async Task A_program_that_never_ends()
    {
        using var folder = new TempFolder();
        var draft = Bodies.Program("sendmail", "smtp", Script(folder, "exec sleep 600"));
        draft["transports"]![0]!["sendmail"]!["timeoutSeconds"] = 2;

        await drill.RunAsync(draft, "program-timeout", waits: true);
    }

    [ServerFact(Server.Python)]
    public async Task Qmail_whose_queue_cannot_be_had_is_the_tests_alone()
    {
        using var closed = new ClosedPort();
        using var qmail = new QmailStandIn(closed.Port);

        await drill.RunAsync(Bodies.Program("qmail", "", qmail.Path), "none", inTest: "program-busy");
    }

    [Fact]
    public async Task Qmail_is_known_by_its_name()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Of("bin"));
        Directory.CreateDirectory(folder.Of("control"));
        var draft = Bodies.Program("qmail", "", Executable(folder.Write("bin/sendmail", "#!/bin/sh\n")));

        Assert.Contains((await drill.DiagnoseAsync(draft)).Of("program"), step => step["outcome"]!.GetValue<string>() == "warning");
        folder.Write("control/me", "mail.example\n");
        Assert.Contains((await drill.DiagnoseAsync(draft)).Of("program"), step => step["detail"]!.GetValue<string>().Contains("mail.example", StringComparison.Ordinal));
    }

    [ServerFact(Server.Php)]
    public async Task PHP_whose_mail_program_is_missing()
    {
        using var ini = PhpIni.With("/nonexistent/sendmail");
        var draft = Bodies.Program("php", "", "/usr/bin/php");
        draft["transports"]![0]!["php"]!["iniFile"] = ini.Path;

        await drill.RunAsync(draft, "program-missing");
    }

    [ServerFact(Server.Php)]
    public async Task What_is_mended_in_php_ini_is_seen_by_the_next_diagnosis()
    {
        using var folder = new TempFolder();
        var draft = Bodies.Program("php", "", "/usr/bin/php");
        draft["transports"]![0]!["php"]!["iniFile"] = folder.Write("php.ini", "disable_functions = mail\n");
        Assert.Equal("php-mail-disabled", (await drill.DiagnoseAsync(draft)).Cause);

        folder.Write("php.ini", $"sendmail_path = \"{Script(folder, "cat >/dev/null")}\"\n");
        await drill.RunAsync(draft, "none", inTest: "");
    }

    [ServerFact(Server.Php)]
    public async Task PHP_says_what_it_is_and_how_it_would_send()
    {
        var finding = await drill.DiagnoseAsync(Bodies.Program("php", "", "/usr/bin/php"));

        Assert.Contains(finding.Of("program"), step => step["target"]!.GetValue<string>() == "php" && step["detail"]!.GetValue<string>().StartsWith("PHP ", StringComparison.Ordinal));
    }

    [ServerFact(Server.Php)]
    public async Task PHP_whose_mail_function_is_switched_off()
    {
        using var folder = new TempFolder();
        var draft = Bodies.Program("php", "", "/usr/bin/php");
        draft["transports"]![0]!["php"]!["iniFile"] = folder.Write("php.ini", "disable_functions = mail\n");

        await drill.RunAsync(draft, "php-mail-disabled");
    }

    [Fact]
    public async Task A_program_that_is_no_PHP() => Assert.Equal("php-not-php", (await drill.DiagnoseAsync(Bodies.Program("php", "", "/bin/true"))).Cause);

    [Fact]
    public async Task Capture_has_nobody_to_reach()
    {
        var draft = Bodies.Program("sendmail", "pipe");
        draft["transports"] = new JsonArray(new JsonObject { ["id"] = "primary", ["mode"] = "capture" });

        await drill.RunAsync(draft, "none", inTest: "");
    }

    static string Make(TempFolder folder, string kind) => kind switch
    {
        "missing" => folder.Of("nothing"),
        "folder" => folder.Path,
        "no rights" => folder.Write("data", "#!/bin/sh\n"),
        "no interpreter" => Executable(folder.Write("script", "#!/nonexistent/sh\n")),
        _ => Executable(folder.Write("text", "not a program\n")),
    };

    static string Script(TempFolder folder, string body) => Executable(folder.Write("sendmail", $"#!/bin/sh\n{body}\n"));

    static string Executable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }

        return path;
    }
}
