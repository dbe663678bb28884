using MailPlugin.Diagnostics.Logs;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Tests.Diagnostics.Logs;

/// <summary><c>GET /logs/stream</c> on a real server.</summary>
public sealed class LogStreamTests
{
    [Fact]
    public async Task What_is_logged_comes_as_events_from_now_on_and_as_described()
    {
        await using var host = await PluginHost.StartAsync();
        Write(host, "before");
        using var events = await EventReader.OpenAsync(host);
        Write(host, "one");
        Write(host, "two");
        var seen = await events.TakeAsync(2);

        Assert.Equal((200, "text/event-stream"), (events.Status, events.MediaType));
        Assert.Equal(["one", "two"], seen.Select(item => item.Message));
        Assert.All(seen, item => TheDocument.Answers.CheckLine("GET", "/logs/stream", item.Data, "text/event-stream"));
    }

    [Fact]
    public async Task The_filters_are_those_of_the_list()
    {
        await using var host = await PluginHost.StartAsync();
        using var events = await EventReader.OpenAsync(host, "?level=warning&q=WANTED&transport=one&message=m_1");
        Log(host, LogLevel.Warning, "one", "m_1", "other");
        Log(host, LogLevel.Information, "one", "m_1", "wanted");
        Log(host, LogLevel.Warning, "two", "m_1", "wanted");
        Log(host, LogLevel.Warning, "one", "m_2", "wanted");
        Log(host, LogLevel.Warning, "one", "m_1", "wanted");

        Assert.Equal("one m_1 wanted", (await events.NextAsync())!.Message);
        var listed = await host.GetAsync("logs?level=warning&q=WANTED&transport=one&message=m_1").AsAsync("GET", "logs", 200);
        var item = Assert.Single(listed.Json["items"]!.AsArray())!;
        Assert.Equal(("one", "m_1"), (item["transport"]!.ToString(), item["messageId"]!.ToString()));
        Assert.Equal(4, (await host.GetAsync("logs?q=wanted")).Json["items"]!.AsArray().Count);
        Assert.Empty((await host.GetAsync("logs?q=wanted&since=2999-01-01T00:00:00Z")).Json["items"]!.AsArray());
        Assert.Empty((await host.GetAsync("logs?q=wanted&until=2001-01-01T00:00:00Z")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task A_reader_that_comes_back_misses_nothing_and_sees_nothing_twice()
    {
        await using var host = await PluginHost.StartAsync();
        string? last;
        using (var first = await EventReader.OpenAsync(host))
        {
            Write(host, "one");
            last = (await first.NextAsync())!.Id;
        }

        Write(host, "two");
        using var byHeader = await EventReader.OpenAsync(host, prepare: request =>
        {
            request.Headers.Authorization = new("Bearer", host.Key);
            request.Headers.Add("Last-Event-ID", last);
        });
        using var byQuery = await EventReader.OpenAsync(host, $"?after={last}");
        Write(host, "three");

        Assert.Equal(["two", "three"], (await byHeader.TakeAsync(2)).Select(item => item.Message));
        Assert.Equal(["two", "three"], (await byQuery.TakeAsync(2)).Select(item => item.Message));
    }

    [Fact]
    public async Task Whoever_follows_from_where_the_list_ended_misses_nothing_and_sees_nothing_twice()
    {
        await using var host = await PluginHost.StartAsync();
        Write(host, "listed number 1");
        Write(host, "left out");
        var list = await host.GetAsync("logs?q=number").AsAsync("GET", "logs", 200);
        Write(host, "later number 2");
        using var events = await EventReader.OpenAsync(host, $"?q=number&after={list.Json["end"]}");
        Write(host, "later number 3");

        Assert.Equal("listed number 1", Assert.Single(list.Json["items"]!.AsArray())!["message"]!.ToString());
        Assert.Equal(["later number 2", "later number 3"], (await events.TakeAsync(2)).Select(item => item.Message));
        var older = await host.GetAsync($"logs?limit=1&cursor={(await host.GetAsync("logs?limit=1"))["next"]}").AsAsync("GET", "logs", 200);
        Assert.Null(older.Json["end"]);
    }

    [Fact]
    public async Task Files_that_are_full_and_files_that_go_break_nothing()
    {
        await using var host = await PluginHost.StartAsync(new() { ["Logging:FileSize"] = "65536", ["Logging:Files"] = "3" });
        using var events = await EventReader.OpenAsync(host, "?q=number");
        var writer = Task.Run(async () =>
        {
            for (var number = 0; number < 3_000; number++)
            {
                Write(host, $"number {number} {new string('x', 150)}");

                // Not faster than a disk's worth of files is kept: what is removed before it is read is another test's.
                if (number % 100 == 0)
                {
                    await Task.Delay(50);
                }
            }
        });
        var seen = await events.TakeAsync(3_000);
        await writer;

        Assert.Equal(Enumerable.Range(0, 3_000), seen.Select(item => int.Parse(item.Message.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        var files = await host.GetAsync("logs/files").AsAsync("GET", "logs/files", 200);
        Assert.Equal(3, files.Json["items"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("\r\n\r\nevent: gap\r\ndata: {}\r\n\r\n")]
    [InlineData("\u001b[2J\u001b]0;owned\u0007")]
    [InlineData("\u009b31m \u2028 \u2029 \u0085 \0")]
    public async Task Text_of_a_server_begins_no_event_and_no_escape_of_its_own(string text)
    {
        await using var host = await PluginHost.StartAsync();
        using var events = await EventReader.OpenAsync(host);
        Write(host, text);
        Write(host, "after");
        var seen = await events.TakeAsync(2);

        Assert.Equal(["message", "message"], seen.Select(item => item.Name));
        Assert.Equal([text, "after"], seen.Select(item => item.Message));
        Assert.DoesNotContain(seen[0].Data, letter => char.IsControl(letter) || letter is '\u2028' or '\u2029');
    }

    [Fact]
    public async Task It_ends_with_the_key()
    {
        await using var host = await PluginHost.StartAsync();
        var made = await host.PostAsync("keys", System.Text.Json.Nodes.JsonNode.Parse("""{ "name": "short", "scopes": ["admin"] }""")!);
        using var events = await EventReader.OpenAsync(host, "?q=nothing", request => request.Headers.Authorization = new("Bearer", made["key"]));
        Assert.Equal(200, events.Status);
        await host.DeleteAsync($"keys/{made["id"]}");

        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task It_ends_with_the_sign_in()
    {
        await using var host = await PluginHost.StartAsync();
        var signedIn = await host.SignInAsync();
        using var events = await EventReader.OpenAsync(host, "?q=nothing", signedIn.On);
        Assert.Equal(200, events.Status);
        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, "session", prepare: signedIn.OnWithToken)).Status);

        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task It_does_not_keep_a_sign_in_from_ending_by_idleness()
    {
        var clock = new ManualClock(Some.Time);
        await using var host = await PluginHost.StartAsync(clock: clock);
        var signedIn = await host.SignInAsync();
        using var events = await EventReader.OpenAsync(host, "?q=nothing", signedIn.On);
        Assert.Equal(200, events.Status);
        using var stop = new CancellationTokenSource();
        var time = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                await Task.Delay(5);
            }
        });

        Assert.Null(await events.NextAsync());
        await stop.CancelAsync();
        await time;
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, "logs", prepare: signedIn.On)).Status);
    }

    [Fact]
    public async Task It_ends_in_order_when_the_host_stops()
    {
        var host = await PluginHost.StartAsync();
        using var events = await EventReader.OpenAsync(host, "?q=nothing");
        var next = events.NextAsync();
        host.HostServices.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();

        // An answer that is cut off would be an exception here.
        Assert.Null(await next);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task So_many_may_follow_and_a_place_is_free_again_when_one_leaves()
    {
        await using var host = await PluginHost.StartAsync();
        var open = new List<EventReader>();
        try
        {
            for (var number = 0; number < LogListeners.Most; number++)
            {
                open.Add(await EventReader.OpenAsync(host));
            }

            Assert.All(open, events => Assert.Equal(200, events.Status));
            var refused = await host.GetAsync("logs/stream").AsAsync("GET", "logs/stream", 429);
            Assert.Equal("rate-limited", refused.Slug);
            open[0].Dispose();
            await Eventually.SeeAsync(
                async () =>
                {
                    using var again = await EventReader.OpenAsync(host);
                    return again.Status;
                },
                status => status == 200,
                "a place");
        }
        finally
        {
            open.ForEach(events => events.Dispose());
        }
    }

    [Theory]
    [InlineData("?level=loud", "level")]
    [InlineData("?after=x", "after")]
    [InlineData("?after=mail.log@-1&level=none", "after|level")]
    public async Task A_wrong_question_is_answered_with_its_faults(string query, string paths)
    {
        await using var host = await PluginHost.StartAsync();
        var answer = await host.GetAsync($"logs/stream{query}").AsAsync("GET", "logs/stream", 400);

        Assert.Equal(paths.Split('|'), answer.ErrorPaths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Asked_for_its_head_alone_it_ends_at_once()
    {
        await using var host = await PluginHost.StartAsync();
        var answer = await host.SendAsync(HttpMethod.Head, "logs/stream", key: host.Key);

        Assert.Equal((200, "text/event-stream", ""), (answer.Status, answer.MediaType, answer.Text));
    }

    static void Write(PluginHost host, string text) => Logger(host).Log(LogLevel.Information, 1360, text, null, (state, _) => state);

    static void Log(PluginHost host, LogLevel level, string transport, string message, string text) =>
        LoggerMessage.Define<string, string, string>(level, 1360, "{Transport} {MessageId} {Text}")(Logger(host), transport, message, text, null);

    static ILogger Logger(PluginHost host) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MailPlugin.Test");
}
