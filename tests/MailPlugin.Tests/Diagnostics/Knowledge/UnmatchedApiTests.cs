using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Diagnostics.Knowledge;

/// <summary>By a real relay that refuses in words of our choice.</summary>
public sealed class UnmatchedApiTests
{
    [Fact]
    public async Task A_test_that_is_refused_in_known_words_says_what_they_mean()
    {
        await using var relay = Refusing("553 Mail from must equal authorized user");
        await using var host = await PluginHost.StartAsync();

        var answer = await host.PostAsync("test", Draft(relay.Port));

        Assert.Equal("relay-refused", answer.Slug);
        Assert.Equal("sender-not-allowed", answer.Json["cause"]!["id"]!.GetValue<string>());
        Assert.Equal("you", answer.Json["cause"]!["who"]!.GetValue<string>());
        Assert.Contains("NetEase", answer.Json["cause"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(answer.Json["advice"]!.AsArray());
        Assert.Empty((await host.GetAsync("knowledge/unmatched")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task A_refusal_in_unknown_words_is_counted_without_the_person_it_names()
    {
        await using var relay = Refusing("550 5.7.1 <jane.roe@example.org> Jane Roe is on hold, ticket 4711");
        await using var host = await PluginHost.StartAsync();

        await host.PostAsync("test", Draft(relay.Port));
        await host.PostAsync("test", Draft(relay.Port));
        var answer = await Eventually.SeeAsync(
            () => host.GetAsync("knowledge/unmatched"), answer => answer.Json["items"]!.AsArray().Sum(item => item!["count"]!.GetValue<int>()) == 2, "two counted");

        var row = Assert.Single(answer.Json["items"]!.AsArray())!;
        Assert.Equal("550 5.7.1 … is on hold …", row["reply"]!.GetValue<string>());
        Assert.Equal("primary", row["transport"]!.GetValue<string>());
        Assert.DoesNotContain("jane", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(200, (await host.GetAsync($"messages/{row["message"]}")).Status);
        Assert.Equal(403, (await host.GetAsync("knowledge/unmatched", await host.NewKeyAsync("read"))).Status);
    }

    [Fact]
    public async Task Mail_that_is_refused_tells_in_words_why_and_what_nobody_knows_is_counted()
    {
        var words = "550 5.7.1 we are in a bad mood today";
        await using var relay = new RecordingSmtpServer { Answer = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? Volatile.Read(ref words) : null };
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Draft(relay.Port)["settings"]!);

        var unknown = await SubmitAsync(host, "one@example.org");
        Assert.Null((await AttemptAsync(host, unknown))["cause"]);
        await Eventually.SeeAsync(() => host.GetAsync("knowledge/unmatched"), answer => answer.Json["items"]!.AsArray().Count == 1, "one kind counted");

        Volatile.Write(ref words, "550 5.1.1 The email account that you tried to reach does not exist. Please try");
        var known = await AttemptAsync(host, await SubmitAsync(host, "two@example.org"));
        Assert.Equal("recipient-unknown", known["cause"]!["id"]!.GetValue<string>());
        Assert.NotEmpty(known["advice"]!.AsArray());
        Assert.Single((await host.GetAsync("knowledge/unmatched")).Json["items"]!.AsArray());
    }

    static async Task<string> SubmitAsync(PluginHost host, string to) => (await host.PostAsync("messages", new JsonObject
    {
        ["from"] = new JsonObject { ["address"] = "app@example.com" },
        ["to"] = new JsonArray(new JsonObject { ["address"] = to }),
        ["subject"] = "Hi",
        ["text"] = "Hi",
    })).Json["id"]!.GetValue<string>();

    static async Task<JsonNode> AttemptAsync(PluginHost host, string id) => (await Eventually.SeeAsync(
        () => host.GetAsync($"messages/{id}"), answer => answer.Json["status"]!.GetValue<string>() == "failed", "refused")).Json["attempts"]![0]!;

    static RecordingSmtpServer Refusing(string reply) => new() { Answer = command => command.StartsWith("MAIL", StringComparison.Ordinal) ? reply : null };

    static JsonObject Draft(int port) => new()
    {
        ["to"] = "jane.roe@example.org",
        ["settings"] = Bodies.Smtp(smtp =>
        {
            smtp["host"] = "127.0.0.1";
            smtp["port"] = port;
            smtp["security"] = "none";
            smtp.Remove("username");
            smtp.Remove("password");
        }),
    };
}
