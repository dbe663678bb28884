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
