using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.TestBed.OpenApi;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>What the API really answers is what its document says: every route, by its success and by its usual refusals.</summary>
public sealed class DescribedAnswersTests(DescribedHost shared) : IClassFixture<DescribedHost>
{
    readonly MailHost host = shared.Host;

    [Theory]
    [InlineData("session", 200)]
    [InlineData("sessions", 200)]
    [InlineData("keys", 200)]
    [InlineData("audit?limit=2", 200)]
    [InlineData("audit?limit=0", 400)]
    [InlineData("audit?cursor=bm8", 400)]
    [InlineData("settings", 200)]
    [InlineData("debug", 200)]
    [InlineData("settings/debug", 200)]
    [InlineData("transcripts", 200)]
    [InlineData("transcripts/none", 404)]
    [InlineData("logs?level=information&limit=3", 200)]
    [InlineData("logs?level=loud", 400)]
    [InlineData("logs?transport=one&message=m_1&q=x&since=2001-01-01T00:00:00Z&until=2001-01-02T00:00:00Z", 200)]
    [InlineData("logs?since=soon", 400)]
    [InlineData("logs/files", 200)]
    [InlineData("logs/files?limit=0", 400)]
    [InlineData("logs/files/none", 404)]
    [InlineData("logs/stream?after=nowhere", 400)]
    [InlineData("knowledge/unmatched", 200)]
    [InlineData("version", 200)]
    [InlineData("openapi.json", 200)]
    [InlineData("problems/none", 404)]
    [InlineData("messages", 200)]
    [InlineData("messages?status=lost", 400)]
    [InlineData("messages/none", 404)]
    [InlineData("messages/none/content", 404)]
    [InlineData("messages/none/preview", 404)]
    [InlineData("suppressions", 200)]
    [InlineData("transports", 200)]
    [InlineData("delivery", 200)]
    [InlineData("stats", 200)]
    [InlineData("stats?window=1h", 200)]
    [InlineData("stats?window=1y", 400)]
    [InlineData("health", 200)]
    public async Task What_is_read_is_as_described(string path, int status) => Check(await host.GetAsync(path), "GET", path, status);

    [Fact]
    public async Task Settings_are_saved_and_refused_as_described()
    {
        var draft = Drafts.With(Drafts.Smtp(587, smtp =>
        {
            smtp["username"] = "user";
            smtp["password"] = "secret";
        }));

        Check(await host.SendAsync(HttpMethod.Put, "settings", draft), "PUT", "/settings", 428);
        Check(await host.SaveAsync(draft), "PUT", "/settings", 200);
        Check(await host.GetAsync("settings"), "GET", "/settings", 200);
        Check(await host.SendAsync(HttpMethod.Put, "settings", draft, request => request.Headers.IfMatch.Add(new("\"0\""))), "PUT", "/settings", 412);
        Check(await host.SaveAsync(Drafts.With(Drafts.Smtp(70_000))), "PUT", "/settings", 400);
        Check(await host.SaveAsync(Drafts.With(Drafts.Smtp(587, smtp => smtp["username"] = "other"))), "PUT", "/settings", 422);
    }

    [Fact]
    public async Task Keys_are_made_and_revoked_as_described()
    {
        var made = await host.PostAsync("keys", new JsonObject { ["name"] = "reader", ["scopes"] = new JsonArray("read"), ["expiresAt"] = "2999-01-01T00:00:00Z" });
        Check(made, "POST", "/keys", 201);
        Check(await host.PostAsync("keys", new JsonObject { ["name"] = "" }), "POST", "/keys", 400);
        Check(await host.SendAsync(HttpMethod.Get, "keys", null, request => request.Headers.Authorization = new("Bearer", made["key"])), "GET", "/keys", 403);
        Check(await host.SendAsync(HttpMethod.Get, "keys", null, request => request.Headers.Authorization = null), "GET", "/keys", 401);
        Check(await host.SendAsync(HttpMethod.Delete, $"keys/{made["id"]}", null), "DELETE", $"/keys/{made["id"]}", 204);
        Check(await host.SendAsync(HttpMethod.Delete, $"keys/{made["id"]}", null), "DELETE", $"/keys/{made["id"]}", 404);
        var first = (await host.GetAsync("keys")).Json["items"]![0]!["id"]!.ToString();
        Check(await host.SendAsync(HttpMethod.Delete, $"keys/{first}", null), "DELETE", $"/keys/{first}", 409);
    }

    [Fact]
    public async Task A_sign_in_is_as_described()
    {
        Check(await host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = "mp_wrong" }, request => request.Headers.Authorization = null), "POST", "/session", 401);
        Check(await host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = host.Key }, request => request.Headers.Authorization = null), "POST", "/session", 204);
        var sessions = await host.GetAsync("sessions");
        Check(sessions, "GET", "/sessions", 200);
        var id = sessions.Json["items"]![0]!["id"]!.ToString();
        Check(await host.SendAsync(HttpMethod.Delete, $"sessions/{id}", null), "DELETE", $"/sessions/{id}", 204);
        Check(await host.SendAsync(HttpMethod.Delete, $"sessions/{id}", null), "DELETE", $"/sessions/{id}", 404);
        Check(await host.SendAsync(HttpMethod.Delete, "session", null), "DELETE", "/session", 204);
    }

    [Fact]
    public async Task A_failed_test_and_its_transcript_are_as_described()
    {
        using var nobody = new ClosedPort();
        Check(await host.PostAsync("test", new JsonObject { ["settings"] = new JsonObject() }), "POST", "/test", 422);
        await host.SaveAsync(Drafts.With(Drafts.Smtp(nobody.Port, id: "closed")));

        var answer = await host.PostAsync("test", new JsonObject());
        Check(answer, "POST", "/test", 424);
        var transcript = $"transcripts/{answer["transcriptId"]}";
        Check(await host.GetAsync(transcript), "GET", transcript, 200);
        Check(await host.GetAsync("transcripts"), "GET", "/transcripts", 200);
        Check(await host.GetAsync($"messages/{answer["id"]}"), "GET", $"/messages/{answer["id"]}", 200);
        Check(await host.PostAsync("test", new JsonObject { ["to"] = "nobody" }), "POST", "/test", 400);
        Check(await host.SendAsync(HttpMethod.Delete, "transcripts", null), "DELETE", "/transcripts", 204);
    }

    [ServerFact(Server.SmtpSink)]
    public async Task A_test_mail_that_was_taken_is_as_described()
    {
        await using var sink = await SmtpSink.StartAsync();
        await host.SaveAsync(Drafts.With(Drafts.Smtp(sink.Port, id: "sink", host: "127.0.0.1")));

        Check(await host.PostAsync("test", new JsonObject()), "POST", "/test", 200);
    }

    [Fact]
    public async Task Debug_is_switched_as_described()
    {
        Check(await host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["enabled"] = true, ["minutes"] = 5, ["content"] = "headers" }), "PUT", "/debug", 200);
        Check(await host.SendAsync(HttpMethod.Put, "settings/debug", new JsonObject { ["enabled"] = false }), "PUT", "/settings/debug", 200);
        Check(await host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["minutes"] = 0 }), "PUT", "/debug", 400);
    }

    [Fact]
    public async Task Submissions_are_taken_and_refused_as_described()
    {
        static JsonObject Message(string subject = "Hi") => new()
        {
            ["from"] = new JsonObject { ["address"] = "a@example.com" },
            ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }),
            ["subject"] = subject,
            ["text"] = "Hello.",
        };

        // Nowhere to send to: what is accepted stays where it can be read.
        var accepted = await host.SendAsync(HttpMethod.Post, "messages", Message(), Key);
        Check(accepted, "POST", "/messages", 202);
        Check(await host.SendAsync(HttpMethod.Post, "messages", Message(), Key), "POST", "/messages", 202);
        Check(await host.SendAsync(HttpMethod.Post, "messages", Message("Another"), Key), "POST", "/messages", 409);
        Check(await host.PostAsync("messages", new JsonObject { ["subject"] = 1 }), "POST", "/messages", 400);
        Check(await host.PostAsync("messages/batch", new JsonObject { ["messages"] = new JsonArray(Message(), new JsonObject()) }), "POST", "/messages/batch", 200);
        Check(await host.PostAsync("messages/batch", new JsonObject { ["messages"] = new JsonArray() }), "POST", "/messages/batch", 400);
        Check(await host.GetAsync("messages?limit=1"), "GET", "/messages", 200);
        var message = $"messages/{accepted["id"]}";
        Check(await host.GetAsync(message), "GET", message, 200);
        Check(await host.GetAsync($"{message}/preview"), "GET", $"{message}/preview", 200);
        Check(await host.SendAsync(HttpMethod.Post, $"{message}/cancel", null), "POST", $"{message}/cancel", 200);
        Check(await host.SendAsync(HttpMethod.Post, $"{message}/cancel", null), "POST", $"{message}/cancel", 409);
        Check(await host.SendAsync(HttpMethod.Post, $"{message}/resend", null), "POST", $"{message}/resend", 202);
        Check(await host.PostAsync($"{message}/resend", new JsonObject { ["to"] = new JsonArray() }), "POST", $"{message}/resend", 400);
        Check(await host.SendAsync(HttpMethod.Post, "messages/none/retry", null), "POST", "messages/none/retry", 404);
        Check(await host.PostAsync("messages/retry", new JsonObject { ["filter"] = new JsonObject { ["status"] = "failed" }, ["dryRun"] = true }), "POST", "messages/retry", 200);
        Check(await host.PostAsync("messages/retry", new JsonObject()), "POST", "messages/retry", 400);

        static void Key(HttpRequestMessage request) => request.Headers.Add("Idempotency-Key", "once");
    }

    [Fact]
    public async Task Suppressions_and_erasure_are_as_described()
    {
        const string Place = "suppressions/c@example.org";
        Check(await host.SendAsync(HttpMethod.Put, Place, new JsonObject { ["reason"] = "asked" }), "PUT", Place, 200);
        Check(await host.SendAsync(HttpMethod.Put, Place, new JsonObject { ["expiresAt"] = "2000-01-01T00:00:00Z" }), "PUT", Place, 400);
        Check(await host.GetAsync("suppressions"), "GET", "suppressions", 200);
        Check(await host.SendAsync(HttpMethod.Delete, Place, null), "DELETE", Place, 204);
        Check(await host.SendAsync(HttpMethod.Delete, Place, null), "DELETE", Place, 404);
        Check(await host.SendAsync(HttpMethod.Post, "recipients/c@example.org/erase", null), "POST", "recipients/c@example.org/erase", 200);
    }

    [Fact]
    public async Task Delivery_and_transports_are_as_described()
    {
        Check(await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true }), "PUT", "delivery", 200);
        Check(await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false }), "PUT", "delivery", 200);
        Check(await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = 1 }), "PUT", "delivery", 400);
        await host.SaveAsync(Drafts.With(Drafts.Smtp(587, id: "one")));
        Check(await host.GetAsync("transports"), "GET", "transports", 200);
        Check(await host.SendAsync(HttpMethod.Post, "transports/one/resume", null), "POST", "transports/one/resume", 200);
        Check(await host.SendAsync(HttpMethod.Post, "transports/none/resume", null), "POST", "transports/none/resume", 404);
        Check(await host.SendAsync(HttpMethod.Get, "health", null, request => request.Headers.Authorization = null), "GET", "health", 200);
    }

    [Theory]
    [InlineData("POST", "keys")]
    [InlineData("PUT", "settings")]
    [InlineData("POST", "test")]
    [InlineData("PUT", "debug")]
    [InlineData("POST", "messages")]
    [InlineData("POST", "session")]
    public async Task A_body_that_is_not_JSON_is_refused_as_described(string method, string path)
    {
        Check(await host.SendAsync(new(method), path, null, request => request.Content = new StringContent("{", null, "application/json")), method, path, 400);
        Check(await host.SendAsync(new(method), path, null, request => request.Content = new StringContent("{}", null, "text/plain")), method, path, 415);
    }

    void Check(Answer answer, string method, string path, int status)
    {
        Assert.True(answer.Status == status, $"{method} {path}: {answer.Status}, not {status}: {answer.Text}");
        shared.Described.Check(method, "/" + path.TrimStart('/'), status, answer.Text);
    }
}

/// <summary>One host for all of these tests: they are independent of what the others leave behind.</summary>
public sealed class DescribedHost : IAsyncLifetime
{
    internal MailHost Host { get; private set; } = null!;

    internal OpenApiAnswers Described { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await MailHost.StartAsync();
        using var document = JsonDocument.Parse((await Host.GetAsync("openapi.json")).Text);
        Described = new(document.RootElement.Clone());
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
