using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Http.Problems;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

public sealed class AnswerTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    /// <summary>The closed list, as the contract has it.</summary>
    const string Slugs = """
        400 invalid-json invalid-request invalid-cursor invalid-settings invalid-message invalid-template
        401 unauthenticated
        403 forbidden csrf-invalid destination-not-allowed
        404 not-found
        409 locked-setting mail-disabled idempotency-conflict wrong-state last-admin-key host-sign-in
        412 stale-version
        413 too-large
        415 unsupported-media-type
        422 password-needed no-recipient no-transport
        424 relay-refused relay-unreachable tls-failed login-failed relay-timeout relay-uncertain program-failed
        428 if-match-needed
        429 rate-limited
        500 internal
        503 queue-full disk-low queue-unavailable
        """;

    readonly PluginHost _host = shared.Host;

    [Fact]
    public void The_list_of_problems_is_the_contracts_and_no_other()
    {
        var expected = Slugs.Split('\n').Select(line => line.Trim().Split(' ')).SelectMany(line => line.Skip(1).Select(slug => $"{line[0]} {slug}"));

        Assert.Equal(expected.Order(StringComparer.Ordinal), ProblemCatalog.Types.Select(type => $"{type.Status} {type.Slug}").Order(StringComparer.Ordinal));
        Assert.All(ProblemCatalog.Types, type => Assert.NotEqual(type.Title.English, type.Title.Chinese));
    }

    [Fact]
    public async Task Every_problem_has_a_page_that_explains_it_in_both_languages()
    {
        foreach (var type in ProblemCatalog.Types)
        {
            var english = await _host.SendAsync(HttpMethod.Get, $"problems/{type.Slug}");
            Assert.Equal((200, "text/html"), (english.Status, english.MediaType));
            Assert.Contains($"HTTP {type.Status}", english.Text, StringComparison.Ordinal);
            var chinese = await _host.SendAsync(HttpMethod.Get, $"problems/{type.Slug}", prepare: request => request.Headers.AcceptLanguage.ParseAdd("zh-CN"));
            Assert.Contains(type.Title.Chinese, chinese.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("NOT-FOUND")]
    [InlineData("%3Cscript%3E")]
    [InlineData("about:blank")]
    public async Task What_is_no_problem_has_no_page(string slug)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, $"problems/{slug}");

        Assert.Equal((404, "not-found"), (answer.Status, answer.Slug));
    }

    [Theory]
    [InlineData("/api/mail")]
    [InlineData("/api/mail/")]
    [InlineData("/api/mail/nothing")]
    [InlineData("/api/mail/settings/nothing/at/all")]
    [InlineData("/API/MAIL/nothing")]
    public async Task An_unknown_path_ends_here_as_a_problem(string path)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, path);

        Assert.Equal((404, "not-found"), (answer.Status, answer.Slug));
        Assert.EndsWith("/problems/not-found", answer["type"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Other_paths_are_the_hosts()
    {
        foreach (var path in new[] { "/", "/api", "/api/mailbox", "/mailbox", "/settings" })
        {
            Assert.Equal("the host's own", (await _host.SendAsync(HttpMethod.Get, path)).Text);
        }
    }

    [Fact]
    public async Task A_wrong_method_says_which_are_right()
    {
        var answer = await _host.SendAsync(HttpMethod.Patch, "settings", null, _host.Key);

        Assert.Equal((405, "application/problem+json", "GET, PUT"), (answer.Status, answer.MediaType, answer.Header("Allow")?.Replace("\n", ", ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br, gzip")]
    public async Task A_body_is_not_compressed(string coding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/mail/debug") { Content = new StringContent("{}", null, "application/json") };
        request.Headers.Authorization = new("Bearer", _host.Key);
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        var answer = await _host.SendAsync(request);

        Assert.Equal((415, "unsupported-media-type", "identity"), (answer.Status, answer.Slug, answer.Header("Accept-Encoding")));
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData(null, 415)]
    [InlineData("application/json", 400)]
    [InlineData("application/json; charset=utf-8", 400)]
    [InlineData("application/json; charset=\"UTF-8\"", 400)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json;charset=iso-8859-1", 415)]
    public async Task A_body_is_JSON_by_its_type(string? type, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/mail/debug") { Content = new ByteArrayContent("x"u8.ToArray()) };
        request.Headers.Authorization = new("Bearer", _host.Key);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await _host.SendAsync(request);

        Assert.Equal((status, status == 415 ? "unsupported-media-type" : "invalid-json"), (answer.Status, answer.Slug));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_beyond_its_limit_is_refused_with_its_length_known_or_not(bool chunked)
    {
        foreach (var (path, bytes) in new[] { ("session", 4 * 1024), ("settings", 256 * 1024), ("keys", 16 * 1024), ("debug", 4 * 1024) })
        {
            var right = await _host.SendAsync(Request(path, bytes));
            var wrong = await _host.SendAsync(Request(path, bytes + 1));

            Assert.NotEqual(413, right.Status);
            Assert.Equal((413, "too-large"), (wrong.Status, wrong.Slug));
            Assert.Contains($"{bytes}", wrong["detail"], StringComparison.Ordinal);
        }

        HttpRequestMessage Request(string path, int length)
        {
            var request = new HttpRequestMessage(path is "session" or "keys" ? HttpMethod.Post : HttpMethod.Put, $"/api/mail/{path}")
            {
                Content = new StringContent($"{{}}{new string(' ', length - 2)}", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new("Bearer", _host.Key);
            request.Headers.TransferEncodingChunked = chunked;
            return request;
        }
    }

    [Theory]
    [InlineData("{\n  \"enabled\": tru\n}", "line 2, byte")]
    [InlineData("", "line 1, byte 1")]
    [InlineData("{} {}", "line 1, byte 4")]
    [InlineData("\ufeff{}", "line 1, byte 1")]
    public async Task A_syntax_fault_is_told_with_its_place(string body, string expected)
    {
        var answer = await PutRawAsync("settings", Encoding.UTF8.GetBytes(body));

        Assert.Equal((400, "invalid-json"), (answer.Status, answer.Slug));
        Assert.Contains(expected, answer.Json["errors"]![""]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deep_nesting_is_a_fault_and_no_overflow()
    {
        var answer = await PutRawAsync("settings", Encoding.UTF8.GetBytes("{\"from\":" + new string('[', 100_000)));

        Assert.Equal((400, "invalid-json"), (answer.Status, answer.Slug));
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"from\":{\"\\udc00\":1}}")]
    [InlineData("{\"transports\":[{\"i\\ud800\":1}]}")]
    [InlineData("{\"from\":{\"address\":\"\\ud800@example.com\"}}")]
    public async Task A_lone_surrogate_anywhere_is_the_callers_fault(string body)
    {
        var answer = await PutRawAsync("settings", Encoding.UTF8.GetBytes(body));

        Assert.Equal((400, "invalid-settings"), (answer.Status, answer.Slug));
        Assert.Empty(_host.Log.Errors);
    }

    [Fact]
    public async Task Problems_speak_the_callers_language()
    {
        var english = await _host.SendAsync(HttpMethod.Get, "settings");
        var chinese = await _host.SendAsync(HttpMethod.Get, "settings", prepare: request => request.Headers.AcceptLanguage.ParseAdd("zh-CN, en;q=0.5"));

        Assert.Equal(("en", "zh-CN"), (english.Header("Content-Language"), chinese.Header("Content-Language")));
        Assert.Equal("Sign in or send a key", english["title"]);
        Assert.Equal("请登录或提供密钥", chinese["title"]);
        Assert.Equal("Bearer", english.Header("WWW-Authenticate"));
        Assert.Equal("application/problem+json", chinese.MediaType);
    }

    [Fact]
    public async Task Every_answer_says_that_it_is_neither_to_be_sniffed_nor_framed_nor_kept()
    {
        foreach (var answer in new[]
                 {
                     await _host.GetAsync("settings"), await _host.SendAsync(HttpMethod.Get, "settings"), await _host.GetAsync("nothing"), await _host.GetAsync("problems/internal"),
                     await _host.SendAsync(HttpMethod.Patch, "settings", null, _host.Key), await PutRawAsync("settings", "{"u8.ToArray()), await _host.GetAsync("health"),
                 })
        {
            IsGuarded(answer);
        }
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        var settings = await _host.SendAsync(HttpMethod.Head, "settings", null, _host.Key);
        Assert.Equal((200, (await _host.GetAsync("settings")).ETag, ""), (settings.Status, settings.ETag, settings.Text));
        Assert.Equal((200, ""), await _host.SendAsync(HttpMethod.Head, "health") is var health ? (health.Status, health.Text) : default);
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Head, "settings")).Status);
        Assert.Equal(405, (await _host.SendAsync(HttpMethod.Head, "test", null, _host.Key)).Status);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Head, "nothing")).Status);
    }

    [Fact]
    public async Task Health_is_a_word_for_everybody_and_the_version_is_for_keys()
    {
        var health = await _host.SendAsync(HttpMethod.Get, "health");

        Assert.Equal((200, """{"status":"healthy"}"""), (health.Status, health.Text));
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, "version")).Status);
        Assert.Equal("1.0", (await _host.GetAsync("version"))["contract"]);
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("logs")]
    public async Task A_forged_cursor_is_refused_and_no_fault_of_ours(string list)
    {
        await _host.SaveAsync(new JsonObject());
        await _host.SaveAsync(new JsonObject());
        var first = await _host.GetAsync($"{list}?limit=1");
        var next = first["next"]!;
        Assert.Equal(200, (await _host.GetAsync($"{list}?limit=1&cursor={next}")).Status);

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(next)).Split('|');
        foreach (var id in new[] { "", "x", "-1", "1e9", "99999999999999999999", "../../etc/passwd", "' or 1=1" })
        {
            var forged = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{parts[0]}|{parts[1]}|{id}"));
            var answer = await _host.GetAsync($"{list}?cursor={forged}");
            Assert.Equal((400, "invalid-cursor"), (answer.Status, answer.Slug));
        }

        Assert.Empty(_host.Log.Errors);
    }

    [Theory]
    [InlineData("audit?limit=0", "limit")]
    [InlineData("audit?limit=x", "limit")]
    [InlineData("logs?level=loud", "level")]
    [InlineData("logs?level=none", "level")]
    [InlineData("transcripts?limit=201", "limit")]
    public async Task A_wrong_query_is_told_by_name(string path, string name)
    {
        var answer = await _host.GetAsync(path);

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Slug));
        Assert.Equal([name], answer.ErrorPaths);
    }

    [Fact]
    public async Task Logs_are_listed_filtered_and_paged()
    {
        var version = (await _host.SaveAsync(new JsonObject()))["version"];
        var all = await _host.GetAsync($"logs?q=SETTINGS+version+{version}+");
        var item = Assert.Single(all.Json["items"]!.AsArray())!;

        Assert.Equal(
            ("information", $"Settings version {version} saved by key:first", 1201), (item["level"]!.GetValue<string>(), item["message"]!.GetValue<string>(), item["eventId"]!.GetValue<int>()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", item["at"]!.GetValue<string>());
        Assert.Empty((await _host.GetAsync("logs?q=settings+version&level=error")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task The_name_that_a_caller_gives_the_host_gets_into_no_answer()
    {
        foreach (var path in new[] { "/mail", "/api/mail/settings", "/api/mail/nothing" })
        {
            var answer = await RawAsync($"GET {path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", answer, StringComparison.OrdinalIgnoreCase);
        }

        var body = """{"name":"x","scopes":["send"]}""";
        var made = await RawAsync(
            $"POST /api/mail/keys HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer {_host.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        Assert.Contains("Location: /api/mail/keys/", made, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_debug_switch_is_read_and_set_by_both_its_names()
    {
        await _host.SaveAsync(Bodies.Smtp());
        foreach (var path in new[] { "debug", "settings/debug" })
        {
            var on = await _host.SendAsync(HttpMethod.Put, path, new JsonObject { ["enabled"] = true, ["minutes"] = 5, ["content"] = "headers", ["transport"] = "primary" }, _host.Key);
            Assert.Equal((200, "true", "headers"), (on.Status, on["enabled"], on["content"]));
            Assert.Equal(on.Text, (await _host.GetAsync("debug")).Text);
            Assert.Equal(200, (await _host.SendAsync(HttpMethod.Put, path, JsonNode.Parse(on.Text), _host.Key)).Status);
            Assert.Equal("false", (await _host.SendAsync(HttpMethod.Put, path, new JsonObject { ["enabled"] = false }, _host.Key))["enabled"]);
        }
    }

    [Theory]
    [InlineData("{}", "enabled")]
    [InlineData("""{ "enabled": null }""", "enabled")]
    [InlineData("""{ "enabled": true, "minutes": 1441 }""", "minutes")]
    [InlineData("""{ "enabled": true, "content": "all" }""", "content")]
    [InlineData("""{ "enabled": true, "transport": "unknown" }""", "transport")]
    public async Task A_wrong_debug_switch_is_told(string body, string expected)
    {
        var answer = await PutRawAsync("debug", Encoding.UTF8.GetBytes(body));

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Slug));
        Assert.Equal([expected], answer.ErrorPaths);
    }

    internal static void IsGuarded(Answer answer)
    {
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
    }

    async Task<Answer> PutRawAsync(string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/mail/{path}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Authorization = new("Bearer", _host.Key);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return await _host.SendAsync(request);
    }

    async Task<string> RawAsync(string request) => await RawHttp.SendAsync(_host.Client.BaseAddress!, request);
}
