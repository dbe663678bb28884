using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>The page in Chromium, over the built host and a real Postfix.</summary>
public sealed class PageTests(Browser browser) : PageTest(browser)
{
    const string Password = "p4ge-p4ssword-51d0";

    [ServerFact(Server.Chromium, Server.Postfix)]
    public async Task TB_5_TB_7_OC_13_An_administrator_types_settings_tests_saves_and_reads_the_dialogue()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Password = Password });
        await using var page = await OpenAsync();
        await page.SignInAsync();
        Assert.False(File.Exists(Path.Combine(Host.Data, "admin-key.txt")));

        await page.Field("from.address").FillAsync("no-reply@sender.example");
        await page.Field("adminAddress").FillAsync("admin@test.example");
        await TypeTransportAsync(page, postfix, Password);
        await page.PictureAsync("transport-form-1280");
        await page.Act("test-draft").ClickAsync();
        await Expect(page.Dialog("test").Locator("[name=to]")).ToHaveValueAsync("admin@test.example");
        await page.Act("send-test").ClickAsync();

        var notice = page.Page.Locator("#notices [data-notice=good]");
        await Expect(notice).ToContainTextAsync("250 2.0.0 Ok");
        await page.PictureAsync("test-succeeded-1280");
        Assert.Equal("0", (await Host.GetAsync("settings"))["version"]);
        Assert.Equal("admin@test.example", Assert.Single(await postfix.ReadMessagesAsync(1, TimeSpan.FromSeconds(15))).OriginalTo);

        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal("1", (await Host.GetAsync("settings"))["version"]);

        await page.GoAsync("debug");
        await page.Act("debug-on").ClickAsync();
        await Expect(page.Page.Locator("[data-clock=debug]")).ToBeVisibleAsync();
        await page.Page.Locator("[data-list=transcripts] a").First.ClickAsync();
        await Expect(page.Page.Locator("ol.transcript")).ToContainTextAsync("STARTTLS");
        await page.PictureAsync("transcript-1280");
        Assert.DoesNotContain(Password, await page.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium, Server.Postfix)]
    public async Task TB_6_A_failed_test_says_why_shows_the_servers_words_and_keeps_what_was_typed()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Password = Password });
        await using var page = await OpenAsync();
        await page.SignInAsync();
        await page.Field("from.address").FillAsync("no-reply@sender.example");
        await page.Field("adminAddress").FillAsync("admin@test.example");
        await TypeTransportAsync(page, postfix, "wrong");

        await page.Act("test-draft").ClickAsync();
        await page.Act("send-test").ClickAsync();

        await Expect(page.Dialog("failure")).ToContainTextAsync("refused user name or password");
        await Expect(page.Dialog("failure")).ToContainTextAsync("535 5.7.8");
        await page.PictureAsync("test-failed-1280");
        await page.Dialog("failure").Locator("[data-fold=transcript] summary").ClickAsync();
        await Expect(page.Dialog("failure").Locator("[data-fold=transcript]")).ToContainTextAsync("AUTH");
        await page.Dialog("failure").Locator("[data-act=close]").First.ClickAsync();
        await Expect(page.Field("smtp.username")).ToHaveValueAsync("user");
        await page.PictureAsync("after-failure-1280");
    }

    [ServerFact(Server.Chromium)]
    public async Task The_servers_errors_land_on_their_fields()
    {
        await using var page = await OpenAsync();
        await page.SignInAsync();
        await page.Field("adminAddress").FillAsync("not an address");

        await page.Act("save").ClickAsync();

        await Expect(page.Field("adminAddress")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Page.Locator("[data-summary=errors]")).ToBeVisibleAsync();
        await page.PictureAsync("field-error-1280");
    }

    [ServerFact(Server.Chromium)]
    public async Task An_address_is_suppressed_and_lifted_again()
    {
        await using var page = await OpenAsync(width: 360);
        await page.SignInAsync("messages/suppressions");
        await page.Field("address").FillAsync("gone@test.example");
        await page.Act("suppress").ClickAsync();
        await Expect(page.Page.Locator("[data-list=suppressions]")).ToContainTextAsync("gone@test.example");
        await page.PictureAsync("suppressions-360");
        Assert.Empty(await page.ViolationsAsync());
        Assert.Single((await Host.GetAsync("suppressions")).Json["items"]!.AsArray());

        await page.Act("lift").ClickAsync();
        await page.Act("confirm").ClickAsync();

        await Expect(page.Page.Locator("[data-list=suppressions]")).ToHaveCountAsync(0);
        Assert.Empty((await Host.GetAsync("suppressions")).Json["items"]!.AsArray());
    }

    static async Task TypeTransportAsync(AdminPage page, PostfixServer postfix, string password)
    {
        await page.Act("add-transport").ClickAsync();
        await page.Field("smtp.host").FillAsync("localhost");
        await page.Field("smtp.security").SelectOptionAsync("startTls");
        await page.Field("smtp.port").FillAsync($"{postfix.SubmissionPort}");
        await page.Field("smtp.username").FillAsync("user");
        await page.Field("smtp.password").FillAsync(password);
        await page.Page.Locator("details[data-group=certificate] summary").ClickAsync();
        await page.Field("smtp.certificate.trust").SelectOptionAsync("customCa");
        await page.Field("smtp.certificate.caPem").FillAsync(TestCertificates.Shared.AuthorityPem);
    }
}
