using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

public sealed class OverviewPageTests(Browser browser) : PageTest(browser)
{
    [ServerFact(Server.Chromium)]
    public async Task What_became_of_mail_is_drawn_for_three_windows_with_a_table_behind_each()
    {
        await using var relay = new RecordingSmtpServer(startTls: false);
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(relay.Port)));
        await SubmitAsync(3);
        await SentAsync(3);
        await using var page = await SignInAsync("overview");

        foreach (var window in (string[])["1h", "24h", "30d"])
        {
            var card = page.Page.Locator($"[data-window='{window}']");
            await Expect(card.Locator("[data-outcome=sent] .count-number")).ToHaveTextAsync("3");
            await Expect(card.Locator("[data-outcome=sent] .bar-value").First).ToBeAttachedAsync();
            await Expect(card.Locator("[data-outcome=failed] .bar-value")).ToHaveCountAsync(0);
            await card.Locator("summary").ClickAsync();
            await Expect(card.Locator("table")).ToContainTextAsync("3");
        }

        await page.PictureAsync("overview-figures-1280");
        Assert.Empty(await page.ViolationsAsync());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task What_needs_attention_stands_with_the_act_that_helps()
    {
        using var closed = new ClosedPort();
        await Host.SaveAsync(Drafts.With(
            Drafts.Smtp(closed.Port),
            Drafts.Smtp(closed.Port, smtp => (smtp["security"], smtp["username"], smtp["password"]) = ("none", "user", "secret"), "backup")));
        await Host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["enabled"] = true, ["minutes"] = 30 });
        await SubmitAsync(1);
        await using var page = await SignInAsync("overview");
        var list = page.Page.Locator("[data-list=attention]");

        await Expect(list).ToContainTextAsync("One message is deferred");
        await Expect(list).ToContainTextAsync("Require TLS");
        await Expect(list).ToContainTextAsync("Debug is on for 30 minutes more");
        await page.PictureAsync("overview-attention-1280");
        Assert.Empty(await page.ViolationsAsync());
        await list.Locator("[data-act=see-deferred]").ClickAsync();
        await Expect(page.Page.Locator("[data-list=messages] tbody tr")).ToHaveCountAsync(1);
    }

    [ServerFact(Server.Chromium)]
    public async Task News_appear_without_a_reload_and_the_focus_stays()
    {
        await using var relay = new RecordingSmtpServer(startTls: false);
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(relay.Port)));
        await using var page = await OpenAsync();
        await page.Page.Clock.InstallAsync();
        await page.SignInAsync("overview");
        var sent = page.Page.Locator("[data-window='1h'] [data-outcome=sent] .count-number");
        await Expect(sent).ToHaveTextAsync("0");
        await page.Page.Locator("[data-count=deferred]").FocusAsync();

        await SubmitAsync(2);
        await SentAsync(2);
        await page.Page.Clock.FastForwardAsync(16_000);

        await Expect(sent).ToHaveTextAsync("2");
        await Expect(page.Page.Locator(".verdict")).ToContainTextAsync("Mail is leaving through Primary relay");
        await Expect(page.Page.Locator("[data-count=deferred]")).ToBeFocusedAsync();
    }

    [ServerFact(Server.Chromium)]
    public async Task Sending_is_paused_after_a_question_and_goes_on_with_one_press()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("overview");
        await page.Act("pause").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator(".verdict")).ToContainTextAsync("Mail is paused");
        Assert.Equal("true", (await Host.GetAsync("delivery"))["paused"]);

        await page.Act("help").ClickAsync();

        await Expect(page.Act("pause")).ToBeVisibleAsync();
        Assert.Equal("false", (await Host.GetAsync("delivery"))["paused"]);
    }

    async Task SubmitAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var answer = await Host.PostAsync("messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = $"r{i}@test.example" }), ["subject"] = $"Report {i}", ["text"] = "Hello" });
            Assert.Equal(202, answer.Status);
        }
    }

    async Task SentAsync(int count) => await Eventually.SeeAsync(async () => (await Host.GetAsync("stats")).Json["byStatus"]!["sent"]!.GetValue<int>(), sent => sent >= count, "what was sent");
}
