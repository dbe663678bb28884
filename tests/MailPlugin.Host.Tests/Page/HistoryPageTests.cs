using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What the settings were before. A host for each test: its versions are counted.</summary>
public sealed class HistoryPageTests(Browser browser) : PageTest(browser)
{
    [ServerFact(Server.Chromium)]
    public async Task A_version_is_compared_with_what_is_in_force_and_restored()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        var second = Drafts.With(Drafts.Smtp(2525), Drafts.Smtp(465, id: "backup"));
        second["subjectPrefix"] = "[New]";
        await Host.SaveAsync(second);
        await using var page = await SignInAsync("history");
        await Expect(page.Page.Locator("[data-list=versions] tbody tr")).ToHaveCountAsync(2);
        await page.PictureAsync("history-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Page.Locator("[data-list=versions] a").Nth(1).ClickAsync();
        await page.Page.Locator("[data-choice=current]").ClickAsync();
        await Expect(page.Page.Locator("table.diff")).ToContainTextAsync("Title prefix");
        await Expect(page.Page.Locator("table.diff")).ToContainTextAsync("Backup relay");
        await page.PictureAsync("history-version-1280");
        await page.Act("restore-version").ClickAsync();
        await page.Act("confirm").ClickAsync();

        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("Version 1 is in force again, as version 3");
        var settings = (await Host.GetAsync("settings")).Json;
        Assert.Null(settings["subjectPrefix"]);
        Assert.Single(settings["transports"]!.AsArray());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_version_with_another_server_asks_for_its_password_in_the_form()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525, smtp => (smtp["username"], smtp["password"]) = ("user", "first"), host: "one.example")));
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525, smtp => (smtp["username"], smtp["password"]) = ("user", "second"), host: "two.example")));
        await using var page = await SignInAsync("history/1");
        await page.Act("restore-version").ClickAsync();
        await page.Act("confirm").ClickAsync();

        await Expect(page.Field("smtp.host")).ToHaveValueAsync("one.example");
        await Expect(page.Field("smtp.password")).ToBeFocusedAsync();
        await page.PictureAsync("history-password-1280");
        await page.Field("smtp.password").FillAsync("first");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal("one.example", (await Host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["host"]!.GetValue<string>());
    }
}
