using System.Text.Json.Nodes;
using Dapper;
using MailPlugin.Delivery;
using MailPlugin.Storage;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Storage;

/// <summary>Two whole plugins on one database, each with a data folder of its own.</summary>
public sealed class ManyNodesTests : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    PluginHost _one = null!;
    PluginHost _other = null!;
    string _key = "";

    public async Task InitializeAsync()
    {
        if (Requirement.Missing(Server.PostgreSql) is not null)
        {
            return;
        }

        var store = await PostgresStore.CreateAsync();
        var ring = _folder.Write("ring", Convert.ToBase64String(new byte[48]));
        var options = new Dictionary<string, string?> { ["Store"] = store.ConnectionString, ["KeyRing:KeyFile"] = ring };
        var hosts = await Task.WhenAll(PluginHost.StartAsync(options), PluginHost.StartAsync(options));
        (_one, _other) = (hosts[0], hosts[1]);

        // Started at once: one of them made the first key, the other none.
        _key = Assert.Single(hosts.Select(host => host.Key), key => key.Length > 0);
    }

    public async Task DisposeAsync()
    {
        foreach (var host in new[] { _one, _other })
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Settings_with_their_secrets_reach_every_node_and_versions_are_one_line()
    {
        Assert.Equal(200, (await PutAsync(_one, "settings", Bodies.Smtp(), "\"0\"")).Status);

        await SeesAsync(_other, "settings", answer => answer["version"] == "1");
        Assert.Equal("p4ss", _other.Services.GetRequiredService<MailPlugin.Settings.ISettingsSource>().Current.Settings.Transport("primary")!.Smtp!.Password?.Reveal());

        Assert.Equal(200, (await PutAsync(_other, "settings", Bodies.Smtp(smtp => smtp["port"] = 2525), "\"1\"")).Status);
        Assert.Equal(412, (await PutAsync(_one, "settings", Bodies.Smtp(smtp => smtp["port"] = 2526), "\"1\"")).Status);
        await SeesAsync(_one, "settings", answer => answer["version"] == "2");
    }

    [ServerFact(Server.PostgreSql)]
    public async Task What_a_relay_takes_is_divided_among_the_nodes_that_live()
    {
        await PutAsync(_one, "settings", Bodies.Smtp(smtp => smtp["maxSessions"] = 3), "\"0\"");
        await SeesAsync(_other, "settings", answer => answer["version"] == "1");
        await Eventually.SeeAsync(() => Rooms() is [32, 64], "the sessions of each");

        await PutAsync(_one, "settings", Bodies.Smtp(smtp => smtp["ratePerMinute"] = 60), "\"1\"");
        await SeesAsync(_other, "settings", answer => answer["version"] == "2");
        await Eventually.SeeAsync(() => Rooms() is [3, 3], "a tenth of a minute's worth of each");

        await Interlocked.Exchange(ref _other, null!).DisposeAsync();
        await Eventually.SeeAsync(() => Room(_one) == 6, "what is left for the one");

        int[] Rooms() => [.. new[] { _one, _other }.Select(Room).Order()];

        static int Room(PluginHost host) =>
            host.Services.GetRequiredService<TransportLines>().Get(host.Services.GetRequiredService<MailPlugin.Settings.ISettingsSource>().Current.Settings.Transport("primary")!).Room;
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_thousand_senders_on_two_nodes_cause_one_request_for_a_token_and_a_refresh_token_is_changed_once()
    {
        await using var provider = new TokenServer { Rotates = true, OldOneIsVoidAtOnce = true };
        provider.Know("pasted-canary");
        var settings = Bodies.Smtp(smtp =>
        {
            smtp.Remove("username");
            smtp.Remove("password");
            smtp["oauth"] = new JsonObject
            {
                ["provider"] = "example",
                ["flow"] = "refreshToken",
                ["tokenUrl"] = provider.TokenUrl.AbsoluteUri,
                ["clientId"] = provider.ClientId,
                ["clientSecret"] = provider.ClientSecret,
                ["refreshToken"] = "pasted-canary",
                ["account"] = "mailer@example.com",
                ["caPem"] = TestCertificates.Shared.AuthorityPem,
            };
        });
        Assert.Equal(200, (await PutAsync(_one, "settings", settings, "\"0\"")).Status);
        await SeesAsync(_other, "settings", answer => answer["version"] == "1");

        var nodes = new[] { _one, _other }.Select(host => (
            Tokens: host.Services.GetRequiredService<MailPlugin.Transports.IAccessTokens>(),
            Transport: host.Services.GetRequiredService<MailPlugin.Settings.ISettingsSource>().Current.Settings.Transports[0])).ToList();
        var all = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => Task.Run(() => nodes[number % 2].Tokens.GetAsync(nodes[number % 2].Transport, default))));

        Assert.Equal(1, provider.Asked);
        Assert.Equal("access-token-canary-1", Assert.Single(all.Distinct()).Reveal());

        // The relay refuses it on both at once: the strict provider would take nothing from whoever shows the old one again.
        nodes.ForEach(node => node.Tokens.Refused(node.Transport, all[0]));
        var renewed = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => Task.Run(() => nodes[number % 2].Tokens.GetAsync(nodes[number % 2].Transport, default))));

        Assert.Equal(["pasted-canary", "refresh-token-canary-1"], provider.Requests.Select(request => request.Form["refresh_token"]));
        Assert.Equal("access-token-canary-2", Assert.Single(renewed.Distinct()).Reveal());
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Of_two_saves_at_once_on_two_nodes_one_is_kept()
    {
        var saves = await Task.WhenAll(PutAsync(_one, "settings", Bodies.Smtp(), "\"0\""), PutAsync(_other, "settings", Bodies.Smtp(smtp => smtp["port"] = 2525), "\"0\""));

        Assert.Equal([200, 412], saves.Select(answer => answer.Status).Order());
    }

    [ServerFact(Server.PostgreSql)]
    public async Task An_edited_template_is_what_the_other_node_sends_until_it_is_taken_back()
    {
        await PutAsync(_one, "settings", Bodies.Smtp(), "\"0\"");
        await SeesAsync(_other, "settings", answer => answer["version"] == "1");
        Assert.Equal(200, (await PutAsync(_one, "delivery", new JsonObject { ["paused"] = true })).Status);
        Assert.Equal(200, (await PutAsync(_one, "templates/alert", Alert("First {{title}}"), "\"0\"")).Status);
        Assert.Equal(200, (await PutAsync(_one, "templates/layout", new JsonObject { ["brandName"] = "Brand" }, "\"0\"")).Status);
        Assert.Equal(200, (await PutAsync(_one, "templates/alert/options", new JsonObject { ["priority"] = "high" })).Status);

        await SeesAsync(_other, "templates/alert", answer => answer["version"] == "1");
        await SeesAsync(_other, "templates/layout", answer => answer["brandName"] == "Brand");
        await SeesAsync(_other, "templates/alert/options", answer => answer["priority"] == "high");
        var sent = await PostAsync(_other, "messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }), ["template"] = "alert", ["model"] = new JsonObject { ["title"] = "x" } });
        Assert.Equal("First x", (await _one.GetAsync($"messages/{sent["id"]}", _key))["subject"]);

        Assert.Equal(200, (await PutAsync(_other, "templates/alert", Alert("Second"), "\"1\"")).Status);
        Assert.Equal(412, (await PutAsync(_one, "templates/alert", Alert("Third"), "\"1\"")).Status);
        await SeesAsync(_one, "templates/alert", answer => answer["version"] == "2");
        Assert.Equal(204, (await _one.DeleteAsync("templates/alert", _key)).Status);
        await SeesAsync(_other, "templates/alert", answer => (answer["version"], answer["edited"]) == ("0", "false"));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Of_two_edits_of_a_template_at_once_on_two_nodes_one_is_kept()
    {
        for (var round = 0; round < 10; round++)
        {
            var edits = await Task.WhenAll(PutAsync(_one, $"templates/new-{round}", Alert("One"), "\"0\""), PutAsync(_other, $"templates/new-{round}", Alert("Other"), "\"0\""));
            Assert.Equal([200, 412], edits.Select(answer => answer.Status).Order());
            Assert.Single((await _one.GetAsync($"templates/new-{round}/versions", _key)).Json["items"]!.AsArray());
        }
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_key_made_on_one_is_taken_by_the_other_until_it_is_revoked()
    {
        var made = await PostAsync(_one, "keys", new JsonObject { ["name"] = "reader", ["scopes"] = new JsonArray("read") });
        Assert.Equal(201, made.Status);
        await Eventually.SeeAsync(() => _other.GetAsync("stats", made["key"]), answer => answer.Status == 200, "the new key on the other node");

        Assert.Equal(204, (await _other.DeleteAsync($"keys/{made["id"]}", _key)).Status);

        await Eventually.SeeAsync(() => _one.GetAsync("stats", made["key"]), answer => answer.Status == 401, "the revoked key on the first node");
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Who_signed_in_on_one_is_signed_in_on_the_other()
    {
        var signedIn = await _one.SignInAsync(_key);

        var there = await _other.SendAsync(HttpMethod.Get, "session", prepare: signedIn.On);

        Assert.Equal((200, signedIn.CsrfToken), (there.Status, there["csrfToken"]));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Pause_and_debug_switch_hold_on_every_node()
    {
        Assert.Equal(200, (await PutAsync(_one, "delivery", new JsonObject { ["paused"] = true })).Status);
        Assert.Equal(200, (await PutAsync(_one, "debug", new JsonObject { ["enabled"] = true, ["minutes"] = 5 })).Status);

        await SeesAsync(_other, "delivery", answer => answer["paused"] == "true");
        await SeesAsync(_other, "debug", answer => answer["enabled"] == "true");
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_suppression_made_on_one_holds_at_once_on_the_other()
    {
        await PutAsync(_one, "settings", Bodies.Smtp(), "\"0\"");
        await SeesAsync(_other, "settings", answer => answer["version"] == "1");
        Assert.Equal(200, (await PutAsync(_one, "suppressions/gone@example.org", new JsonObject { ["reason"] = "asked" })).Status);

        var answer = await PostAsync(_other, "messages", Mail("gone@example.org"));

        Assert.Equal((202, "suppressed"), (answer.Status, answer["status"]));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task The_same_idempotency_key_on_both_at_once_is_one_message()
    {
        await PutAsync(_one, "settings", Bodies.Smtp(), "\"0\"");
        await SeesAsync(_other, "settings", answer => answer["version"] == "1");
        for (var round = 0; round < 20; round++)
        {
            var twins = await Task.WhenAll(new[] { _one, _other, _one, _other }.Select(host => host.SendAsync(
                HttpMethod.Post, "messages", Mail("b@example.org"), _key, request => request.Headers.Add("Idempotency-Key", $"round {round}"))));

            Assert.All(twins, answer => Assert.Equal(202, answer.Status));
            Assert.Single(twins.Select(answer => answer["id"]).Distinct());
            Assert.Equal(3, twins.Count(answer => answer.Header("Idempotency-Replayed") == "true"));
        }
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Every_message_is_sent_once_whoever_took_it()
    {
        await using var sink = new CountingSink();
        await PutAsync(_one, "settings", Bodies.Smtp(smtp =>
        {
            (smtp["host"], smtp["port"], smtp["security"], smtp["maxSessions"]) = ("127.0.0.1", sink.Port, "none", 3);
            smtp.Remove("username");
            smtp.Remove("password");
        }), "\"0\"");
        await SeesAsync(_other, "settings", answer => answer["version"] == "1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => PostAsync(number % 2 == 0 ? _one : _other, "messages", Mail($"r{number}@example.org"))));

        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        await SeesAsync(_one, "stats", answer => answer.Json["byStatus"]!["sent"]?.GetValue<int>() == 300);
        Assert.Equal(answers.Select(answer => answer["messageId"]!).Order(StringComparer.Ordinal), sink.Messages.Keys.Order(StringComparer.Ordinal));
        Assert.All(sink.Messages.Values, message => Assert.Equal(1, message.Times));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task The_key_ring_lies_sealed_in_the_database()
    {
        await PutAsync(_one, "settings", Bodies.Smtp(), "\"0\"");

        // Each node by itself would have made one, and not known what the other protects.
        var kept = await _one.Services.GetRequiredService<IDatabase>().ReadAsync(connection => connection.Query<string>("select document from key_ring").ToList(), default);

        Assert.StartsWith("<sealed", Assert.Single(kept), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_one.Data, "keys")));
    }

    static JsonObject Alert(string subject) => new() { ["subject"] = subject, ["text"] = "{{title}}" };

    static JsonObject Mail(string to) => new() { ["to"] = new JsonArray(new JsonObject { ["address"] = to }), ["subject"] = "s", ["text"] = "t" };

    Task<Answer> PutAsync(PluginHost host, string path, JsonNode body, string? etag = null) =>
        host.SendAsync(HttpMethod.Put, path, body, _key, request => request.Headers.TryAddWithoutValidation("If-Match", etag));

    Task<Answer> PostAsync(PluginHost host, string path, JsonNode body) => host.PostAsync(path, body, _key);

    Task<Answer> SeesAsync(PluginHost host, string path, Func<Answer, bool> isRight) => Eventually.SeeAsync(() => host.GetAsync(path, _key), isRight, $"{path} on the other node");
}
