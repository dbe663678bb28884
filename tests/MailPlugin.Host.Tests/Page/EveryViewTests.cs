using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What holds for each view of the page.</summary>
public sealed class EveryViewTests(Browser browser) : PageTest(browser)
{
    static readonly string[] Views =
    [
        "overview", "transports", "transports/primary", "transports/local", "history", "history/1?against=current", "messages", "messages/suppressions", "templates", "templates/password-reset",
        "templates/password-reset/options", "templates/layout", "debug", "debug/log", "debug/unmatched", "access", "access/sign-ins", "access/audit",
    ];

    [ServerTheory(Server.Chromium)]
    [InlineData(1280, ColorScheme.Light, "en-GB")]
    [InlineData(1280, ColorScheme.Dark, "zh-CN")]
    [InlineData(360, ColorScheme.Dark, "en-GB")]
    [InlineData(360, ColorScheme.Light, "zh-CN")]
    public async Task Every_view_is_readable_for_everybody(int width, ColorScheme scheme, string locale)
    {
        var (message, transcript) = await FillAsync();
        await using var page = await SignInAsync("overview", width, scheme, locale);
        foreach (var view in Views.Append($"messages/{message}").Append($"debug/transcripts/{transcript}"))
        {
            await page.GoAsync(view);
            await Expect(page.Page.Locator("main h1")).ToBeVisibleAsync();
            await Expect(page.Page.Locator("main .skeleton")).ToHaveCountAsync(0);
            await page.PictureAsync($"view-{NameOf(view)}-{width}-{scheme.ToString().ToLowerInvariant()}-{locale}");

            var violations = await page.ViolationsAsync();
            Assert.True(violations.Count == 0, $"{view}: {string.Join("; ", violations)}");
            Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{view} scrolls sideways.");
        }

        Assert.Equal(locale == "zh-CN" ? "zh-CN" : "en", await page.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task Every_view_is_reached_by_the_keyboard_alone()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("overview");
        foreach (var view in (string[])["transports", "messages", "templates", "debug", "access", "overview"])
        {
            var reached = false;
            for (var presses = 0; presses < 60 && !reached; presses++)
            {
                await page.Page.Keyboard.PressAsync("Tab");
                reached = await page.Page.EvaluateAsync<string?>("document.activeElement?.dataset?.nav ?? null") == view;
            }

            Assert.True(reached, $"The keyboard does not reach {view}.");
            await page.Page.Keyboard.PressAsync("Enter");
            await Expect(page.Page.Locator($"[data-nav={view}][aria-current=page]")).ToBeVisibleAsync();
            await Expect(page.Page.Locator("main h1")).ToBeFocusedAsync();

            // As somebody who skips the navigation, and comes back to it.
            await page.Page.Locator(".skip").FocusAsync();
        }

        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task The_first_view_is_small_on_the_wire_and_the_page_asks_nobody_else()
    {
        const int Budget = 150 * 1024;
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await OpenAsync();
        var foreign = new List<string>();
        page.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Host.Process.Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };
        await page.SignInAsync("overview");
        await Expect(page.Page.Locator("[data-window='30d'] .bars").First).ToBeAttachedAsync();

        var first = await BytesAsync(page);
        foreach (var view in Views)
        {
            await page.GoAsync(view);
        }

        var files = await page.Page.EvaluateAsync<int>("performance.getEntriesByType('resource').filter(e => e.name.includes('/mail/') && !e.name.includes('/api/')).reduce((sum, e) => sum + e.transferSize, 0)");
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Support.Repository.Root, "artifacts")).FullName, "page-bytes.txt"), $"first view {first}, all files of all views {files}\n");
        Assert.InRange(first, 1, Budget);
        Assert.InRange(files, 1, 2 * Budget);
        Assert.Empty(foreign);
    }

    /// <summary>Everything that was transferred: files and answers, headers included.</summary>
    static Task<int> BytesAsync(AdminPage page) => page.Page.EvaluateAsync<int>("performance.getEntries().filter(e => 'transferSize' in e).reduce((sum, e) => sum + e.transferSize, 0)");

    static string NameOf(string view) => string.Join('-', view.Split('?')[0].Split('/').Select(part => part.Length > 20 ? "one" : part));

    async Task<(string Message, string Transcript)> FillAsync()
    {
        using var closed = new ClosedPort();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(closed.Port)));
        var settings = Drafts.With(Drafts.Smtp(closed.Port), new JsonObject { ["id"] = "local", ["name"] = "Local sendmail", ["mode"] = "sendmail", ["sendmail"] = new JsonObject { ["path"] = "/usr/sbin/sendmail" } });
        settings["subjectPrefix"] = "[Example]";
        await Host.SaveAsync(settings);
        await Host.SendAsync(HttpMethod.Put, "suppressions/gone@test.example", new JsonObject { ["reason"] = "left the company" });
        await Host.PostAsync("keys", new JsonObject { ["name"] = "shop", ["scopes"] = new JsonArray("send"), ["from"] = new JsonArray("shop@sender.example") });
        var message = await Host.PostAsync("messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = "a@test.example" }), ["subject"] = "Quarterly report", ["text"] = "Hello", ["source"] = "billing", ["transport"] = "primary" });
        var test = await Host.PostAsync("test", new JsonObject { ["transport"] = "primary" });
        return (message["id"]!, test["transcriptId"]!);
    }
}
