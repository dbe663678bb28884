using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What holds for each view and each dialog of the page; their pictures stay in <c>artifacts/screenshots</c>.</summary>
public sealed class EveryViewTests(Browser browser, Office office) : OfficePageTest(browser, office)
{
    static readonly string[] Views =
    [
        "overview", "transports", "transports/primary", "transports/backup", "transports/php", "transports/sendmail", "transports/qmail", "transports/capture", "transports/redirect", "transports/device", "transports/application", "history", "history/2", "history/1?against=current",
        "messages", "messages?status=failed", "messages?q=nothing-is-called-so", "messages/suppressions",
        "templates", "templates/password-reset", "templates/password-reset/options", "templates/test/versions", "templates/test/versions/1", "templates/layout",
        "debug", "debug/log", "debug/unmatched", "access", "access/sign-ins", "access/audit",
    ];

    /// <summary>Each dialog by the view it opens in and what is pressed.</summary>
    static readonly (string Name, string View, string[] Acts)[] Dialogs =
    [
        ("import", "transports", ["import"]), ("test", "transports", ["test"]), ("failure", "transports/backup", ["test", "send-test"]), ("doctor", "transports/backup", ["diagnose"]),
        ("ask", "transports/backup", ["remove"]), ("device", "transports/device", ["oauth-sign-in"]), ("ask", "transports/redirect", ["oauth-sign-out"]), ("resend", "messages/{sent}", ["resend"]), ("erase", "messages/suppressions", ["erase"]), ("add-template", "templates", ["add-template"]),
        ("import-template", "templates", ["import-template"]), ("difference", "templates/test?locale=en", ["compare-base"]),
        ("test", "templates/test?locale=en", ["test-template"]), ("make-key", "access", ["make-key"]),
    ];

    [ServerTheory(Server.Chromium, Server.SmtpSink)]
    [InlineData(ColorScheme.Light, "en-GB")]
    [InlineData(ColorScheme.Dark, "zh-CN")]
    public async Task Every_view_is_readable_for_everybody(ColorScheme scheme, string locale)
    {
        await using var page = await SignInAsync("overview", 1280, scheme, locale);
        var faults = new List<string>();
        await VisitAllAsync(page, view => Look.AtAsync(page, NameOf(view, Office), scheme, locale, faults));

        Assert.Equal(locale == "zh-CN" ? "zh-CN" : "en", await page.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(faults);
        Assert.Empty(page.Complaints);
    }

    /// <summary>The pairs that <see cref="Every_view_is_readable_for_everybody"/> leaves out, by what axe finds.</summary>
    [ServerTheory(Server.Chromium, Server.SmtpSink)]
    [InlineData(ColorScheme.Dark, "en-GB")]
    [InlineData(ColorScheme.Light, "zh-CN")]
    public async Task Every_view_is_readable_in_the_other_scheme_too(ColorScheme scheme, string locale)
    {
        await using var page = await SignInAsync("overview", 1280, scheme, locale);
        var faults = new List<string>();
        await VisitAllAsync(page, async view =>
        {
            faults.AddRange((await page.ViolationsAsync()).Select(fault => $"{view}: {fault}"));
            if (view is "overview" or "transports/primary" or "transports/redirect" || view == $"messages/{Office.Failed}")
            {
                await page.PictureAsync($"view-{NameOf(view, Office)}-1280-{scheme.ToString().ToLowerInvariant()}-{locale}", wholePage: true);
            }
        });

        Assert.Empty(faults);
        Assert.Empty(page.Complaints);
    }

    [ServerTheory(Server.Chromium, Server.SmtpSink)]
    [InlineData(ColorScheme.Light, "en-GB")]
    [InlineData(ColorScheme.Dark, "zh-CN")]
    public async Task Every_dialog_is_readable_for_everybody(ColorScheme scheme, string locale)
    {
        await using var page = await OpenAsync(1280, scheme, locale);
        var faults = new List<string>();
        await page.Page.GotoAsync("mail/#/transports");
        await Expect(page.Dialog("sign-in")).ToBeVisibleAsync();
        await Look.AtAsync(page, "dialog-sign-in", scheme, locale, faults);
        await page.SignInAsync("overview");
        foreach (var (name, view, acts) in Dialogs)
        {
            await page.GoAsync(view.Replace("{sent}", Office.Sent, StringComparison.Ordinal));
            foreach (var act in acts)
            {
                await page.Act(act).ClickAsync();
            }

            await Expect(page.Dialog(name)).ToBeVisibleAsync();
            if (name == "doctor")
            {
                await Expect(page.Act("diagnose-again")).ToBeVisibleAsync(new() { Timeout = 60_000 });
            }

            await Look.AtAsync(page, $"dialog-{view.Split('/')[0]}-{name}", scheme, locale, faults);
            await page.Page.Keyboard.PressAsync("Escape");
            await Expect(page.Page.Locator("dialog")).ToHaveCountAsync(0);
        }

        Assert.Empty(faults);
        Assert.Empty(page.Complaints);
    }

    async Task VisitAllAsync(AdminPage page, Func<string, Task> look)
    {
        string[] ofOne = [$"messages/{Office.Sent}", $"messages/{Office.Sent}/html", $"messages/{Office.Sent}/text", $"messages/{Office.Sent}/headers", $"messages/{Office.Sent}/source", $"messages/{Office.Sent}/attachments", $"messages/{Office.Failed}", $"debug/transcripts/{Office.Transcript}"];
        foreach (var view in Views.Concat(ofOne))
        {
            await page.GoAsync(view);
            await Expect(page.Page.Locator("main h1")).ToBeVisibleAsync();
            Assert.Equal((view, ""), (view, await FailureAsync(page)));
            await look(view);
        }
    }

    /// <summary>Why a view could not be shown, or nothing.</summary>
    static async Task<string> FailureAsync(AdminPage page) => string.Join(' ', await page.Page.Locator("main .empty[role=alert]").AllInnerTextsAsync());

    static string NameOf(string view, Office office) => string.Join('-', view.Replace(office.Sent, "sent", StringComparison.Ordinal).Replace(office.Failed, "failed", StringComparison.Ordinal).Replace(office.Transcript, "one", StringComparison.Ordinal).Split('/', '?', '=').Where(part => part.Length > 0));
}
