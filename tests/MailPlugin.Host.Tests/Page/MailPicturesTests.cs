using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>The built-in mails as a browser shows them: for people the pictures, for the test what can be measured.</summary>
public sealed class MailPicturesTests(Browser browser, SharedHost shared) : SharedPageTest(browser, shared)
{
    static readonly string[] Names = ["test", "account-activation", "password-reset", "address-verification", "share-notification", "activity-notification", "alert"];

    [ServerTheory(Server.Chromium)]
    [InlineData("en", 600, ColorScheme.Light)]
    [InlineData("en", 600, ColorScheme.Dark)]
    [InlineData("en", 360, ColorScheme.Light)]
    [InlineData("en", 360, ColorScheme.Dark)]
    [InlineData("zh-CN", 600, ColorScheme.Light)]
    [InlineData("zh-CN", 600, ColorScheme.Dark)]
    [InlineData("zh-CN", 360, ColorScheme.Light)]
    [InlineData("zh-CN", 360, ColorScheme.Dark)]
    public async Task A_built_in_mail_can_be_read(string locale, int width, ColorScheme scheme)
    {
        await SaveLayoutAsync(new() { ["brandName"] = locale == "en" ? "Example Cloud" : "示例云", ["address"] = locale == "en" ? "Example Ltd, 1 High Street, Springfield" : "示例科技有限公司，北京市朝阳区建国路 1 号" });
        await using var page = await OpenAsync(width, scheme);
        foreach (var name in Names)
        {
            await ShowAsync(page, name, locale);
            await page.PictureAsync($"mails/{name}.{locale}-{width}-{scheme.ToString().ToLowerInvariant()}", wholePage: true);
            Assert.Empty(await TroublesAsync(page, width));
        }
    }

    /// <summary>White on yellow could not be read, and a wide picture would push a phone's page apart.</summary>
    [ServerTheory(Server.Chromium)]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(600, ColorScheme.Dark)]
    public async Task A_bright_colour_and_a_logo_leave_it_readable(int width, ColorScheme scheme)
    {
        await using var page = await OpenAsync(width, scheme);
        await SaveLayoutAsync(new() { ["brandName"] = "Example", ["color"] = "#ffd400", ["logo"] = new JsonObject { ["content"] = Convert.ToBase64String(await DrawLogoAsync(page)) } });

        await ShowAsync(page, "share-notification", "en");

        await page.PictureAsync($"mails/brand-{width}-{scheme.ToString().ToLowerInvariant()}", wholePage: true);
        Assert.Empty(await TroublesAsync(page, width));
        Assert.Equal(40, await page.Page.Locator("img").EvaluateAsync<int>("image => image.complete && image.naturalWidth > 0 ? image.height : 0"));
    }

    async Task SaveLayoutAsync(JsonObject layout)
    {
        var answer = await Host.SendAsync(HttpMethod.Put, "templates/layout", layout, request => request.Headers.Add("If-Match", "*"));
        Assert.True(answer.Status == 200, answer.Text);
    }

    async Task ShowAsync(AdminPage page, string name, string locale)
    {
        var preview = await Host.PostAsync($"templates/{name}/preview", new JsonObject { ["locale"] = locale });
        Assert.True(preview.Status == 200, preview.Text);
        Assert.Empty(preview.Json["warnings"]!.AsArray());
        await page.Page.SetContentAsync(preview["html"]!);
    }

    static async Task<byte[]> DrawLogoAsync(AdminPage page)
    {
        await page.Page.SetContentAsync("<body style='margin:0'><div style='width:480px;height:80px;background:#0f766e;color:white;font:bold 56px/80px sans-serif;text-align:center'>EXAMPLE</div>");
        return await page.Page.Locator("div").ScreenshotAsync();
    }

    /// <summary>What axe finds serious, what is wider than the screen, and a preheader that shows.</summary>
    static async Task<IReadOnlyList<string>> TroublesAsync(AdminPage page, int width)
    {
        var found = (await page.Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}").ToList();
        if (await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide && wide > width)
        {
            found.Add($"{wide} wide");
        }

        if (await page.Page.EvaluateAsync<int>("document.body.firstElementChild.getBoundingClientRect().height") is > 0)
        {
            found.Add("the preheader shows");
        }

        return found;
    }
}
