using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.Host.Tests.Support;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>Debian's Chromium, shared by the tests of a class; each test has a context of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    const string Program = "/usr/bin/chromium";

    IPlaywright? playwright;
    IBrowser? browser;

    public async Task InitializeAsync()
    {
        // As long as an act is waited for: a busy machine is no fault of the page.
        Assertions.SetDefaultExpectTimeout(20_000);
        if (File.Exists(Program))
        {
            playwright = await Playwright.CreateAsync();

            // As patient as clicks are: a busy machine is no fault of the page.
            Assertions.SetDefaultExpectTimeout(20_000);
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Headless = true });
        }
    }

    /// <param name="address">Where the browser finds the host, if not at the host's own address.</param>
    internal async Task<AdminPage> OpenAsync(MailHost host, int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB", Uri? address = null)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = (address ?? host.Process.Address).ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = locale,
            ReducedMotion = ReducedMotion.Reduce,

            // Token servers of tests have certificates of the tests' authority.
            IgnoreHTTPSErrors = true,
        });
        context.SetDefaultTimeout(20_000);
        return new(await context.NewPageAsync(), host);
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}

/// <summary>The admin page as a person uses it.</summary>
internal sealed class AdminPage : IAsyncDisposable
{
    static readonly string Artifacts = Path.Combine(Repository.Root, "artifacts", "screenshots");

    readonly MailHost host;
    readonly List<string> complaints = [];

    public AdminPage(IPage page, MailHost host)
    {
        (Page, this.host) = (page, host);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal))
            {
                complaints.Add($"{message.Text} {message.Location}");
            }
        };
        page.PageError += (_, error) => complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Errors that the page wrote to the console, violations of its policy among them; refusals that a test provokes left out.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public ILocator Act(string name) => Page.Locator($"[data-act={name}]:visible").First;

    public ILocator Field(string name) => Page.Locator($"[name='{name}']");

    public ILocator Dialog(string name) => Page.Locator($"[data-dialog={name}]");

    public async Task SignInAsync(string view = "transports")
    {
        await Page.GotoAsync($"mail/#/{view}");
        await Dialog("sign-in").Locator("[name=key]").FillAsync(host.Key);
        await Act("sign-in").ClickAsync();
        await Assertions.Expect(Dialog("sign-in")).ToHaveCountAsync(0);
    }

    /// <summary>Goes to a view and waits until it is there: only the hash changes, of which the browser says nothing.</summary>
    public async Task GoAsync(string view)
    {
        await Page.GotoAsync($"mail/#/{view}");
        await Page.WaitForFunctionAsync("() => document.querySelector('main')?.dataset.shown === location.hash || document.querySelector('[data-dialog=sign-in]')");
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }

    /// <summary>What the view says went wrong, in its own words: empty where nothing did.</summary>
    public async Task<string> FaultsAsync() => string.Join(" | ", await Page.Locator("main [role=alert]:visible").AllInnerTextsAsync()).Trim(' ', '|');

    /// <summary>Keeps a picture for people to look at.</summary>
    public Task PictureAsync(string name, bool wholePage = false) => Page.ScreenshotAsync(new() { Path = Path.Combine(Artifacts, $"{name}.png"), FullPage = wholePage });

    /// <summary>What axe finds that hinders people. A mail in its frame is somebody else's work, and no script runs in there, axe's neither.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync() =>
        [.. (await Page.RunAxe(new AxeRunOptions { Iframes = false })).Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}")];

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
