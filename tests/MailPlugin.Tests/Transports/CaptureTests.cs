using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Transports.Programs;

namespace MailPlugin.Tests.Transports;

/// <summary>Mode capture: what stays, what is let through, what goes to somebody else.</summary>
public sealed class CaptureTests
{
    [Fact]
    public async Task A_captured_message_is_kept_shown_and_not_sent()
    {
        using var next = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(Capture(), ModeHost.Sendmail(next.Path));

        var id = await host.SubmitAsync(ModeHost.Message("a@reader.example", "b@reader.example"));
        var kept = await host.WaitAsync(id, "captured");

        Assert.Equal(["captured", "captured"], States(kept));
        Assert.Equal(("captured", "t1"), (kept["attempts"]![0]!["outcome"]!.GetValue<string>(), kept["attempts"]![0]!["transport"]!.GetValue<string>()));
        Assert.Contains("first", (await host.Host.GetAsync($"messages/{id}/content")).Text, StringComparison.Ordinal);
        Assert.Single((await host.Host.GetAsync("messages?status=captured")).Json["items"]!.AsArray());
        Assert.Empty(next.Runs);
    }

    [Fact]
    public async Task Who_is_let_through_gets_mail_by_the_next_transport_with_its_From()
    {
        using var next = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(Capture(["allowed@reader.example"]), ModeHost.Sendmail(next.Path));
        var settings = ModeHost.Settings(Capture(["allowed@reader.example"]), ModeHost.Sendmail(next.Path));
        settings["transports"]![1]!["from"] = new JsonObject { ["address"] = "next@sender.example" };
        await host.Host.SaveAsync(settings);

        var ended = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example", "Allowed@Reader.example")), "sent");

        Assert.Equal(["captured", "accepted"], States(ended));
        var run = Assert.Single(next.Runs);
        Assert.Equal(["-i", "-f", "next@sender.example", "--", "Allowed@reader.example"], run.Arguments);
        Assert.Contains("From: next@sender.example\n", run.Text, StringComparison.Ordinal);
        Assert.Equal("passed on by t1", ended["attempts"]![1]!["why"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_redirected_goes_to_one_address_and_says_whom_it_was_for()
    {
        using var next = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(Capture(["allowed@reader.example"], "dev@team.example"), ModeHost.Sendmail(next.Path));
        var message = ModeHost.Message("a@reader.example", "allowed@reader.example");
        message["bcc"] = new JsonArray(new JsonObject { ["address"] = "\"c d\"@reader.example" });

        var ended = await host.WaitAsync(await host.SubmitAsync(message), "sent");

        Assert.Equal(["captured", "accepted", "captured"], States(ended));
        Assert.Equal("redirected to dev@team.example: exit code 0", ended["recipients"]![0]!["reply"]!.GetValue<string>());
        Assert.Equal(2, next.Runs.Count);
        var (through, redirected) = (next.Runs.Single(run => run.Arguments[^1] == "allowed@reader.example"), next.Runs.Single(run => run.Arguments[^1] == "dev@team.example"));
        Assert.DoesNotContain("X-Original-To", through.Text, StringComparison.Ordinal);
        Assert.Contains("X-Original-To: a@reader.example, \"c d\"@reader.example\n", redirected.Text, StringComparison.Ordinal);
        Assert.Equal(5, redirected.Arguments.Count);
    }

    [Fact]
    public async Task A_redirect_that_is_refused_suppresses_nobody()
    {
        await using var relay = new RecordingSmtpServer { Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null };
        await using var host = await ModeHost.StartAsync(Capture([], "dev@team.example"), ModeHost.Smtp(relay.Port));

        var ended = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example", "b@reader.example")), "failed");

        Assert.Equal("redirected to dev@team.example: 550 5.1.1 no such user", ended["recipients"]![1]!["reply"]!.GetValue<string>());
        Assert.Empty((await host.Host.GetAsync("suppressions")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task Where_nothing_follows_it_waits_and_saving_said_so()
    {
        await using var host = await ModeHost.StartAsync(Capture(["allowed@reader.example"]));

        var waiting = await host.WaitAsync(await host.SubmitAsync(ModeHost.Message("a@reader.example", "allowed@reader.example")), "deferred");

        Assert.Equal(["captured", "deferred"], States(waiting));
        Assert.Equal("no transport behind t1 can be used now", waiting["recipients"]![1]!["reply"]!.GetValue<string>());
        Assert.Equal("transports[id=t1].capture", (await host.Host.GetAsync("settings")).Json["warnings"]![0]!["path"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_message_that_names_it_is_captured_wherever_it_stands_and_lets_through_to_those_behind()
    {
        using var first = new RecordingSendmail();
        using var last = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(ModeHost.Sendmail(first.Path), Capture(["allowed@reader.example"]), ModeHost.Sendmail(last.Path));
        var message = ModeHost.Message("a@reader.example", "allowed@reader.example");
        message["transport"] = "t2";

        Assert.Equal(["captured", "accepted"], States(await host.WaitAsync(await host.SubmitAsync(message), "sent")));

        Assert.Empty(first.Runs);
        Assert.Single(last.Runs);
    }

    [Fact]
    public async Task A_test_captures_lets_through_or_redirects_as_mail_would()
    {
        using var next = new RecordingSendmail();
        await using var host = await ModeHost.StartAsync(Capture(["allowed@reader.example"]), ModeHost.Sendmail(next.Path));

        var kept = await host.TestAsync("a@reader.example", "t1");
        var through = await host.TestAsync("allowed@reader.example", "t1");
        await host.SaveAsync(Capture([], "dev@team.example"), ModeHost.Sendmail(next.Path));
        var redirected = await host.TestAsync("a@reader.example", "t1");
        await host.SaveAsync(Capture([], "dev@team.example"));
        var nobody = await host.TestAsync("a@reader.example", "t1");

        Assert.Equal((200, "captured: kept and not sent"), (kept.Status, kept["reply"]));
        Assert.Equal((200, "exit code 0"), (through.Status, through["reply"]));
        Assert.Equal(200, redirected.Status);
        Assert.Equal((422, "no-transport"), (nobody.Status, nobody.Slug));
        Assert.Equal(["allowed@reader.example", "dev@team.example"], next.Runs.Select(run => run.Arguments[^1]));
        Assert.Contains("X-Original-To: a@reader.example\n", next.Runs[1].Text, StringComparison.Ordinal);
        Assert.Equal("captured", (await host.Host.GetAsync($"messages/{redirected["id"]}"))["status"]);
    }

    static (string, JsonObject) Capture(string[]? allow = null, string? redirectTo = null) =>
        ("capture", new() { ["allowRecipients"] = new JsonArray([.. (allow ?? []).Select(address => JsonValue.Create(address))]), ["redirectTo"] = redirectTo });

    static IEnumerable<string> States(JsonObject message) => message["recipients"]!.AsArray().Select(recipient => recipient!["state"]!.GetValue<string>());
}
