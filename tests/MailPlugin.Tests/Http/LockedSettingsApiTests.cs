using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

/// <summary>What the host's configuration decides wins, is shown with its origin, and cannot be changed over the API.</summary>
public sealed class LockedSettingsApiTests : IDisposable
{
    const string Canary = "c4nary-p4ssword";
    const string HostPath = "transports[id=primary].smtp.host";
    const string PasswordPath = "transports[id=primary].smtp.password";

    readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_transport_that_the_host_brings_is_there_before_anything_is_saved()
    {
        await using var host = await StartAsync(("Transports:primary:Smtp:Host", "relay.example"), ("AdminAddress", "ops@example.com"));

        var answer = await host.GetAsync("settings").AsAsync("GET", "settings", 200);

        Assert.Equal(("0", "ops@example.com", "relay.example", "smtp"), (answer["version"], answer["adminAddress"], Relay(answer)["host"]!.ToString(), Transport(answer)["mode"]!.ToString()));
        Assert.Equal(["adminAddress", HostPath], answer.Json["locked"]!.AsObject().Select(pair => pair.Key));
        Assert.Contains("MailPlugin:Settings:Transports:primary:Smtp:Host", answer.Json["locked"]![HostPath]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "adminAddress": "ops@example.com" }""", null)]
    [InlineData("""{}""", null)]
    [InlineData("""{ "adminAddress": "Ops@example.com" }""", "adminAddress")]
    [InlineData("""{ "adminAddress": null }""", "adminAddress")]
    [InlineData("""{ "adminAddress": "" }""", "adminAddress")]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": { "host": "relay.example" } }] }""", null)]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": { "host": "relay.example." } }] }""", null)]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp" }] }""", null)]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": { "port": 2525 } }] }""", null)]
    [InlineData("""{ "transports": [] }""", null)]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": { "host": "evil.example" } }] }""", HostPath)]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": { "host": "not a host" } }] }""", HostPath)]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": { "host": null } }] }""", HostPath)]
    [InlineData("""{ "transports": [{ "id": "primary", "mode": "smtp", "smtp": null }] }""", HostPath)]
    public async Task Saying_the_same_or_nothing_passes_and_another_value_is_refused_by_name(string body, string? conflict)
    {
        await using var host = await StartAsync(("Transports:primary:Smtp:Host", "relay.example"), ("AdminAddress", "ops@example.com"));

        var answer = await host.PutAsync("settings", JsonNode.Parse(body)!, "\"0\"").AsAsync("PUT", "settings", conflict is null ? 200 : 409);

        if (conflict is null)
        {
            Assert.Equal(("ops@example.com", "relay.example"), (answer["adminAddress"], Relay(answer)["host"]!.ToString()));
        }
        else
        {
            Assert.Equal("locked-setting", answer.Slug);
            Assert.Equal([conflict], answer.ErrorPaths);
            Assert.Contains("MailPlugin:Settings:", answer.Text, StringComparison.Ordinal);
            Assert.Equal("0", (await host.GetAsync("settings"))["version"]);
        }
    }

    [Fact]
    public async Task Every_value_of_the_hosts_is_named_when_another_is_sent()
    {
        var values = EverySetting.Places(EverySetting.Draft()).Where(place => place.Node is JsonValue && !place.Path.EndsWith("].id", StringComparison.Ordinal)).ToList();
        await using var host = await StartAsync([.. values.Select(value => (Key(value.Path), value.Node.ToString()))]);

        // By these an item is known: another one is another item.
        var leaves = values.Where(value => value.Path is not ("dkim[0].domain" or "dkim[0].selector")).ToList();
        var locked = (await host.GetAsync("settings")).Json["locked"]!.AsObject();
        foreach (var (path, node) in leaves)
        {
            // A list is one value; of what stands in it the list is told.
            var told = path.EndsWith(']') ? path[..path.LastIndexOf('[')] : path;
            Assert.True(locked.ContainsKey(told), told);
            foreach (var raw in node.GetValueKind() switch { JsonValueKind.String => (string[])["\"other\"", "7", "{}"], JsonValueKind.Number => ["7", "\"7\"", "[]"], _ => [node.GetValue<bool>() ? "false" : "true", "\"x\""] })
            {
                var answer = await host.SendAsync(HttpMethod.Put, "settings", null, host.Key, request =>
                {
                    request.Headers.TryAddWithoutValidation("If-Match", "*");
                    request.Content = new StringContent(EverySetting.With(path, raw), Encoding.UTF8, "application/json");
                });
                Assert.True(answer.Status is 409 or 400 && answer.ErrorPaths.Any(error => error == told || error == path), $"{path}: {raw}: {answer.Status} {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task What_was_answered_can_be_sent_back()
    {
        await using var host = await StartAsync([.. Everything()]);

        var before = await host.GetAsync("settings");
        var after = await host.PutAsync("settings", before.Json, before.ETag).AsAsync("PUT", "settings", 200);

        Assert.Equal(before.Json["transports"]!.ToJsonString(), after.Json["transports"]!.ToJsonString());
        Assert.Equal(before.Json["locked"]!.ToJsonString(), after.Json["locked"]!.ToJsonString());
    }

    [Fact]
    public async Task Faults_and_conflicts_are_told_in_one_round()
    {
        await using var host = await StartAsync(("AdminAddress", "ops@example.com"));

        var answer = await host.PutAsync("settings", JsonNode.Parse("""{ "adminAddress": "me@example.com", "colour": 1 }""")!, "*").AsAsync("PUT", "settings", 400);

        Assert.Equal(["adminAddress", "colour"], answer.ErrorPaths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_mode_for_a_transport_that_the_host_brings_is_refused()
    {
        await using var host = await StartAsync(("Transports:primary:Smtp:Host", "relay.example"));

        var answer = await host.PutAsync("settings", JsonNode.Parse("""{ "transports": [{ "id": "primary", "mode": "capture" }] }""")!, "*");

        Assert.Contains(answer.Status, new[] { 400, 409 });
        Assert.Contains("transports[id=primary].mode", answer.ErrorPaths);
    }

    [Fact]
    public async Task A_draft_that_is_tested_cannot_contradict_the_host_either()
    {
        await using var host = await StartAsync(("Transports:primary:Smtp:Host", "relay.example"));

        var answer = await host.PostAsync("test", new JsonObject { ["settings"] = Bodies.Smtp() }).AsAsync("POST", "test", 409);

        Assert.Equal(("locked-setting", $"settings.{HostPath}"), (answer.Slug, Assert.Single(answer.ErrorPaths)));
    }

    [Fact]
    public async Task The_order_that_the_host_gives_holds()
    {
        await using var host = await StartAsync(("Transports:b:Smtp:Host", "b.example"), ("Transports:b:Order", "2"), ("Transports:a:Smtp:Host", "a.example"), ("Transports:a:Order", "1"));
        var own = JsonNode.Parse("""{ "id": "own", "mode": "smtp", "smtp": { "host": "own.example" } }""")!;

        var saved = await host.SaveAsync(new JsonObject { ["transports"] = new JsonArray(own.DeepClone()) });
        Assert.Equal(["a", "b", "own"], saved.Json["transports"]!.AsArray().Select(transport => transport!["id"]!.ToString()));

        var turned = saved.Json;
        turned["transports"] = new JsonArray([.. saved.Json["transports"]!.AsArray().Reverse().Select(transport => transport!.DeepClone())]);
        var answer = await host.SaveAsync(turned);
        Assert.Equal((409, "locked-setting"), (answer.Status, answer.Slug));
        Assert.Equal(["transports[id=a].order", "transports[id=b].order"], answer.ErrorPaths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Values_for_a_transport_that_is_not_there_wait_for_it()
    {
        await using var host = await StartAsync(("Transports:primary:Smtp:PasswordFile", Secret(Canary)));

        var before = await host.GetAsync("settings").AsAsync("GET", "settings", 200);
        Assert.Equal("[]", before.Json["transports"]!.ToJsonString());
        Assert.Contains(before.Json["warnings"]!.AsArray(), warning => warning!["path"]!.ToString() == "transports[id=primary]");

        var saved = await host.SaveAsync(Bodies.Smtp(smtp => smtp.Remove("password")));
        Assert.True(Relay(saved)["hasPassword"]!.GetValue<bool>());
        Assert.Contains("file ", saved.Json["locked"]![PasswordPath]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(saved.Json["warnings"]!.AsArray(), warning => warning!["path"]!.ToString() == "transports[id=primary]");
    }

    [Theory]
    [InlineData("another", 409)]
    [InlineData("", 409)]
    [InlineData(Canary, 200)]
    [InlineData(null, 200)]
    public async Task A_secret_of_the_hosts_cannot_be_replaced(string? password, int status)
    {
        await using var host = await StartAsync(("Transports:primary:Smtp:PasswordFile", Secret(Canary)));

        var answer = await host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = password));

        Assert.Equal(status, answer.Status);
        Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
        if (status == 409)
        {
            Assert.Equal([PasswordPath], answer.ErrorPaths);
        }
    }

    [Fact]
    public async Task A_secret_of_the_hosts_is_used_and_never_stored()
    {
        await using var server = new RecordingSmtpServer();
        var data = _temp.Of("data");
        await using (var host = await StartAsync(data, ("Transports:primary:Smtp:PasswordFile", Secret(Canary + "\n"))))
        {
            var saved = await host.SaveAsync(Relay(server));
            Assert.True(saved.Status == 200, saved.Text);
            var test = await host.PostAsync("test", new JsonObject());
            Assert.True(test.Status == 200, test.Text);
        }

        Assert.True(server.WasSent(Canary));
        await using var second = await StartAsync(data);
        Assert.False(Relay(await second.GetAsync("settings"))["hasPassword"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_secret_of_the_hosts_stays_with_the_relay_that_was_saved()
    {
        await using var server = new RecordingSmtpServer();
        await using var theirs = new RecordingSmtpServer();
        await using var host = await StartAsync(("Transports:primary:Smtp:PasswordFile", Secret(Canary)));
        await host.SaveAsync(Relay(server));

        foreach (var draft in new[] { Relay(theirs), Relay(server, smtp => smtp["proxy"] = Proxy(theirs)), Relay(server, smtp => smtp["allowPlaintextAuth"] = true) })
        {
            var saved = await host.SaveAsync(draft.DeepClone()).AsAsync("PUT", "settings", 422);
            Assert.Equal([PasswordPath], saved.ErrorPaths);
            await host.PostAsync("test", new JsonObject { ["settings"] = draft.DeepClone() }).AsAsync("POST", "test", 422);
        }

        Assert.False(theirs.WasSent(Canary));
    }

    [Fact]
    public async Task Where_the_host_names_the_relay_too_port_and_user_may_still_be_mended_and_nothing_else()
    {
        await using var host = await StartAsync(("Transports:primary:Smtp:Host", "smtp.example.com"), ("Transports:primary:Smtp:PasswordFile", Secret(Canary)));
        await host.SaveAsync(Bodies.Smtp(smtp => smtp.Remove("password")));

        Assert.Equal(200, (await host.SaveAsync(Bodies.Smtp(smtp => (smtp["port"], smtp["username"], smtp["password"]) = (2525, "other", null)))).Status);
        Assert.Equal(422, (await host.SaveAsync(Bodies.Smtp(smtp => (smtp["security"], smtp["allowPlaintextAuth"], smtp["password"]) = ("none", true, null)))).Status);
        Assert.Equal(422, (await host.SaveAsync(Bodies.Smtp(smtp => (smtp["proxy"], smtp["password"]) = (JsonNode.Parse("""{ "type": "http", "host": "evil.example", "port": 80 }"""), null)))).Status);
    }

    [Fact]
    public async Task A_stored_password_does_not_go_to_a_relay_that_the_host_put_in_the_place_of_its_own()
    {
        await using var server = new RecordingSmtpServer();
        var data = _temp.Of("data");
        await using (var host = await StartAsync(data))
        {
            await host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        }

        await using var second = await StartAsync(
            data, ("Transports:primary:Smtp:Host", "127.0.0.1"), ("Transports:primary:Smtp:Port", $"{server.Port}"), ("Transports:primary:Smtp:Security", "none"), ("Transports:primary:Smtp:AllowPlaintextAuth", "true"));
        var settings = await second.GetAsync("settings").AsAsync("GET", "settings", 200);
        await second.PostAsync("test", new JsonObject());

        Assert.False(Relay(settings)["hasPassword"]!.GetValue<bool>());
        Assert.Contains(settings.Json["warnings"]!.AsArray(), warning => warning!["path"]!.ToString() == PasswordPath);
        Assert.Equal("degraded", (await second.GetAsync("health"))["status"]);
        Assert.False(server.WasSent(Canary));
    }

    [Fact]
    public async Task A_stored_password_stays_where_the_host_changes_nothing_of_its_relay()
    {
        var data = _temp.Of("data");
        await using (var host = await StartAsync(data))
        {
            await host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        }

        await using var second = await StartAsync(data, ("Transports:primary:Smtp:Host", "SMTP.example.com"), ("Transports:primary:Smtp:TimeoutSeconds", "9"));

        Assert.True(Relay(await second.GetAsync("settings"))["hasPassword"]!.GetValue<bool>());
        Assert.Equal("healthy", (await second.GetAsync("health")).Json["checks"]!.AsArray().Single(check => check!["name"]!.ToString() == "hostSettings")!["status"]!.ToString());
    }

    [Fact]
    public async Task A_transport_that_the_host_no_longer_brings_is_gone_though_settings_were_saved_in_between()
    {
        var data = _temp.Of("data");
        await using (var host = await StartAsync(data, ("Transports:backup:Smtp:Host", "backup.example"), ("SubjectPrefix", "[Host]")))
        {
            var saved = await host.SaveAsync(Bodies.Smtp());
            Assert.Equal(2, saved.Json["transports"]!.AsArray().Count);
            Assert.Equal(200, (await host.PutAsync("settings", saved.Json, saved.ETag)).Status);
        }

        await using var second = await StartAsync(data);
        var after = await second.GetAsync("settings").AsAsync("GET", "settings", 200);
        Assert.Equal(["primary"], after.Json["transports"]!.AsArray().Select(transport => transport!["id"]!.ToString()));
        Assert.Null(after["subjectPrefix"]);
        Assert.Equal("{}", after.Json["locked"]!.ToJsonString());
        Assert.Contains(after.Json["warnings"]!.AsArray(), warning => warning!["path"]!.ToString() == "transports[id=backup]");
        Assert.Equal(200, (await second.PutAsync("settings", after.Json, after.ETag)).Status);
    }

    [Fact]
    public async Task What_does_not_agree_leaves_the_transport_out_and_says_so()
    {
        var data = _temp.Of("data");
        await using (var host = await StartAsync(data))
        {
            await host.SaveAsync(Bodies.Full());
        }

        await using var second = await StartAsync(data, ("Transports:primary:Smtp:Certificate:Trust", "customCa"));
        var settings = await second.GetAsync("settings").AsAsync("GET", "settings", 200);

        Assert.Equal(["second"], settings.Json["transports"]!.AsArray().Select(transport => transport!["id"]!.ToString()));
        Assert.Contains("smtp.certificate.caPem", settings.Json["warnings"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("transports[id=primary]", (await second.GetAsync("health")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_version_gives_way_to_the_host_and_history_tells_what_was_locked()
    {
        var data = _temp.Of("data");
        await using (var host = await StartAsync(data))
        {
            await host.SaveAsync(new JsonObject { ["subjectPrefix"] = "[Old]", ["adminAddress"] = "old@example.com" });
        }

        await using var second = await StartAsync(data, ("SubjectPrefix", "[Host]"));
        await second.SaveAsync(new JsonObject { ["adminAddress"] = "new@example.com" });
        var restored = await second.SendAsync(HttpMethod.Post, "settings/versions/1/restore", null, second.Key, request => request.Headers.TryAddWithoutValidation("If-Match", "\"2\""))
            .AsAsync("POST", "settings/versions/1/restore", 200);

        Assert.Equal(("[Host]", "old@example.com"), (restored["subjectPrefix"], restored["adminAddress"]));
        var version = await second.GetAsync("settings/versions/3").AsAsync("GET", "settings/versions/3", 200);
        Assert.Equal(["subjectPrefix"], version.Json["locked"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal("{}", (await second.GetAsync("settings/versions/1")).Json["locked"]!.ToJsonString());
    }

    [Fact]
    public async Task A_DKIM_key_can_be_the_hosts()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        await using var host = await StartAsync(("Dkim:0:Domain", "Example.com"), ("Dkim:0:Selector", "s1"), ("Dkim:0:PrivateKeyFile", Secret(rsa.ExportPkcs8PrivateKeyPem())));

        var saved = await host.SaveAsync(JsonNode.Parse("""{ "dkim": [{ "domain": "other.example", "selector": "s1" }, { "domain": "example.com", "selector": "s1" }] }""")!);

        Assert.True(saved.Status == 200, saved.Text);
        Assert.Equal("""[{"domain":"other.example","selector":"s1","hasKey":false},{"domain":"example.com","selector":"s1","hasKey":true}]""", saved.Json["dkim"]!.ToJsonString());
        Assert.Equal(["dkim[1].domain", "dkim[1].privateKey", "dkim[1].selector"], saved.Json["locked"]!.AsObject().Select(pair => pair.Key));
        var other = saved.Json;
        other["dkim"]![1]!["privateKey"] = "";
        Assert.Equal(["dkim[1].privateKey"], (await host.SaveAsync(other).AsAsync("PUT", "settings", 409)).ErrorPaths);
    }

    static IEnumerable<(string, string)> Everything() =>
    [
        ("Enabled", "true"), ("From:Address", "a@example.com"), ("From:Name", "Ä"), ("ForceFrom", "true"), ("SubjectPrefix", "[X]"),
        ("Transports:primary:Name", "Primary"), ("Transports:primary:Smtp:Host", "relay.example"), ("Transports:primary:Smtp:Port", "2525"), ("Transports:primary:Smtp:Security", "StartTls"),
        ("Transports:primary:Smtp:Username", "user"), ("Transports:primary:Smtp:Password", Canary), ("Transports:primary:Smtp:RatePerMinute", "60"),
        ("Transports:primary:Smtp:Proxy:Type", "socks5"), ("Transports:primary:Smtp:Proxy:Host", "proxy.example"), ("Transports:primary:Smtp:Proxy:Port", "1080"),
        ("Transports:primary:Smtp:Proxy:Password", "pp"), ("Transports:primary:Smtp:Certificate:Trust", "pinned"),
        ("Transports:primary:Smtp:Certificate:Sha256", "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"), ("Transports:primary:Order", "1"),
    ];

    static string Key(string path) => path.Replace("[id=", ":", StringComparison.Ordinal).Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':');

    static Task<PluginHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    static Task<PluginHost> StartAsync(string? data, params (string Key, string Value)[] settings) =>
        PluginHost.StartAsync(settings.ToDictionary(pair => $"Settings:{pair.Key}", pair => (string?)pair.Value), data: data);

    string Secret(string content)
    {
        var file = _temp.Of("secret");
        File.WriteAllText(file, content);
        return file;
    }

    static JsonNode Transport(Answer answer) => answer.Json["transports"]![0]!;

    static JsonNode Relay(Answer answer) => Transport(answer)["smtp"]!;

    static JsonObject Relay(RecordingSmtpServer server, Action<JsonObject>? change = null) => Bodies.Smtp(smtp =>
    {
        smtp.Remove("password");
        (smtp["host"], smtp["port"], smtp["security"], smtp["auth"], smtp["timeoutSeconds"]) = ("localhost", server.Port, "startTls", "plain", 5);
        smtp["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem };
        change?.Invoke(smtp);
    });

    static JsonObject Proxy(RecordingSmtpServer server) => new() { ["type"] = "http", ["host"] = "127.0.0.1", ["port"] = server.Port };
}
