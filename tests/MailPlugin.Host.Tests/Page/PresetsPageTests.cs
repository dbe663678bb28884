using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

public sealed class PresetsPageTests(Browser browser) : PageTest(browser)
{
    [ServerFact(Server.Chromium)]
    public async Task TB_8_TB_9_A_provider_fills_the_form_and_says_what_it_expects_in_both_languages()
    {
        await using var page = await SignInAsync("transports");
        await page.Act("add-transport").ClickAsync();
        var aside = page.Page.Locator("[data-aside=preset]");

        await page.Field("preset").SelectOptionAsync("sendgrid");
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("smtp.sendgrid.net");
        await Expect(page.Field("smtp.port")).ToHaveValueAsync("587");
        await Expect(page.Field("smtp.security")).ToHaveValueAsync("startTls");
        await Expect(page.Field("smtp.username")).ToHaveValueAsync("apikey");
        await Expect(aside.Locator("ol.steps > li")).ToHaveCountAsync(5);
        await Expect(aside.Locator("[data-hint=preset-warning]")).ToHaveCountAsync(0);

        await page.Field("preset").SelectOptionAsync("outlook");
        await Expect(aside.Locator("[data-hint=preset-warning]")).ToContainTextAsync("Passwords are refused");

        await page.Field("preset").SelectOptionAsync("directmail");
        await page.Page.Locator("[data-act=use-host]").Nth(1).ClickAsync();
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("smtpdm-ap-southeast-1.aliyuncs.com");
        await page.Page.Locator("[data-language='zh-CN']").ClickAsync();
        await Expect(aside.Locator("h2")).ToHaveTextAsync("阿里云邮件推送");
        await Expect(aside.Locator("ol.steps > li").First).ToContainTextAsync("新增发信域名");
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("smtpdm-ap-southeast-1.aliyuncs.com");

        await page.Field("preset").SelectOptionAsync("feishu");
        await Expect(aside).ToContainTextAsync("未能与官方说明核对");
        Assert.Empty(page.Complaints);
    }
}
