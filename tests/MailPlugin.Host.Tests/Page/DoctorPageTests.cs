using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

public sealed class DoctorPageTests(Browser browser, SharedHost shared) : SharedPageTest(browser, shared)
{
    [ServerFact(Server.Chromium, Server.Postfix)]
    public async Task U_1_The_doctor_finds_the_one_wrong_setting_and_applying_it_makes_the_test_pass()
    {
        const string Password = "d0ctor-51d0";
        await using var postfix = await PostfixServer.StartAsync(new() { Password = Password });
        await Host.SaveAsync(Drafts.With(Drafts.Submission(postfix, change: smtp => smtp["security"] = "implicitTls")));
        await using var page = await SignInAsync("transports/primary");
        await page.Act("diagnose").ClickAsync();
        var dialog = page.Dialog("doctor");

        await Expect(dialog.Locator("[data-step=connect][data-outcome=ok]").First).ToBeVisibleAsync();
        await Expect(page.Act("apply-fix")).ToContainTextAsync("STARTTLS");
        await page.PictureAsync("doctor-verdict-1280");
        Assert.Empty(await page.ViolationsAsync());
        await dialog.Locator("[data-fold=commands] summary").ClickAsync();
        await Expect(dialog.Locator("[data-fold=commands]")).ToContainTextAsync("openssl s_client");
        Assert.DoesNotContain(Password, await page.Page.ContentAsync(), StringComparison.Ordinal);
        await page.Act("apply-fix").ClickAsync();
        await Expect(page.Field("smtp.security")).ToHaveValueAsync("startTls");
        await page.Act("test-draft").ClickAsync();
        await page.Act("send-test").ClickAsync();
        await Expect(page.Page.Locator("#notices [data-notice=good]").Last).ToContainTextAsync("250 2.0.0 Ok");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task W9_14_Each_step_appears_as_it_is_done_and_leaving_ends_the_examination()
    {
        await using var silent = new SilentPort();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(silent.Port, smtp => smtp["timeoutSeconds"] = 60, host: "127.0.0.1")));
        await using var page = await SignInAsync("transports/primary");
        await page.Act("diagnose").ClickAsync();
        var dialog = page.Dialog("doctor");
        await Expect(dialog.Locator("[data-step=connect][data-outcome=ok]")).ToBeVisibleAsync();
        await Expect(dialog.Locator(".exam-now")).ToBeVisibleAsync();
        await Expect(dialog.Locator(".exam-end")).ToBeEmptyAsync();
        await page.PictureAsync("doctor-running-1280");

        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("127.0.0.1");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task W9_14_A_port_where_nothing_listens_is_said_to_be_that_in_both_languages()
    {
        using var closed = new ClosedPort();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(closed.Port, host: "127.0.0.1")));
        await using var page = await SignInAsync("transports/primary", width: 360, locale: "zh-CN");
        await page.Act("diagnose").ClickAsync();
        await Expect(page.Dialog("doctor").Locator(".exam-verdict")).ToContainTextAsync("端口");
        await page.PictureAsync("doctor-360-zh-CN");
        Assert.Empty(await page.ViolationsAsync());
        Assert.True(await page.Page.EvaluateAsync<bool>("document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth"), "The dialog scrolls sideways.");
    }
}
