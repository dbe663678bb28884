using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What holds for each view and each dialog of the page; their pictures stay in <c>artifacts/screenshots</c>.</summary>
public sealed class EveryViewTests(Browser browser) : PageTest(browser)
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
        await using var office = await Office.OpenAsync(Host);
        await using var page = await SignInAsync("overview", 1280, scheme, locale);
        var faults = new List<string>();
        await VisitAllAsync(page, office, view => LookAsync(page, NameOf(view, office), scheme, locale, faults));

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
        await using var office = await Office.OpenAsync(Host);
        await using var page = await SignInAsync("overview", 1280, scheme, locale);
        var faults = new List<string>();
        await VisitAllAsync(page, office, async view =>
        {
            faults.AddRange((await page.ViolationsAsync()).Select(fault => $"{view}: {fault}"));
            if (view is "overview" or "transports/primary" or "transports/redirect" || view == $"messages/{office.Failed}")
            {
                await page.PictureAsync($"view-{NameOf(view, office)}-1280-{scheme.ToString().ToLowerInvariant()}-{locale}", wholePage: true);
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
        await using var office = await Office.OpenAsync(Host);
        await using var page = await OpenAsync(1280, scheme, locale);
        var faults = new List<string>();
        await page.Page.GotoAsync("mail/#/transports");
        await Expect(page.Dialog("sign-in")).ToBeVisibleAsync();
        await LookAsync(page, "dialog-sign-in", scheme, locale, faults);
        await page.SignInAsync("overview");
        foreach (var (name, view, acts) in Dialogs)
        {
            await page.GoAsync(view.Replace("{sent}", office.Sent, StringComparison.Ordinal));
            foreach (var act in acts)
            {
                await page.Act(act).ClickAsync();
            }

            await Expect(page.Dialog(name)).ToBeVisibleAsync();
            if (name == "doctor")
            {
                await Expect(page.Act("diagnose-again")).ToBeVisibleAsync(new() { Timeout = 60_000 });
            }

            await LookAsync(page, $"dialog-{view.Split('/')[0]}-{name}", scheme, locale, faults);
            await page.Page.Keyboard.PressAsync("Escape");
            await Expect(page.Page.Locator("dialog")).ToHaveCountAsync(0);
        }

        Assert.Empty(faults);
        Assert.Empty(page.Complaints);
    }

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
            await Expect(page.Page.Locator("main .skeleton")).ToHaveCountAsync(0);
            await Expect(page.Page.Locator(view == "overview" ? "main .verdict" : "main .empty").First).ToBeVisibleAsync();
            await LookAsync(page, $"empty-{view.Replace('/', '-')}", scheme, locale, faults);
        }

        Assert.Empty(faults);
        Assert.Empty(page.Complaints);
    }

    static async Task VisitAllAsync(AdminPage page, Office office, Func<string, Task> look)
    {
        string[] ofOne = [$"messages/{office.Sent}", $"messages/{office.Sent}/html", $"messages/{office.Sent}/text", $"messages/{office.Sent}/headers", $"messages/{office.Sent}/source", $"messages/{office.Sent}/attachments", $"messages/{office.Failed}", $"debug/transcripts/{office.Transcript}"];
        foreach (var view in Views.Concat(ofOne))
        {
            await page.GoAsync(view);
            await Expect(page.Page.Locator("main h1")).ToBeVisibleAsync();
            await Expect(page.Page.Locator("main .skeleton")).ToHaveCountAsync(0);
            Assert.Equal((view, ""), (view, await FailureAsync(page)));
            await look(view);
        }
    }

    /// <summary>Why a view could not be shown, or nothing.</summary>
    static async Task<string> FailureAsync(AdminPage page) => string.Join(' ', await page.Page.Locator("main .empty[role=alert]").AllInnerTextsAsync());

    /// <summary>On a wide screen and on a telephone: a picture, what axe finds, and whether something is cut off or makes the view scroll sideways.</summary>
    static async Task LookAsync(AdminPage page, string name, ColorScheme scheme, string locale, List<string> faults)
    {
        foreach (var width in (int[])[1280, 360])
        {
            await page.Page.SetViewportSizeAsync(width, 900);
            await page.PictureAsync($"view-{name}-{width}-{scheme.ToString().ToLowerInvariant()}-{locale}", wholePage: !name.StartsWith("dialog-", StringComparison.Ordinal));
            faults.AddRange((await page.ViolationsAsync()).Select(fault => $"{name} at {width}: {fault}"));
            if (!await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"))
            {
                faults.Add($"{name} at {width} scrolls sideways.");
            }

            faults.AddRange((await page.Page.EvaluateAsync<string[]>(CutWords)).Select(text => $"{name} at {width}: cut off: {text}"));
            faults.AddRange((await page.Page.EvaluateAsync<string[]>(Unknown)).Select(text => $"{name} at {width}: no text for: {text}"));
        }

        await page.Page.SetViewportSizeAsync(1280, 900);
    }

    /// <summary>Words on buttons, tabs, labels and headings that do not fit where they stand.</summary>
    const string CutWords = "() => [...document.querySelectorAll('button, .button, nav a, label, h1, h2, h3, legend, summary, th, .tag')].filter(e => e.checkVisibility() && !e.closest('.unseen, thead') && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.clientWidth > 0).map(e => e.outerHTML.slice(0, 120))";

    /// <summary>Keys that have no text are shown as they are: <c>group.name</c> in a place for words.</summary>
    const string Unknown = "() => [...document.querySelectorAll('button, .button, label, h1, h2, h3, legend, summary, th, dt, option, .help, .muted')].filter(e => e.checkVisibility() && !e.matches('.mono') && /^[a-z]\\w*(\\.\\w+)+$/.test(e.textContent.trim())).map(e => e.textContent)";

    static string NameOf(string view, Office office) => string.Join('-', view.Replace(office.Sent, "sent", StringComparison.Ordinal).Replace(office.Failed, "failed", StringComparison.Ordinal).Replace(office.Transcript, "one", StringComparison.Ordinal).Split('/', '?', '=').Where(part => part.Length > 0));
}
