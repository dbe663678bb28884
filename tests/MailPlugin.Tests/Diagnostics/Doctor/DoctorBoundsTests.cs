using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>What is asked wrongly, by many at once, or by somebody who goes away.</summary>
public sealed class DoctorBoundsTests
{
    /// <summary>How many examinations go on at once, and how many wait for a place.</summary>
    const int AtOnce = 4, Waiting = 4;

    [Fact]
    public async Task A_body_that_is_wrong_is_refused_as_described_and_nothing_is_connected_to()
    {
        await using var silent = new SilentPort();
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Drill.Draft(silent.Port));
        string[] bodies =
        [
            "", " ", "{", "[]", "null", "0", "\"primary\"", "{}{}", "\0", "{\"transport\":1}", "{\"transport\":[]}", "{\"transport\":\"\"}", "{\"transport\":\"a\\u0000b\"}", "{\"transport\":\"\\ud800\"}",
            $"{{\"transport\":\"{new string('x', 65)}\"}}", "{\"to\":\"nobody\"}", "{\"to\":\"a@test.example\\r\\nRCPT TO:<b@test.example>\"}", "{\"to\":5}", "{\"to\":[\"a@test.example\"]}",
            "{\"settings\":[]}", "{\"settings\":{\"transports\":[{\"id\":\"primary\",\"mode\":\"smtp\",\"smtp\":{\"host\":\"a b\",\"port\":0}}]}}", "{\"transport\":\"primary\",\"transport\":\"primary\"}",
            "{\"what\":1}", string.Concat(Enumerable.Repeat("[", 2_000)), $"{{\"to\":\"{new string('a', 300_000)}\"}}",
        ];
        foreach (var body in bodies)
        {
            var answer = await SendAsync(host, new StringContent(body, Encoding.UTF8, "application/json"));

            Assert.True(answer.Status is 400 or 413, $"{answer.Status} for {body[..Math.Min(80, body.Length)]}");
            TheDocument.Answers.Check("POST", "/diagnose", answer.Status, answer.Text);
        }

        Assert.Equal(415, (await SendAsync(host, new StringContent("{}", Encoding.UTF8, "text/plain"))).Status);
        Assert.Equal(415, (await SendAsync(host, new ByteArrayContent([0xFF, 0xFE]))).Status);
        Assert.Equal(0, silent.Connections);
    }

    [Fact]
    public async Task Of_many_at_once_a_few_go_on_a_few_wait_and_the_rest_is_told_to_come_later()
    {
        await using var silent = new SilentPort();
        await using var relay = new HostileRelay();
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Drill.Draft(silent.Port));
        using var gone = new CancellationTokenSource();
        var asked = new List<Task<HttpResponseMessage>>();
        for (var number = 0; number < AtOnce + Waiting + 4; number++)
        {
            var made = await host.PostAsync("keys", new JsonObject { ["name"] = number.ToString(CultureInfo.InvariantCulture), ["scopes"] = new JsonArray("admin") });
            asked.Add(AskAsync(host, made["key"]!, gone.Token));
        }

        // Those that go on have begun their answer; those that wait have not.
        await Eventually.SeeAsync(() => asked.Count(one => one.IsCompleted) == AtOnce + 4, "who goes on and who is sent away");
        var answered = await Task.WhenAll(asked.Where(one => one.IsCompleted));
        Assert.Equal(AtOnce, answered.Count(response => (int)response.StatusCode == 200));
        Assert.Equal(4, answered.Count(response => (int)response.StatusCode == 429 && response.Headers.RetryAfter is not null));

        // Everybody goes away: nothing stays open, and the places are free again.
        await gone.CancelAsync();
        Array.ForEach(answered, response => response.Dispose());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(asked));
        await Eventually.SeeAsync(() => silent.Open == 0, "the connections of examinations that nobody waits for");
        var next = await Eventually.SeeAsync(() => host.PostAsync("diagnose", new JsonObject { ["settings"] = Drill.Draft(relay.Port) }), answer => answer.Status == 200, "the next examination");
        Assert.Equal("none", JsonNode.Parse(next.Text.TrimEnd('\n').Split('\n')[^1])!["cause"]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_program_ends_when_the_reader_goes()
    {
        using var folder = new TempFolder();
        var settings = Bodies.Program("sendmail", "smtp", Script.Write(folder, "sendmail", $"echo $$ >{Script.Quote(folder.Of("pid"))}; exec sleep 600"));
        settings["transports"]![0]!["sendmail"]!["timeoutSeconds"] = 600;
        await using var host = await PluginHost.StartAsync();
        Assert.Equal(200, (await host.SaveAsync(settings)).Status);
        using (var gone = new CancellationTokenSource())
        {
            using var response = await AskAsync(host, host.Key, gone.Token);
            Assert.Equal(200, (int)response.StatusCode);
            await Eventually.SeeAsync(() => File.Exists(folder.Of("pid")) && File.ReadAllText(folder.Of("pid")).EndsWith('\n'), "the program");
            await gone.CancelAsync();
        }

        var id = (await File.ReadAllTextAsync(folder.Of("pid"))).Trim();
        await Eventually.SeeAsync(() => !Directory.Exists($"/proc/{id}"), "the end of the program");
    }

    static async Task<HttpResponseMessage> AskAsync(PluginHost host, string key, CancellationToken cancellationToken)
    {
        using var request = Request(key, new StringContent("{}", Encoding.UTF8, "application/json"));
        return await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    static async Task<Answer> SendAsync(PluginHost host, HttpContent content)
    {
        using var request = Request(host.Key, content);
        return await host.SendAsync(request);
    }

    static HttpRequestMessage Request(string key, HttpContent content) =>
        new(HttpMethod.Post, "/api/mail/diagnose") { Content = content, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
}
