using System.Net;
using System.Text.Json;
using MailPlugin.Queue;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Submission;

public sealed class SubmissionApiTests
{
    const string Valid = """{"from":{"address":"a@example.com"},"to":[{"address":"b@example.org"}],"subject":"Hi","text":"Hello"}""";

    [Fact]
    public async Task A_message_is_accepted_with_where_to_look_and_is_delivered()
    {
        await using var api = await ApiRig.StartAsync();
        api.Queue.Settings.Add("primary");
        await api.Queue.StartDeliveryAsync();

        var (status, body, response) = await api.PostAsync("/messages", Valid);

        var id = body.GetProperty("id").GetString()!;
        Assert.Equal((HttpStatusCode.Accepted, $"/messages/{id}", "queued"), (status, response.Headers.Location!.OriginalString, body.GetProperty("status").GetString()));
        Assert.Equal(["id", "messageId", "status"], body.EnumerateObject().Select(property => property.Name));
        var sent = await api.Queue.WaitForAsync(id, MessageStatus.Sent);
        Assert.Equal(body.GetProperty("messageId").GetString(), sent.MessageId);
        Assert.Equal("k1", sent.Owner);
    }

    [Fact]
    public async Task All_faults_are_named_at_once_with_their_paths()
    {
        await using var api = await ApiRig.StartAsync();

        var (status, body, _) = await api.PostAsync("/messages", """
            {"from":{"address":"nobody"},"to":[{"address":"b@example.org"},{"address":"x\r\ny@z"},{}],"cc":"x","subject":"a\nb","headers":{"X-Foo":"a\r\nBcc: evil@example.org","Bcc":"x","X-Num":4},
             "attachments":[{"name":"a","contentType":"text/plain","content":"aGk="},{"name":"b/c","contentType":"nonsense","content":"!"}],
             "priority":"urgent","notBefore":"soon","source":"a b","transport":"none","dsn":{"notify":["never","success"]},"inReplyTo":"x","references":["y",1],"autoSubmitted":"perhaps",
             "listUnsubscribe":{"url":"http://example.org","oneClick":true},"metadata":{"k":1},"typo":1}
            """);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid-message"), (status, Slug(body)));
        var paths = body.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "attachments[1].content", "attachments[1].contentType", "attachments[1].name", "autoSubmitted", "cc", "dsn.notify", "from.address", "headers.Bcc", "headers.X-Foo", "headers.X-Num",
                "inReplyTo", "listUnsubscribe.url", "metadata.k", "notBefore", "priority", "references[0]", "references[1]", "source", "subject", "text", "to[1].address", "to[2].address", "transport", "typo",
            ],
            paths);
        Assert.Empty((await api.GetAsync("/messages")).Body.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"to":[],"subject":"x","text":"y","from":{"address":"a@example.com"}}""", "to")]
    [InlineData("""{"to":[{"address":"b@example.org"}],"subject":"x","text":"y"}""", "from")]
    [InlineData("""{"to":[{"address":"b@example.org"}],"subject":"x","template":"t","from":{"address":"a@example.com"}}""", "subject")]
    [InlineData("""{"to":[{"address":"b@example.org"}],"template":"t","from":{"address":"a@example.com"}}""", "template")]
    [InlineData("""{"to":[{"address":"b@example.org"}],"subject":"x","text":"y","from":{"address":"a@example.com"},"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"to":[{"address":"b@example.org"}],"subject":"x","text":"y","from":{"address":"a@example.com"},"notBefore":"2036-01-01T00:00:00Z"}""", "notBefore")]
    [InlineData("""{"to":[{"address":"b@example.org"}],"subject":"x","text":"y","from":{"address":"a@example.com"},"attachments":[{"name":"a","contentType":"text/plain","content":"\ud800"}]}""", "attachments[0].content")]
    [InlineData("[]", "")]
    public async Task A_single_fault_is_named(string json, string path)
    {
        await using var api = await ApiRig.StartAsync();

        var (status, body, _) = await api.PostAsync("/messages", json);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(body.GetProperty("errors").TryGetProperty(path, out _), body.ToString());
    }

    [Fact]
    public async Task Syntax_type_and_size_have_their_own_answers()
    {
        await using var api = await ApiRig.StartAsync(new() { DiskFloor = 0, MessageBytes = 10_000 });

        Assert.Equal("invalid-json", Slug((await api.PostAsync("/messages", """{"to":""")).Body));
        var big = Valid.Replace("Hello", new string('x', 20_000), StringComparison.Ordinal);
        var (status, body, _) = await api.PostAsync("/messages", big);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too-large"), (status, Slug(body)));
        using var content = new StringContent(Valid, System.Text.Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await api.Client.SendAsync(new(HttpMethod.Post, "/messages") { Content = content, Headers = { { "X-Scopes", "send" } } })).StatusCode);
    }

    [Fact]
    public async Task The_same_key_and_body_are_answered_again_and_sent_once()
    {
        await using var api = await ApiRig.StartAsync();
        var first = await api.PostAsync("/messages", Valid, ("Idempotency-Key", "order 17"));

        var again = await api.PostAsync("/messages", Valid, ("Idempotency-Key", "order 17"));

        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Equal(first.Body.ToString(), again.Body.ToString());
        Assert.Equal(["true"], again.Response.Headers.GetValues("Idempotency-Replayed"));
        Assert.False(first.Response.Headers.Contains("Idempotency-Replayed"));
        Assert.Single((await api.GetAsync("/messages")).Body.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Another_body_under_the_key_is_a_conflict_and_another_caller_has_keys_of_its_own()
    {
        await using var api = await ApiRig.StartAsync();
        await api.PostAsync("/messages", Valid, ("Idempotency-Key", "k"));

        var (status, body, _) = await api.PostAsync("/messages", Valid + " ", ("Idempotency-Key", "k"));
        var other = await api.SendAsync(HttpMethod.Post, "/messages", Valid + " ", "send", "k2", ("Idempotency-Key", "k"));

        Assert.Equal((HttpStatusCode.Conflict, "idempotency-conflict"), (status, Slug(body)));
        Assert.Equal(HttpStatusCode.Accepted, other.Status);
    }

    [Fact]
    public async Task Twins_in_flight_are_one_message()
    {
        await using var api = await ApiRig.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PostAsync("/messages", Valid, ("Idempotency-Key", "twin"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetString()).Distinct());
        Assert.Equal(19, answers.Count(answer => answer.Response.Headers.Contains("Idempotency-Replayed")));
    }

    [Fact]
    public async Task A_refusal_is_not_remembered_and_a_key_ends_after_a_day()
    {
        await using var api = await ApiRig.StartAsync();
        var bad = await api.PostAsync("/messages", "{}", ("Idempotency-Key", "k"));
        var good = await api.PostAsync("/messages", Valid, ("Idempotency-Key", "k"));
        api.Queue.Clock.Advance(TimeSpan.FromHours(25));
        var later = await api.PostAsync("/messages", Valid, ("Idempotency-Key", "k"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Accepted, HttpStatusCode.Accepted), (bad.Status, good.Status, later.Status));
        Assert.NotEqual(good.Body.GetProperty("id").GetString(), later.Body.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_replay_is_answered_even_when_mail_is_switched_off()
    {
        await using var api = await ApiRig.StartAsync();
        await api.PostAsync("/messages", Valid, ("Idempotency-Key", "k"));
        api.Queue.Settings.Change(settings => settings with { Enabled = false });

        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("/messages", Valid, ("Idempotency-Key", "k"))).Status);
        var (status, body, _) = await api.PostAsync("/messages", Valid);
        Assert.Equal((HttpStatusCode.Conflict, "mail-disabled"), (status, Slug(body)));
    }

    [Fact]
    public async Task A_batch_stores_what_is_valid_and_names_what_is_not()
    {
        await using var api = await ApiRig.StartAsync();

        var (status, body, _) = await api.PostAsync("/messages/batch", $$"""{"messages":[{{Valid}},{"to":[{"address":"x"}],"subject":"s","text":"t"},{{Valid}}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        var results = body.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal([202, 400, 202], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal([0, 1, 2], results.Select(result => result.GetProperty("index").GetInt32()));
        Assert.True(results[1].GetProperty("problem").GetProperty("errors").TryGetProperty("to[0].address", out _));
        Assert.Equal(2, (await api.GetAsync("/messages")).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Batch_and_single_share_idempotency_keys()
    {
        await using var api = await ApiRig.StartAsync();
        var single = await api.PostAsync("/messages", Valid, ("Idempotency-Key", "k"));

        var keyed = Valid[..^1] + ""","idempotencyKey":"k"}""";
        var (_, body, _) = await api.PostAsync("/messages/batch", $$"""{"messages":[{{keyed}},{{keyed}}]}""");

        foreach (var result in body.GetProperty("results").EnumerateArray())
        {
            Assert.Equal((202, true), (result.GetProperty("status").GetInt32(), result.GetProperty("replayed").GetBoolean()));
            Assert.Equal(single.Body.GetProperty("id").GetString(), result.GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task A_full_queue_keeps_nothing_of_a_batch_and_says_when_to_come_back()
    {
        await using var api = await ApiRig.StartAsync(new() { DiskFloor = 0, QueueMessages = 3 });
        await api.PostAsync("/messages", Valid);
        await api.PostAsync("/messages", Valid);

        var (status, body, response) = await api.PostAsync("/messages/batch", $$"""{"messages":[{{Valid}},{{Valid}}]}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "queue-full"), (status, Slug(body)));
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(2, (await api.GetAsync("/messages")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("/messages", Valid)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.PostAsync("/messages", Valid)).Status);
    }

    [Fact]
    public async Task A_disk_below_its_floor_takes_nothing()
    {
        await using var api = await ApiRig.StartAsync(new() { DiskFloor = long.MaxValue - 1 });

        var (status, body, _) = await api.PostAsync("/messages", Valid);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "disk-low"), (status, Slug(body)));
    }

    [Fact]
    public async Task Bcc_is_in_the_envelope_and_in_no_header_and_the_prefix_stands_once()
    {
        await using var api = await ApiRig.StartAsync();
        var transport = api.Queue.Settings.Add("primary");
        api.Queue.Settings.Change(settings => settings with { SubjectPrefix = "[X]" });
        await api.Queue.StartDeliveryAsync();

        var first = await api.PostAsync("/messages", """{"from":{"address":"a@example.com"},"to":[{"address":"b@example.org"}],"bcc":[{"address":"secret@example.org"}],"subject":"[X] Hi","text":"t"}""");

        var message = await api.Queue.WaitForAsync(first.Body.GetProperty("id").GetString()!, MessageStatus.Sent);
        var sent = transport.Sent.Single();
        Assert.Equal(["b@example.org", "secret@example.org"], sent.Recipients);
        Assert.DoesNotContain("secret", System.Text.Encoding.UTF8.GetString(sent.Header.Span), StringComparison.Ordinal);
        Assert.Equal("[X] Hi", message.Subject);
    }

    [Fact]
    public async Task Scopes_decide_who_may_submit_and_read()
    {
        await using var api = await ApiRig.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await api.SendAsync(HttpMethod.Post, "/messages", Valid, "read")).Status);
        var sent = await api.SendAsync(HttpMethod.Post, "/messages", Valid, "send");
        var path = "/messages/" + sent.Body.GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path, "send", "k1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(path, "send", "k2")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path, "read", "k2")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync(path + "/content", "read")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/messages", "send")).Status);
    }

    static string Slug(JsonElement body) => body.GetProperty("type").GetString()!.Split('/')[^1];
}
