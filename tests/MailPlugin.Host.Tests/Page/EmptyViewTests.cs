using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>The page of a host that nobody has used yet.</summary>
public sealed class EmptyViewTests(Browser browser) : PageTest(browser)
{
    [ServerTheory(Server.Chromium)]
    [InlineData(ColorScheme.Light, "en-GB")]
    [InlineData(ColorScheme.Dark, "zh-CN")]
    public async Task A_view_without_anything_says_what_to_do(ColorScheme scheme, string locale)
    {
        await using var page = await SignInAsync("overview", 1280, scheme, locale);
        var faults = new List<string>();
        foreach (var view in (string[])["overview", "transports", "history", "messages", "messages/suppressions", "debug", "debug/unmatched"])
        {
            await page.GoAsync(view);
            await Expect(page.Page.Locator(view == "overview" ? "main .verdict" : "main .empty").First).ToBeVisibleAsync();
            await Look.AtAsync(page, $"empty-{view.Replace('/', '-')}", scheme, locale, faults);
        }

        Assert.Empty(faults);
        Assert.Empty(page.Complaints);
    }
}
