using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>The page while the server is slow, away or out of order: it says so, offers to try again, and keeps what was typed.</summary>
public sealed class TroublePageTests(Browser browser, SharedHost shared) : SharedPageTest(browser, shared)
{
    [ServerFact(Server.Chromium)]
    public async Task A_view_that_cannot_be_loaded_says_why_and_is_tried_again()
    {
        await using var page = await SignInAsync("overview");
        foreach (var (view, path) in new[] { ("templates", "templates"), ("messages", "messages"), ("access", "keys"), ("debug", "transcripts"), ("transports", "settings") })
        {
            await page.GoAsync("overview");
            var route = $"**/api/mail/{path}**";
            await page.Page.RouteAsync(route, request => request.AbortAsync());
            await page.GoAsync(view);
            await Expect(page.Alerts.First).ToContainTextAsync("The server");
            await Expect(page.Act("retry")).ToBeVisibleAsync();
            await page.PictureAsync($"trouble-{view}-1280");

            await page.Page.UnrouteAsync(route);
            await page.Act("retry").ClickAsync();
            await Expect(page.Alerts).ToHaveCountAsync(0);
        }
    }

    [ServerFact(Server.Chromium)]
    public async Task Whoever_waits_too_long_is_told_so_and_the_rest_of_the_page_works_meanwhile()
    {
        await using var page = await SignInAsync("overview");
        await page.Page.Clock.InstallAsync();
        var held = new List<IRoute>();
        await page.Page.RouteAsync("**/api/mail/templates", route =>
        {
            held.Add(route);
            return Task.CompletedTask;
        });
        await page.Page.Locator("[data-nav=templates]").ClickAsync();
        await Expect(page.Page.Locator("main .skeleton")).ToBeVisibleAsync();
        await page.Page.Locator("[data-nav=access]").ClickAsync();
        await Expect(page.Page.Locator("[data-list=keys]")).ToBeVisibleAsync();
        await page.Page.Locator("[data-nav=templates]").ClickAsync();
        await Expect(page.Page.Locator("main .skeleton")).ToBeVisibleAsync();

        await page.Page.Clock.FastForwardAsync("00:21");

        await Expect(page.Alerts).ToContainTextAsync("too long");
        await Expect(page.Act("retry")).ToBeVisibleAsync();
        Assert.NotEmpty(held);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_save_that_gets_no_answer_keeps_what_was_typed_and_succeeds_the_next_time()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("transports/primary");
        await page.Field("smtp.host").FillAsync("typed.example.com");
        await page.Page.RouteAsync("**/api/mail/settings", route => route.Request.Method == "PUT" ? route.AbortAsync() : route.ContinueAsync());
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("#notices [data-notice=warn]")).ToContainTextAsync("The server");
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("typed.example.com");

        await page.Page.UnrouteAllAsync();
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal("typed.example.com", (await Host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["host"]!.GetValue<string>());
    }

    [ServerFact(Server.Chromium)]
    public async Task A_host_that_starts_again_is_found_again_without_a_reload()
    {
        await using var page = await SignInAsync("messages");
        await Expect(page.Page.Locator("main .empty")).ToBeVisibleAsync();
        var route = "**/api/mail/**";
        await page.Page.RouteAsync(route, request => request.FulfillAsync(new() { Status = 503, ContentType = "text/html", Body = "<h1>starting</h1>" }));
        await page.Act("refresh").ClickAsync();
        await Expect(page.Alerts).ToContainTextAsync("503");
        await page.Page.UnrouteAsync(route);
        await page.Act("retry").ClickAsync();
        await Expect(page.Alerts).ToHaveCountAsync(0);
        await Expect(page.Page.Locator("main .empty")).ToBeVisibleAsync();
    }
}
