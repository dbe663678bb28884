using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

/// <summary>A morning of an administrator who has no mouse: everything is reached by Tab, and pressed or typed.</summary>
public sealed class KeyboardPageTests(Browser browser) : PageTest(browser)
{
    [ServerFact(Server.Chromium, Server.SmtpSink)]
    public async Task From_signing_in_to_signing_out_the_keyboard_is_enough()
    {
        await using var relay = await SmtpSink.StartAsync();
        await using var page = await OpenAsync();
        var keys = page.Page.Keyboard;
        await page.Page.GotoAsync("mail/");
        await Expect(page.Dialog("sign-in")).ToBeVisibleAsync();
        await keys.TypeAsync(Host.Key);
        await keys.PressAsync("Enter");
        await Expect(page.Dialog("sign-in")).ToHaveCountAsync(0);

        // Sender and administrator, then the first transport, with the values of the local relay.
        await PressAsync(page, "[data-nav=transports]");
        await Expect(page.Page.Locator("main h1")).ToBeFocusedAsync();
        await TypeAsync(page, "[name='from.address']", "no-reply@sender.example");
        await TypeAsync(page, "[name=adminAddress]", "admin@test.example");
        await PressAsync(page, "[data-act=add-transport]", back: true);
        await Expect(page.Page.Locator("#preset")).ToBeFocusedAsync();
        await TypeAsync(page, "[name='smtp.host']", "127.0.0.1");
        await ReachAsync(page, "[name='smtp.security']");
        await keys.PressAsync("End");
        await TypeAsync(page, "[name='smtp.port']", $"{relay.Port}");
        await Expect(page.Field("smtp.security")).ToHaveValueAsync("none");

        // The test with what was typed, then the save.
        await PressAsync(page, "[data-act=test-draft]");
        await Expect(page.Dialog("test").Locator("[name=to]")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Page.Locator("#notices [data-notice=good]")).ToContainTextAsync("250");
        await PressAsync(page, "[data-act=save]");
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();

        // A second one, and it becomes the first.
        await PressAsync(page, ".back a", back: true);
        await PressAsync(page, "[data-act=add-transport]");
        await TypeAsync(page, "[name='smtp.host']", "smtp.example.com");
        await PressAsync(page, "[data-act=save]");
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await PressAsync(page, ".back a", back: true);
        await ReachAsync(page, "[data-transport=secondary] [data-act=edit]");
        await keys.PressAsync("Alt+ArrowUp");
        await Expect(page.Page.Locator("[data-list=transports] > li").First).ToHaveAttributeAsync("data-transport", "secondary");
        await Expect(page.Page.Locator("[data-transport=secondary] [data-act=edit]")).ToBeFocusedAsync();
        await keys.PressAsync("Alt+ArrowDown");
        await Expect(page.Page.Locator("[data-list=transports] > li").First).ToHaveAttributeAsync("data-transport", "primary");
        await keys.PressAsync("Alt+ArrowUp");
        await PressAsync(page, "[data-act=save]");
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal(["secondary", "primary"], (await Host.GetAsync("settings")).Json["transports"]!.AsArray().Select(transport => transport!["id"]!.GetValue<string>()));

        // What became of the test mail, and what it said.
        await PressAsync(page, "[data-nav=messages]", back: true);
        await ReachAsync(page, "[data-list=messages] [data-row-link]");
        await keys.PressAsync("Enter");
        await Expect(page.Page.Locator("main h1")).ToBeFocusedAsync();
        await PressAsync(page, "[data-tab=text]");
        await Expect(page.Page.Locator("pre.words")).ToBeVisibleAsync();

        await PressAsync(page, "[data-act=sign-out]", back: true);
        await Expect(page.Dialog("sign-in")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    static async Task TypeAsync(AdminPage page, string selector, string text)
    {
        await ReachAsync(page, selector);
        await page.Page.Keyboard.TypeAsync(text);
    }

    static async Task PressAsync(AdminPage page, string selector, bool back = false)
    {
        await ReachAsync(page, selector, back);
        await page.Page.Keyboard.PressAsync("Enter");
    }

    static async Task ReachAsync(AdminPage page, string selector, bool back = false)
    {
        await Expect(page.Page.Locator(selector).First).ToBeVisibleAsync();
        for (var presses = 0; presses < 150; presses++)
        {
            if (await page.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }

            await page.Page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
        }

        Assert.Fail($"The keyboard does not reach {selector}.");
    }
}
