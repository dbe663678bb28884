using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

public sealed class PrefixPageTests(Browser browser) : IClassFixture<Browser>
{
    [ServerTheory(Server.Chromium)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_page_works_below_a_path_behind_a_proxy_that_takes_it_off_and_one_that_does_not(bool strips)
    {
        const string Prefix = "/x/y";
        await using var host = await (strips ? MailHost.StartAsync() : MailHost.StartAsync($"--MailPlugin:BasePath={Prefix}/api/mail", $"--MailPlugin:PagePath={Prefix}/mail"));
        await using var proxy = await PrefixProxy.StartAsync(host.Process.Address, Prefix, strips);
        await using var page = await browser.OpenAsync(host, address: proxy.Address);
        var outside = new List<string>();
        page.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(proxy.Address.ToString(), StringComparison.Ordinal))
            {
                outside.Add(request.Url);
            }
        };
        using var closed = new ClosedPort();

        await page.SignInAsync();
        await page.Field("adminAddress").FillAsync("admin@test.example");
        await page.Act("add-transport").ClickAsync();
        await page.Field("smtp.host").FillAsync("127.0.0.1");
        await page.Field("smtp.port").FillAsync($"{closed.Port}");
        await page.Act("save").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await page.Act("diagnose").ClickAsync();
        await Assertions.Expect(page.Dialog("doctor").Locator(".exam-verdict")).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");

        // Still signed in after a reload, and in each view.
        await page.Page.ReloadAsync();
        await Assertions.Expect(page.Field("smtp.host")).ToHaveValueAsync("127.0.0.1");
        foreach (var view in (string[])["overview", "messages", "templates", "debug", "access"])
        {
            await page.GoAsync(view);
            await Assertions.Expect(page.Page.Locator($"[data-nav={view}][aria-current=page]")).ToBeVisibleAsync();
            await Assertions.Expect(page.Alerts).ToHaveCountAsync(0);
        }

        await page.Act("sign-out").ClickAsync();
        await Assertions.Expect(page.Dialog("sign-in")).ToBeVisibleAsync();
        Assert.Empty(outside);
        Assert.Empty(page.Complaints);
    }
}
