using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

public sealed class SettingsApiTests : IAsyncLifetime
{
    const string Canary = "c4nary-p4ssword";

    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Before_the_first_save_the_version_is_0()
    {
        var answer = await _host.GetAsync("settings");

        Assert.Equal((200, "\"0\"", "0"), (answer.Status, answer.ETag, answer["version"]));
        Assert.Null(answer["updatedAt"]);
    }

    [Fact]
    public async Task Every_save_is_a_version_and_says_who_and_when()
    {
        for (var version = 1; version <= 3; version++)
        {
            var saved = await _host.PutAsync("settings", Bodies.Smtp(), $"\"{version - 1}\"");

            Assert.Equal((200, $"\"{version}\"", $"{version}", "key:first"), (saved.Status, saved.ETag, saved["version"], saved["updatedBy"]));
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", saved["updatedAt"]);
            Assert.Equal(saved.Text, (await _host.GetAsync("settings")).Text);
        }
    }

    [Fact]
    public async Task Without_If_Match_nothing_is_saved()
    {
        var answer = await _host.PutAsync("settings", Bodies.Smtp());

        Assert.Equal((428, "if-match-needed"), (answer.Status, answer.Slug));
        Assert.Equal("0", (await _host.GetAsync("settings"))["version"]);
    }

    [Fact]
    public async Task A_stale_version_gets_the_current_one_without_its_secrets()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));

        var answer = await _host.PutAsync("settings", new JsonObject(), "\"0\"");

        Assert.Equal((412, "stale-version"), (answer.Status, answer.Slug));
        Assert.Equal(1, answer.Json["current"]!["version"]!.GetValue<int>());
        Assert.True(answer.Json["current"]!["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
        Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
        Assert.Equal("1", (await _host.GetAsync("settings"))["version"]);
    }

    [Fact]
    public async Task Of_many_who_saw_the_same_version_one_saves()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => _host.PutAsync("settings", new JsonObject { ["subjectPrefix"] = $"[{number}]" }, "\"0\"")));

        var winner = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Except([winner]), answer => Assert.Equal((412, "stale-version"), (answer.Status, answer.Slug)));
        Assert.Equal(winner["subjectPrefix"], (await _host.GetAsync("settings"))["subjectPrefix"]);
    }

    [Fact]
    public async Task PUT_replaces_the_whole()
    {
        await _host.SaveAsync(Bodies.Full());
        var saved = await _host.SaveAsync(new JsonObject { ["enabled"] = false });

        Assert.Equal(200, saved.Status);
        Assert.Equal(("false", null, "[]", "[]"), (saved["enabled"], saved["from"], saved.Json["transports"]!.ToJsonString(), saved.Json["dkim"]!.ToJsonString()));
    }

    [Fact]
    public async Task What_was_answered_can_be_sent_back_and_keeps_its_secrets()
    {
        await _host.SaveAsync(Bodies.Full());
        var before = await _host.GetAsync("settings");
        var after = await _host.PutAsync("settings", before.Json, before.ETag);

        Assert.Equal(200, after.Status);
        Assert.Equal(Content(before), Content(after));

        static string Content(Answer answer)
        {
            var json = answer.Json;
            json.Remove("version");
            json.Remove("updatedAt");
            return json.ToJsonString();
        }
    }

    [Fact]
    public async Task All_faults_are_told_at_once_and_nothing_is_stored()
    {
        var answer = await _host.PutAsync("settings", JsonNode.Parse(
            """{ "colour": 1, "from": { "address": "x" }, "transports": [{ "id": "a", "mode": "smtp", "smtp": { "port": "x", "security": "tls" } }, { "id": "A" }] }""")!, "*");

        Assert.Equal((400, "invalid-settings"), (answer.Status, answer.Slug));
        Assert.Equal(
            ["colour", "from.address", "transports[1].id", "transports[1].mode", "transports[id=a].smtp.host", "transports[id=a].smtp.port", "transports[id=a].smtp.security"],
            answer.ErrorPaths.Order(StringComparer.Ordinal));
        Assert.Equal("0", (await _host.GetAsync("settings"))["version"]);
    }

    [Fact]
    public async Task A_password_that_would_go_elsewhere_is_asked_for_again_in_PUT_and_in_a_test()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        var draft = Bodies.Smtp(smtp =>
        {
            smtp.Remove("password");
            smtp["host"] = "evil.example";
        });

        var put = await _host.PutAsync("settings", draft, "\"1\"");
        Assert.Equal((422, "password-needed"), (put.Status, put.Slug));
        Assert.Equal(["transports[id=primary].smtp.password"], put.ErrorPaths);

        var test = await _host.PostAsync("test", new JsonObject { ["settings"] = draft.DeepClone() });
        Assert.Equal((422, "password-needed"), (test.Status, test.Slug));
        Assert.Equal(["settings.transports[id=primary].smtp.password"], test.ErrorPaths);
        Assert.Equal("1", (await _host.GetAsync("settings"))["version"]);
    }

    [Fact]
    public async Task A_password_is_in_no_answer_and_no_log()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        await _host.PutAsync("settings", Bodies.Smtp(smtp =>
        {
            smtp["password"] = Canary;
            smtp["port"] = 0;
        }), "*");
        await _host.PutAsync("settings", JsonNode.Parse($$"""{ "{{Canary}}": "x" }""")!, "\"0\"");
        foreach (var path in new[] { "settings", "audit", "logs", "transcripts", "keys", "sessions", "debug", "health", "version" })
        {
            Assert.DoesNotContain(Canary, (await _host.GetAsync(path)).Text, StringComparison.Ordinal);
        }

        Modes.AreOnlyTheOwners(Directory.EnumerateFiles(_host.Data, "*", SearchOption.AllDirectories));
        Assert.DoesNotContain(_host.Log.Entries, entry => entry.Text.Contains(Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_test_key_may_send_no_draft_and_only_to_the_administrator()
    {
        await _host.SaveAsync(Bodies.Smtp());
        var key = await _host.NewKeyAsync("test");

        Assert.Equal((403, "forbidden"), await Of(_host.PostAsync("test", new JsonObject { ["settings"] = Bodies.Smtp() }, key)));
        Assert.Equal((403, "destination-not-allowed"), await Of(_host.PostAsync("test", new JsonObject { ["to"] = "victim@example.org" }, key)));
        Assert.Equal((400, "invalid-request"), await Of(_host.PostAsync("test", new JsonObject { ["to"] = "nobody", ["extra"] = 1 }, key)));
        Assert.Equal((400, "invalid-request"), await Of(_host.PostAsync("test", new JsonObject { ["transport"] = "unknown" }, key)));
    }

    [Fact]
    public async Task A_test_without_recipient_or_transport_says_which_is_missing()
    {
        Assert.Equal((422, "no-transport"), await Of(_host.PostAsync("test", new JsonObject())));
        var body = Bodies.Smtp();
        body.Remove("adminAddress");
        await _host.SaveAsync(body);
        Assert.Equal((422, "no-recipient"), await Of(_host.PostAsync("test", new JsonObject())));
    }

    [Fact]
    public async Task Settings_survive_a_restart()
    {
        using var temp = new MailPlugin.TestBed.TempFolder();
        string before;
        await using (var first = await PluginHost.StartAsync(data: temp.Of("data")))
        {
            await first.SaveAsync(Bodies.Full());
            before = (await first.GetAsync("settings")).Text;
        }

        await using var second = await PluginHost.StartAsync(data: temp.Of("data"));
        Assert.Equal(before, (await second.GetAsync("settings")).Text);
    }

    static async Task<(int, string?)> Of(Task<Answer> answer) => (await answer) is var got ? (got.Status, got.Slug) : default;
}
