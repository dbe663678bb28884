using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>Who may ask, how it is told, how it ends and what is kept.</summary>
public sealed class DoctorApiTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_test_key_examines_what_is_saved_and_nothing_else()
    {
        await using var relay = new HostileRelay();
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Drill.Draft(relay.Port));
        var key = await host.NewKeyAsync("test");

        var saved = await host.PostAsync("diagnose", new JsonObject { ["transport"] = "primary" }, key);
        Assert.Equal((200, "none"), (saved.Status, Verdict(saved)["cause"]!["id"]!.GetValue<string>()));
        Assert.Equal(200, (await host.GetAsync($"diagnoses/{IdOf(saved)}", key)).Status);

        Assert.Equal((403, "forbidden"), Answered(await host.PostAsync("diagnose", new JsonObject { ["settings"] = Drill.Draft(relay.Port) }, key)));
        Assert.Equal((403, "destination-not-allowed"), Answered(await host.PostAsync("diagnose", new JsonObject { ["to"] = "victim@example.net" }, key)));

        var draft = await host.PostAsync("diagnose", new JsonObject { ["settings"] = Drill.Draft(relay.Port) });
        Assert.Equal(200, (await host.GetAsync($"diagnoses/{IdOf(draft)}")).Status);
        Assert.Equal(404, (await host.GetAsync($"diagnoses/{IdOf(draft)}", key)).Status);
        Assert.Equal(403, (await host.GetAsync($"diagnoses/{IdOf(saved)}", await host.NewKeyAsync("read"))).Status);
        Assert.Equal(404, (await host.GetAsync("diagnoses/d_none")).Status);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused_before_anything_is_looked_at()
    {
        await using var host = await PluginHost.StartAsync();

        Assert.Equal((422, "no-transport"), Answered(await host.PostAsync("diagnose", new JsonObject())));
        Assert.Equal((400, "invalid-request"), Answered(await host.PostAsync("diagnose", new JsonObject { ["transport"] = "none" })));
        Assert.Equal((400, "invalid-request"), Answered(await host.PostAsync("diagnose", new JsonObject { ["what"] = 1 })));
        Assert.Equal((400, "invalid-settings"), Answered(await host.PostAsync("diagnose", new JsonObject { ["settings"] = Drill.Draft(70_000) })));
    }

    [Fact]
    public async Task It_is_told_while_it_goes_on_and_ends_when_the_reader_goes()
    {
        await using var silent = new SilentPort();
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Drill.Draft(silent.Port));
        using var patience = new CancellationTokenSource(Patience);

        string id;
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/api/mail/diagnose") { Content = new StringContent("{}", Encoding.UTF8, "application/json") })
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", host.Key);
            using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
            id = JsonNode.Parse((await lines.ReadLineAsync(patience.Token))!)!["id"]!.GetValue<string>();
            string? line;
            while ((line = await lines.ReadLineAsync(patience.Token)) is not null && !line.Contains("\"connect\"", StringComparison.Ordinal))
            {
            }

            // The relay says nothing for two minutes: the steps until then are here, and the rest is still being waited for.
            Assert.NotNull(line);
            Assert.Equal("running", (await host.GetAsync($"diagnoses/{id}"))["state"]);
        }

        var kept = await Eventually.SeeAsync(() => host.GetAsync($"diagnoses/{id}"), answer => answer["state"] == "brokenOff", "the diagnosis");
        Assert.NotEmpty(kept.Json["steps"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_may_ask_without_end()
    {
        using var closed = new ClosedPort();
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Drill.Draft(closed.Port));
        var answers = new List<Answer>();
        for (var times = 0; times < 15 && answers.LastOrDefault()?.Status != 429; times++)
        {
            answers.Add(await host.PostAsync("diagnose", new JsonObject()));
        }

        Assert.Equal((429, "rate-limited", "10"), (answers[^1].Status, answers[^1].Slug, answers[^1].Header("Retry-After")));
    }

    [Fact]
    public async Task Where_the_policy_forbids_it_nothing_is_connected_to_and_it_is_audited()
    {
        await using var relay = new RelayAt("127.0.77.3", 2525);
        await using var server = new RecordingSmtpServer();
        await using var host = await PluginHost.StartAsync(new() { ["Outbound:AllowPrivate"] = "false" });

        foreach (var (name, port) in new[] { ("127.0.0.1", server.Port), ("localhost", server.Port), ("::ffff:127.0.77.3", 587) })
        {
            var answer = await host.PostAsync("diagnose", new JsonObject { ["settings"] = Drill.Draft(port, host: name) });
            Assert.Equal("destination-not-allowed", Verdict(answer)["cause"]!["id"]!.GetValue<string>());
        }

        Assert.Equal(0, server.Connections + relay.Connections);
        Assert.Contains("diagnosis refused by the outbound policy", (await host.GetAsync("audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_ports_are_looked_at_only_where_the_policy_names_them()
    {
        await using var relay = new RelayAt("127.0.77.4", 0);
        await using var other = new RelayAt("127.0.77.4", 2525);
        await using var host = await PluginHost.StartAsync(new() { ["Outbound:Ports"] = $"{relay.Port},587" });

        var answer = await host.PostAsync("diagnose", new JsonObject { ["settings"] = Drill.Draft(relay.Port, host: "127.0.77.4") });

        Assert.Equal("none", Verdict(answer)["cause"]!["id"]!.GetValue<string>());
        Assert.Equal(0, other.Connections);
    }

    [Fact]
    public async Task It_is_told_in_the_readers_language_and_kept_over_a_restart()
    {
        using var folder = new TempFolder();
        using var closed = new ClosedPort();
        string id;
        await using (var host = await PluginHost.StartAsync(data: folder.Of("data")))
        {
            await host.SaveAsync(Drill.Draft(closed.Port));
            var answer = await host.SendAsync(HttpMethod.Post, "diagnose", new JsonObject(), host.Key, request => request.Headers.AcceptLanguage.Add(new("zh-CN")));
            Assert.Contains("没有服务在监听", Verdict(answer)["cause"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal("zh-CN", answer.Header("Content-Language"));
            id = IdOf(answer);
            await host.NewKeyAsync("admin");
            File.WriteAllText(folder.Of("key"), host.Key);
        }

        await using (var again = await PluginHost.StartAsync(data: folder.Of("data")))
        {
            var kept = await again.GetAsync($"diagnoses/{id}", await File.ReadAllTextAsync(folder.Of("key")));
            Assert.Equal((200, "done"), (kept.Status, kept["state"]));
            Assert.Contains("Nothing listens", kept.Json["verdict"]!["cause"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    static (int, string?) Answered(Answer answer) => (answer.Status, answer.Slug);

    static string IdOf(Answer answer) => JsonNode.Parse(answer.Text.Split('\n')[0])!["id"]!.GetValue<string>();

    static JsonObject Verdict(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return JsonNode.Parse(answer.Text.TrimEnd('\n').Split('\n')[^1])!.AsObject();
    }
}
