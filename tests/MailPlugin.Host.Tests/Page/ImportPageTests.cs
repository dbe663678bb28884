using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What comes into the form from elsewhere: other products' settings, presets, suggestions for an address.</summary>
public sealed class ImportPageTests(Browser browser, SharedHost shared) : SharedPageTest(browser, shared)
{
    [ServerFact(Server.Chromium)]
    public async Task OC_12_OC_8_A_config_of_ownCloud_is_pasted_looked_at_taken_into_the_form_and_sent_with()
    {
        await using var relay = new RecordingSmtpServer(startTls: false);
        using var closed = new ClosedPort();
        await using var page = await SignInAsync("transports");
        var before = (await Host.GetAsync("settings"))["version"];
        await page.Act("import").ClickAsync();
        await page.Field("import").FillAsync($"""
            "mail_domain" => "example.com",
            "mail_from_address" => "cloud",
            "mail_smtpdebug" => true,
            "mail_smtpmode" => "smtp",
            "mail_smtphost" => "127.0.0.1:{closed.Port};127.0.0.1:{relay.Port}",
            "mail_smtptimeout" => 10,
            "mail_smtpsecure" => "",
            "mail_smtpauth" => false,
            "apps_paths" => [],
            """);
        await page.Act("read-import").ClickAsync();
        var dialog = page.Dialog("import");
        await Expect(dialog).ToContainTextAsync("2 transports were understood");
        await Expect(dialog.Locator("[data-import=ignored]")).ToContainTextAsync("Left out");
        await page.PictureAsync("import-found-1280");
        Assert.Empty(await page.ViolationsAsync());
        Assert.Equal(before, (await Host.GetAsync("settings"))["version"]);
        await page.Act("take-import").ClickAsync();

        await Expect(page.Page.Locator("[data-list=transports] > li")).ToHaveCountAsync(2);
        await Expect(page.Field("from.address")).ToHaveValueAsync("cloud@example.com");
        await page.Field("adminAddress").FillAsync("admin@test.example");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await page.Page.Locator("[data-list=transports] > li").Nth(1).Locator("[data-act=test]").ClickAsync();
        await page.Act("send-test").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("Test mail sent");
        Assert.Single(relay.Messages);
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task What_is_imported_is_added_to_what_is_there_or_takes_its_place()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("transports");
        foreach (var (act, expected) in (IEnumerable<(string, int)>)[("take-import", 2), ("replace-by-import", 1)])
        {
            await page.Act("import").ClickAsync();
            await page.Field("import").FillAsync("smtps://user:p4ss@relay.example:465");
            await page.Act("read-import").ClickAsync();
            await Expect(page.Dialog("import")).ToContainTextAsync("relay.example");
            Assert.DoesNotContain("p4ss", await page.Dialog("import").Locator("table").InnerTextAsync(), StringComparison.Ordinal);
            await page.Act(act).ClickAsync();
            await Expect(page.Page.Locator("[data-list=transports] > li")).ToHaveCountAsync(expected);
            await Expect(page.Page.Locator("[data-list=transports]")).ToContainTextAsync("relay.example:465");
            await page.Act("cancel").ClickAsync();
            await Expect(page.Page.Locator("[data-list=transports] > li")).ToHaveCountAsync(1);
        }
    }

    [ServerFact(Server.Chromium)]
    public async Task A_text_that_is_no_configuration_says_so_and_stays_as_it_was_typed()
    {
        await using var page = await SignInAsync("transports", width: 360, scheme: ColorScheme.Dark, locale: "zh-CN");
        await page.Act("import").ClickAsync();
        await page.Act("read-import").ClickAsync();
        await Expect(page.Dialog("import").Locator(".fault")).ToBeVisibleAsync();
        await page.Field("import").FillAsync("<img src=x onerror=alert(1)>");
        await page.PictureAsync("import-360-zh-CN");
        Assert.Empty(await page.ViolationsAsync());
        await page.Act("read-import").ClickAsync();
        await page.Act("import-back").ClickAsync();
        await Expect(page.Field("import")).ToHaveValueAsync("<img src=x onerror=alert(1)>");
        Assert.Empty(page.Complaints);
    }

    [ServerTheory(Server.Chromium)]
    [InlineData("sendgrid", "smtp.sendgrid.net", "apikey", "en-GB", "TB-8")]
    [InlineData("gmail", "smtp.gmail.com", "", "zh-CN", "TB-9")]
    [InlineData("directmail", "smtpdm.aliyun.com", "", "zh-CN", "W9-13")]
    [InlineData("qq", "smtp.qq.com", "", "en-GB", "W9-1")]
    public async Task TB_8_TB_9_W9_13_A_provider_fills_the_form_and_its_steps_stand_beside_it(string preset, string host, string username, string locale, string requirement)
    {
        await using var page = await SignInAsync("transports", locale: locale);
        await page.Act("add-transport").ClickAsync();
        await page.Field("preset").SelectOptionAsync(preset);
        await Expect(page.Field("smtp.host")).ToHaveValueAsync(host);
        await Expect(page.Field("smtp.username")).ToHaveValueAsync(username);
        var aside = page.Page.Locator("[data-aside=preset]");
        await Expect(aside.Locator("ol.steps li").Nth(1)).ToBeVisibleAsync();
        await Expect(aside.Locator("a").First).ToHaveAttributeAsync("rel", "noopener noreferrer");
        await page.Page.EvaluateAsync("() => scrollTo(0, 0)");
        await page.PictureAsync($"preset-{requirement}-{locale}");
        Assert.Empty(await page.ViolationsAsync());
    }

    [ServerFact(Server.Chromium)]
    public async Task A_server_is_found_from_an_address_with_where_it_came_from()
    {
        await using var page = await SignInAsync("transports");
        await page.Act("add-transport").ClickAsync();
        await page.Page.Locator("[data-fold=discover] summary").ClickAsync();
        await page.Field("discover").FillAsync("somebody@163.com");
        await page.Act("discover").ClickAsync();
        await Expect(page.Page.Locator("[data-list=candidates]")).ToContainTextAsync("known provider");
        await Expect(page.Page.Locator(".discovered")).ToContainTextAsync("Not asked: SRV");
        await page.PictureAsync("discover-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Act("use-candidate").ClickAsync();
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("smtp.163.com");
        await Expect(page.Field("smtp.username")).ToHaveValueAsync("somebody@163.com");
        await Expect(page.Field("smtp.password")).ToBeFocusedAsync();
        Assert.Empty(page.Complaints);
    }
}

/// <summary>Values that the host's configuration sets.</summary>
public sealed class LockedSettingsPageTests(Browser browser) : IClassFixture<Browser>
{
    [ServerFact(Server.Chromium)]
    public async Task U_12_OC_2_What_the_host_sets_is_shown_locked_with_where_it_comes_from()
    {
        await using var host = await MailHost.StartAsync(
            "--MailPlugin:Settings:AdminAddress=boss@host.example", "--MailPlugin:Settings:Transports:primary:Smtp:Host=fixed.example", "--MailPlugin:Settings:Transports:primary:Smtp:Password=h0st-51d0");
        await using var page = await browser.OpenAsync(host);
        await page.SignInAsync();
        await Assertions.Expect(page.Field("adminAddress")).ToBeDisabledAsync();
        await Assertions.Expect(page.Page.Locator("[data-field=adminAddress] .locked")).ToContainTextAsync("command line --MailPlugin:Settings:AdminAddress");
        await page.PictureAsync("locked-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.GoAsync("transports/primary");
        await Assertions.Expect(page.Field("smtp.host")).ToBeDisabledAsync();
        await Assertions.Expect(page.Field("smtp.host")).ToHaveValueAsync("fixed.example");
        await Assertions.Expect(page.Field("smtp.port")).ToBeEnabledAsync();
        await Assertions.Expect(page.Page.Locator("[data-field='smtp.password'] .stored")).ToContainTextAsync("A password is stored");
        await Assertions.Expect(page.Act("change-secret")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Act("remove")).ToBeDisabledAsync();
        await page.PictureAsync("locked-transport-1280");
        Assert.DoesNotContain("h0st-51d0", await page.Page.ContentAsync(), StringComparison.Ordinal);

        await page.Field("smtp.port").FillAsync("2526");
        await page.Act("save").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal(2526, (await host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["port"]!.GetValue<int>());
        Assert.Empty(page.Complaints);
    }
}
