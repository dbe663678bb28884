using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>The log on the page: as it was, filtered, and as it grows.</summary>
public sealed class LogPageTests(Browser browser) : PageTest(browser)
{
    [ServerFact(Server.Chromium)]
    public async Task Follow_begins_where_the_list_ended_so_that_no_line_is_passed_over()
    {
        await using var page = await SignInAsync("debug/log?q=debug%20switched");
        await Expect(page.Page.Locator("main .empty")).ToBeVisibleAsync();
        await SwitchDebugAsync(true);
        await SwitchDebugAsync(false);

        await page.Act("follow").ClickAsync();
        await Expect(Lines(page)).ToHaveCountAsync(2);
        await Expect(page.Act("follow")).ToHaveAttributeAsync("aria-pressed", "true");
        await SwitchDebugAsync(true);
        await Expect(Lines(page)).ToHaveCountAsync(3);
        await Expect(Lines(page).First).ToContainTextAsync("debug switched on");

        // A rest, and on from there: each once.
        await page.Act("follow").ClickAsync();
        await SwitchDebugAsync(false);
        await page.Act("follow").ClickAsync();
        await Expect(Lines(page)).ToHaveCountAsync(4);
        await Expect(Lines(page).First).ToContainTextAsync("debug switched off");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_stream_that_breaks_is_followed_on_from_its_last_line()
    {
        await using var page = await SignInAsync("debug/log?q=debug%20switched");
        await Expect(page.Page.Locator("main .empty")).ToBeVisibleAsync();
        await SwitchDebugAsync(true);
        var listed = (await Host.GetAsync("logs?q=debug%20switched")).Json;
        var (asked, after) = (0, new List<string>());
        await page.Page.RouteAsync("**/api/mail/logs/stream**", route =>
        {
            after.Add(System.Web.HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query)["after"] ?? "");
            return Interlocked.Increment(ref asked) switch
            {
                1 => route.AbortAsync(),

                // One line, and then the connection ends.
                2 => route.FulfillAsync(new() { ContentType = "text/event-stream", Body = $"id: {listed["end"]}\ndata: {listed["items"]![0]!.ToJsonString()}\n\n" }),
                _ => route.ContinueAsync(),
            };
        });
        await page.Act("follow").ClickAsync();
        await Expect(Lines(page)).ToHaveCountAsync(1);
        await SwitchDebugAsync(false);
        await SwitchDebugAsync(true);

        await Expect(Lines(page)).ToHaveCountAsync(3);
        Assert.Equal($"{listed["end"]}", after[2]);
        Assert.Equal(after[0], after[1]);
        await Expect(page.Act("follow")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [ServerFact(Server.Chromium)]
    public async Task The_log_is_filtered_by_transport_and_message_in_the_address_and_leads_to_both()
    {
        using var closed = new ClosedPort();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(closed.Port, host: "127.0.0.1"), Drafts.Smtp(closed.Port, id: "backup", host: "127.0.0.1")));
        var first = await SubmitAsync("primary");
        var second = await SubmitAsync("backup");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await LoggedAsync($"message={first}") == 0 || await LoggedAsync($"message={second}") == 0)
        {
            await Task.Delay(100, end.Token);
        }

        await using var page = await SignInAsync("debug/log");
        await page.Field("transport").Last.SelectOptionAsync("backup");
        await Expect(Lines(page).Filter(new() { HasNot = page.Page.Locator("a[href='#/transports/backup']") })).ToHaveCountAsync(0);
        await Expect(Lines(page).First.Locator("a[href='#/transports/backup']")).ToBeVisibleAsync();
        Assert.EndsWith("#/debug/log?transport=backup", page.Page.Url, StringComparison.Ordinal);

        await page.Field("transport").Last.SelectOptionAsync("");
        await page.Field("message").FillAsync(first);
        await Expect(Lines(page).First.Locator($"a[href='#/messages/{first}']")).ToBeVisibleAsync();
        await Expect(Lines(page).Filter(new() { HasNot = page.Page.Locator($"a[href='#/messages/{first}']") })).ToHaveCountAsync(0);
        await page.Field("message").FillAsync("m_nobody");
        await Expect(page.Page.Locator("main .empty")).ToBeVisibleAsync();

        // From the message to what the log says of it.
        await page.GoAsync($"messages/{second}");
        await page.Page.Locator($"a[href='#/debug/log?message={second}']").ClickAsync();
        await Expect(page.Field("message")).ToHaveValueAsync(second);
        await Expect(Lines(page).First.Locator($"a[href='#/messages/{second}']")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    static ILocator Lines(AdminPage page) => page.Page.Locator("[data-list=log] > li");

    async Task SwitchDebugAsync(bool on) => Assert.Equal(200, (await Host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["enabled"] = on, ["minutes"] = 5 })).Status);

    async Task<int> LoggedAsync(string filter) => (await Host.GetAsync($"logs?{filter}")).Json["items"]!.AsArray().Count;

    async Task<string> SubmitAsync(string transport)
    {
        var answer = await Host.PostAsync("messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = "a@test.example" }), ["subject"] = "x", ["text"] = "x", ["transport"] = transport });
        Assert.True(answer.Status == 202, answer.Text);
        return answer["id"]!;
    }
}
