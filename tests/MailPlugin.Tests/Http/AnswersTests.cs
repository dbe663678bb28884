using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

/// <summary>What the whole API promises of its answers, each of these once broken.</summary>
public sealed class AnswersTests : IAsyncLifetime
{
    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_submission_without_recipients_hears_of_it_with_everything_else()
    {
        var answer = await _host.PostAsync("messages", new JsonObject { ["from"] = new JsonObject { ["address"] = "a@example.com" } });
        Assert.Equal((400, "invalid-message"), (answer.Status, answer.Slug));
        Assert.Equal(["subject", "text", "to"], answer.ErrorPaths.Order());
    }

    [Fact]
    public async Task A_recipient_that_is_no_object_is_one_fault()
    {
        var answer = await _host.PostAsync("messages", Message(message => message["to"] = new JsonArray(5)));
        Assert.Equal(["to[0]"], answer.ErrorPaths);
    }

    [Fact]
    public async Task A_batch_item_with_a_key_and_a_name_that_is_no_text_is_refused_by_itself()
    {
        const string Item = """{ "idempotencyKey": "one", "\ud800": 1, "from": { "address": "a@example.com" }, "to": [{ "address": "b@example.org" }], "subject": "s", "text": "t" }""";
        var answer = await _host.SendAsync(HttpMethod.Post, "messages/batch", null, _host.Key, request =>
            request.Content = new StringContent($$"""{ "messages": [{{Item}}] }""", Encoding.UTF8, "application/json"));
        Assert.Equal(200, answer.Status);
        Assert.Equal(400, answer.Json["results"]![0]!["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_batch_may_be_larger_than_the_server_lets_bodies_be()
    {
        var text = new string('a', 1_000_000);
        var answer = await _host.PostAsync("messages/batch", new JsonObject { ["messages"] = new JsonArray([.. Enumerable.Range(0, 32).Select(_ => Message(message => message["text"] = text))]) });
        Assert.True(answer.Status == 200, answer.Text);
        Assert.All(answer.Json["results"]!.AsArray(), result => Assert.Equal(202, result!["status"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_answered_with_the_headers_of_every_answer()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Client.BaseAddress!.Host, _host.Client.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/mail/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_host.Key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = await new StreamReader(stream).ReadLinesUntilEmptyAsync(limit.Token);
        Assert.StartsWith("HTTP/1.1 400", answer[0], StringComparison.Ordinal);
        Assert.Contains("X-Content-Type-Options: nosniff", answer);
        Assert.Contains("Cache-Control: no-store", answer);
    }

    [Fact]
    public async Task Delivery_goes_on_only_when_told_so()
    {
        Assert.Equal("true", (await _host.PutAsync("delivery", new JsonObject { ["paused"] = true }))["paused"]);
        var answer = await _host.PutAsync("delivery", new JsonObject());
        Assert.Equal(400, answer.Status);
        Assert.Equal(["paused"], answer.ErrorPaths);
        Assert.Equal("true", (await _host.GetAsync("delivery"))["paused"]);
    }

    static JsonObject Message(Action<JsonObject> change)
    {
        var message = new JsonObject
        {
            ["from"] = new JsonObject { ["address"] = "a@example.com" },
            ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }),
            ["subject"] = "s",
            ["text"] = "t",
        };
        change(message);
        return message;
    }
}

file static class Lines
{
    public static async Task<List<string>> ReadLinesUntilEmptyAsync(this StreamReader reader, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
