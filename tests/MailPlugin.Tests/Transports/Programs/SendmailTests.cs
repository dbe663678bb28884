using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>Mode sendmail as a caller sees it, with stand-ins that write down how they were called.</summary>
public sealed class SendmailTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_is_piped_with_line_feeds_alone_and_its_envelope_is_in_the_arguments()
    {
        using var program = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path));
        var message = ModeHost.Message("a@reader.example", "b@reader.example");
        message["bcc"] = new JsonArray(new JsonObject { ["address"] = "hidden@reader.example" });

        var sent = await host.WaitAsync(await host.SubmitAsync(message), "sent");

        var run = Assert.Single(program.Runs);
        Assert.Equal(["-i", "-f", "sender@sender.example", "--", "a@reader.example", "b@reader.example", "hidden@reader.example"], run.Arguments);
        Assert.DoesNotContain('\r', run.Text);
        Assert.EndsWith("\n\nfirst\n=2E\n=2E.two\nlast\n", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Text, StringComparison.Ordinal);

        // Nothing of the host's configuration; its value may name this project's temporary folder.
        Assert.DoesNotContain(run.Environment.Split('\n'), line => line.StartsWith("MailPlugin", StringComparison.OrdinalIgnoreCase) || line.StartsWith("DOTNET", StringComparison.Ordinal));
        Assert.Equal(("accepted", "exit code 0", "t1"), (Text(sent, "attempts", 0, "outcome"), Text(sent, "attempts", 0, "reply"), Text(sent, "attempts", 0, "transport")));
    }

    [Theory]
    [InlineData("-oQ/tmp@sender.example", null)]
    [InlineData("\"a b\"@sender.example", "\"a b\"@sender.example")]
    [InlineData("\"a'b\\\"c\"@sender.example", "\"a'b\\\"c\"@sender.example")]
    [InlineData("$(id)`id`@sender.example", null)]
    [InlineData("a|b&c=d@sender.example", "a|b&c=d@sender.example")]
    public async Task A_strange_sender_is_one_argument_or_none(string sender, string? argument)
    {
        using var program = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path));
        var message = ModeHost.Message("a@reader.example");
        message["envelopeFrom"] = sender;
        var answer = await host.Host.PostAsync("messages", message);
        if (answer.Status == 400)
        {
            // What is no address does not get this far.
            Assert.Null(argument);
            return;
        }

        var ended = await host.WaitAsync(answer["id"]!, "sent", "failed");

        if (argument is null)
        {
            Assert.Equal("failed", Text(ended, "status"));
            Assert.Contains("for an option", Text(ended, "recipients", 0, "reply"), StringComparison.Ordinal);
            Assert.Empty(program.Runs);
        }
        else
        {
            Assert.Equal(["-i", "-f", argument, "--", "a@reader.example"], Assert.Single(program.Runs).Arguments);
        }
    }

    [Theory]
    [InlineData("a@sender.example\n-oQ/tmp")]
    [InlineData("a@sender.example -oQ/tmp")]
    [InlineData("a\0@sender.example")]
    public async Task A_sender_that_is_none_is_refused_at_submission(string sender)
    {
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail("/usr/sbin/sendmail"));
        var message = ModeHost.Message("a@reader.example");
        message["envelopeFrom"] = sender;

        Assert.Equal("invalid-message", (await host.Host.PostAsync("messages", message)).Slug);
    }

    [Fact]
    public async Task A_recipient_that_could_be_an_option_is_refused_and_the_others_are_served()
    {
        using var program = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path));

        var ended = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("-bd@reader.example", "b@reader.example")), "partial");

        Assert.Equal(["-i", "-f", "sender@sender.example", "--", "b@reader.example"], Assert.Single(program.Runs).Arguments);
        Assert.Equal(("failed", "accepted"), (Text(ended, "recipients", 0, "state"), Text(ended, "recipients", 1, "state")));
    }

    [Fact]
    public async Task The_null_sender_is_written_with_its_brackets()
    {
        using var program = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path));
        var message = ModeHost.Message("a@reader.example");
        message["envelopeFrom"] = "";

        var id = await host.SubmitAsync(message);
        await host.WaitAsync(id, "sent");

        Assert.Equal(["-i", "-f", "<>", "--", "a@reader.example"], Assert.Single(program.Runs).Arguments);
    }

    [Fact]
    public async Task One_that_is_refused_for_good_does_not_stop_the_others()
    {
        // Like msmtp: one exit code for all, and nobody gets the message when one is refused.
        using var program = new RecordingSendmail(after: """case "$*" in *nobody@*) echo "550 5.1.1 no such user" >&2; exit 65;; esac; exit 0""");
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path));

        var ended = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example", "nobody@reader.example", "c@reader.example")), "partial");

        Assert.Equal(["accepted", "failed", "accepted"], ended["recipients"]!.AsArray().Select(recipient => recipient!["state"]!.GetValue<string>()));
        Assert.Contains("550 5.1.1 no such user", Text(ended, "recipients", 1, "reply"), StringComparison.Ordinal);
        Assert.Equal(4, program.Runs.Count);
    }

    [Theory]
    [InlineData("exit 1", "program-failed", 1)]
    [InlineData("echo 'queue file write error' >&2; exit 75", "program-busy", 75)]
    [InlineData("exit 67", "program-refused", 67)]
    [InlineData("exit 78", "program-set-wrong", 78)]
    [InlineData("kill -9 $$", "program-killed", null)]
    [InlineData("sleep 100", "program-timeout", null)]
    public async Task A_test_says_how_the_program_failed(string after, string cause, int? exitCode)
    {
        using var program = new RecordingSendmail(after: after);
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(program.Path, timeoutSeconds: 2));

        var answer = await host.TestAsync();

        Assert.Equal((424, "program-failed", "program", cause, exitCode), (answer.Status, answer.Slug, answer["stage"], answer.Json["cause"]!["id"]!.GetValue<string>(), answer.Json["exitCode"]?.GetValue<int>()));
        Assert.Equal(after.Contains("echo", StringComparison.Ordinal) ? "queue file write error" : "", answer["stderr"]);
        Assert.NotEmpty(answer.Json["advice"]!.AsArray());
        var lines = answer.Json["transcript"]!.AsArray().Select(line => line!["text"]!.GetValue<string>()).ToList();
        Assert.StartsWith($"Running {program.Path} -i -f sender@sender.example -- admin@reader.example", lines[0], StringComparison.Ordinal);
        Assert.Matches("after [0-9]+ ms$", lines[^1]);
    }

    [Fact]
    public async Task A_test_says_what_is_wrong_with_the_path()
    {
        Directory.CreateDirectory(_folder.Of("folder"));
        foreach (var (path, cause) in new[]
                 {
                     (_folder.Of("nothing"), "program-missing"),
                     (_folder.Of("folder"), "program-is-folder"),
                     (_folder.Write("text", "x"), "program-not-executable"),
                     (Script.WriteRaw(_folder, "junk", "junk"), "program-not-a-program"),
                     (Script.WriteRaw(_folder, "orphan", "#!/no/such\n"), "program-no-interpreter"),
                     (Script.Write(_folder, "true", "exit 0"), "program-read-nothing"),
                 })
        {
            await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(path));

            var answer = await host.TestAsync();

            Assert.Equal((424, "program-failed", cause), (answer.Status, answer.Slug, answer.Json["cause"]!["id"]!.GetValue<string>()));
            Assert.Contains(path, answer.Json["cause"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_three_ways_the_first_two_of_which_are_dead_the_third_delivers()
    {
        using var program = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(ModeHost.Smtp(FreePort.Next()), ModeHost.Sendmail(_folder.Of("nothing")), ModeHost.Qmail(program.Path));

        var ended = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example")), "sent");

        Assert.Equal(["t1", "t2", "t3"], ended["attempts"]!.AsArray().Select(attempt => attempt!["transport"]!.GetValue<string>()));
        Assert.Equal(["-i", "-f", "sender@sender.example", "--", "a@reader.example"], Assert.Single(program.Runs).Arguments);
    }

    [Theory]
    [InlineData("sendmail", "-i")]
    [InlineData("qmail-inject", "-a")]
    public async Task Qmail_has_its_own_arguments_and_exit_codes(string name, string option)
    {
        using var program = new RecordingSendmail(name, after: """case "$*" in *gone@*) echo "qmail-inject: fatal: unable to parse this line" >&2; exit 100;; *later@*) exit 111;; esac; exit 0""");

        // Where sendmail is not installed its neighbour qmail-inject is taken.
        await using var host = await ModeHost.StartAsync(ModeHost.Qmail(Path.Combine(Path.GetDirectoryName(program.Path)!, "sendmail")));
        var message = ModeHost.Message("a@reader.example");
        message["envelopeFrom"] = "";

        await host.WaitAsync(await host.SubmitAsync(message), "sent");
        var gone = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("gone@reader.example")), "failed");
        await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("later@reader.example")), "deferred");

        Assert.Equal([option, "-f", "", "--", "a@reader.example"], program.Runs[0].Arguments);
        Assert.DoesNotContain('\r', program.Runs[0].Text);
        Assert.Equal("exit code 100 (qmail: permanent): qmail-inject: fatal: unable to parse this line", Text(gone, "recipients", 0, "reply"));
    }

    static string? Text(JsonObject json, params object[] path) =>
        path.Aggregate((JsonNode?)json, (node, step) => step is int index ? node![index] : node![(string)step])?.ToString();
}
