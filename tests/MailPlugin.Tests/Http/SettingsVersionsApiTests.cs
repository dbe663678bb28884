using System.Text.Json.Nodes;
using MailPlugin.Settings.Versions;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

public sealed class SettingsVersionsApiTests : IAsyncLifetime
{
    const string Canary = "c4nary-p4ssword";

    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Versions_are_listed_newest_first_page_by_page()
    {
        for (var version = 1; version <= 5; version++)
        {
            await _host.SaveAsync(new JsonObject { ["subjectPrefix"] = $"[{version}]" });
        }

        var first = await _host.GetAsync("settings/versions?limit=3").AsAsync("GET", "settings/versions", 200);
        var second = await _host.GetAsync($"settings/versions?limit=3&cursor={first["next"]}").AsAsync("GET", "settings/versions", 200);

        Assert.Equal([5, 4, 3, 2, 1], Numbers(first).Concat(Numbers(second)));
        Assert.Null(second["next"]);
        Assert.All(first.Json["items"]!.AsArray(), item => Assert.Equal("key:first", item!["updatedBy"]!.ToString()));
        await _host.GetAsync("settings/versions?cursor=bm8").AsAsync("GET", "settings/versions", 400);
        await _host.GetAsync("settings/versions?limit=0").AsAsync("GET", "settings/versions", 400);
    }

    [Fact]
    public async Task A_version_says_what_it_changed_and_of_secrets_only_that()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = "first"));
        var changed = Bodies.Smtp(smtp =>
        {
            smtp["password"] = Canary;
            smtp["port"] = 465;
        });
        changed.Remove("adminAddress");
        changed["transports"]!.AsArray().Insert(0, JsonNode.Parse("""{ "id": "backup", "mode": "smtp", "smtp": { "host": "backup.example.com" } }"""));
        await _host.SaveAsync(changed);

        var answer = await _host.GetAsync("settings/versions/2").AsAsync("GET", "settings/versions/2", 200);

        var diff = answer.Json["diff"]!.AsArray().ToDictionary(change => change!["path"]!.ToString(), change => change!.AsObject());
        Assert.Equal(
            ["adminAddress", "transports[id=backup]", "transports[id=primary].smtp.password", "transports[id=primary].smtp.port"],
            diff.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("removed", "admin@example.com"), (diff["adminAddress"]["change"]!.ToString(), diff["adminAddress"]["before"]!.ToString()));
        Assert.Equal((587, 465), ((int)diff["transports[id=primary].smtp.port"]["before"]!, (int)diff["transports[id=primary].smtp.port"]["after"]!));
        Assert.Equal("""{"path":"transports[id=primary].smtp.password","change":"changed"}""", diff["transports[id=primary].smtp.password"].ToJsonString());
        Assert.Equal("added", diff["transports[id=backup]"]["change"]!.ToString());
        Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("first\"", answer.Json["diff"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, (await _host.GetAsync("audit")).Text, StringComparison.Ordinal);
        Assert.Contains("transports[id=primary].smtp.password", (await _host.GetAsync("audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_can_be_compared_with_any_other()
    {
        for (var version = 1; version <= 3; version++)
        {
            await _host.SaveAsync(new JsonObject { ["subjectPrefix"] = $"[{version}]" });
        }

        var answer = await _host.GetAsync("settings/versions/1?against=3").AsAsync("GET", "settings/versions/1", 200);
        Assert.Equal("""[{"path":"subjectPrefix","change":"changed","before":"[3]","after":"[1]"}]""", answer.Json["diff"]!.ToJsonString());
        Assert.Equal("0", (await _host.GetAsync("settings/versions/1"))["against"]);
        Assert.Equal("added", (await _host.GetAsync("settings/versions/3?against=0")).Json["diff"]![0]!["change"]!.ToString());
        foreach (var against in new[] { "4", "-1", "x", "99999999999999999999" })
        {
            Assert.Equal(["against"], (await _host.GetAsync($"settings/versions/1?against={against}").AsAsync("GET", "settings/versions/1", 400)).ErrorPaths);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("01x")]
    [InlineData("1.0")]
    [InlineData("%31%30")]
    [InlineData("99999999999999999999")]
    [InlineData("%F0%9F%98%80")]
    public async Task What_is_no_version_is_not_found(string number)
    {
        await _host.SaveAsync(new JsonObject());

        Assert.Equal("not-found", (await _host.GetAsync($"settings/versions/{number}").AsAsync("GET", "settings/versions/1", 404)).Slug);
        Assert.Equal("not-found", (await RestoreAsync(number, "*").AsAsync("POST", "settings/versions/1/restore", 404)).Slug);
    }

    [Fact]
    public async Task A_restored_version_is_a_new_one_and_keeps_the_password_of_its_relay()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        var second = Bodies.Smtp(smtp => smtp.Remove("password"));
        second["subjectPrefix"] = "[New]";
        await _host.SaveAsync(second);

        var answer = await RestoreAsync("1", "\"2\"").AsAsync("POST", "settings/versions/1/restore", 200);

        Assert.Equal(("3", "\"3\"", null), (answer["version"], answer.ETag, answer["subjectPrefix"]));
        Assert.True(answer.Json["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
        Assert.Contains("from version 1: subjectPrefix removed", (await _host.GetAsync("audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_transport_with_another_host_asks_for_its_password()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        await _host.SaveAsync(Bodies.Smtp(smtp =>
        {
            smtp["host"] = "elsewhere.example";
            smtp["password"] = "another";
        }));

        var answer = await RestoreAsync("1", "\"2\"").AsAsync("POST", "settings/versions/1/restore", 422);

        Assert.Equal("password-needed", answer.Slug);
        Assert.Equal(["transports[id=primary].smtp.password"], answer.ErrorPaths);
        Assert.Equal("2", (await _host.GetAsync("settings"))["version"]);
    }

    [Fact]
    public async Task A_restored_transport_that_was_deleted_asks_for_its_password()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        await _host.SaveAsync(new JsonObject());

        Assert.Equal("password-needed", (await RestoreAsync("1", "*")).Slug);
    }

    [Fact]
    public async Task A_restored_version_that_had_no_password_has_none_again()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp.Remove("password")));
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));

        var answer = await RestoreAsync("1", "\"2\"").AsAsync("POST", "settings/versions/1/restore", 200);

        Assert.False(answer.Json["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Restoring_needs_the_version_that_was_seen()
    {
        await _host.SaveAsync(new JsonObject());
        await _host.SaveAsync(new JsonObject());

        await RestoreAsync("1", null).AsAsync("POST", "settings/versions/1/restore", 428);
        var stale = await RestoreAsync("1", "\"1\"").AsAsync("POST", "settings/versions/1/restore", 412);
        Assert.Equal(2, stale.Json["current"]!["version"]!.GetValue<int>());
        await RestoreAsync("1", "W/\"2\"").AsAsync("POST", "settings/versions/1/restore", 412);
    }

    [Fact]
    public async Task Versions_are_the_administrators()
    {
        await _host.SaveAsync(new JsonObject());
        var key = await _host.NewKeyAsync("read", "send", "test");

        foreach (var path in new[] { "settings/versions", "settings/versions/1", "settings/export" })
        {
            await _host.GetAsync(path, key).AsAsync("GET", path, 403);
        }

        await _host.SendAsync(HttpMethod.Post, "settings/versions/1/restore", null, key).AsAsync("POST", "settings/versions/1/restore", 403);
    }

    [Fact]
    public async Task The_history_has_an_end()
    {
        for (var version = 1; version <= SettingsVersion.Kept + 3; version++)
        {
            Assert.Equal(200, (await _host.PutAsync("settings", new JsonObject { ["enabled"] = version % 2 == 0 }, $"\"{version - 1}\"")).Status);
        }

        var first = await _host.GetAsync("settings/versions?limit=200");
        Assert.Equal(Enumerable.Range(4, SettingsVersion.Kept).Reverse(), Numbers(first));
        await _host.GetAsync("settings/versions/3").AsAsync("GET", "settings/versions/3", 404);
        var oldest = await _host.GetAsync("settings/versions/4").AsAsync("GET", "settings/versions/4", 200);
        Assert.Null(oldest["against"]);
        Assert.Equal("[]", oldest.Json["diff"]!.ToJsonString());
    }

    [Fact]
    public async Task An_export_has_everything_but_secrets()
    {
        await _host.SaveAsync(Bodies.Full());

        var answer = await _host.GetAsync("settings/export").AsAsync("GET", "settings/export", 200);

        Assert.Contains("attachment", answer.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("smtp.example.com", answer.Json["settings"]!["transports"]![0]!["smtp"]!["host"]!.ToString());
        Assert.DoesNotContain("p4ss", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"pp\"", answer.Text, StringComparison.Ordinal);
    }

    static IEnumerable<int> Numbers(Answer answer) => answer.Json["items"]!.AsArray().Select(item => item!["version"]!.GetValue<int>());

    Task<Answer> RestoreAsync(string number, string? ifMatch) => _host.SendAsync(
        HttpMethod.Post, $"settings/versions/{number}/restore", null, _host.Key, request => request.Headers.TryAddWithoutValidation("If-Match", ifMatch));
}
