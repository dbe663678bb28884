using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>Debian's Chromium, for the tests of a class; each test has a context of its own. What one class has left the next one takes: there are as many as classes run at once.</summary>
public sealed class Browser : IAsyncLifetime
{
    static readonly ConcurrentBag<Chromium> Left = [];

    Chromium? chromium;

    static Browser() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.WaitAll([.. Left.Select(one => one.DisposeAsync().AsTask())], TimeSpan.FromSeconds(10));

    public async Task InitializeAsync()
    {
        if (Requirement.Missing(Server.Chromium) is null)
        {
            chromium = Left.TryTake(out var left) && left.IsAlive ? left : await Chromium.StartAsync();
        }
    }

    /// <param name="address">Where the browser finds the host, if not at the host's own address.</param>
    internal async Task<AdminPage> OpenAsync(MailHost host, int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB", Uri? address = null)
    {
        var context = await chromium!.Browser.NewContextAsync(new()
        {
            BaseURL = (address ?? host.Process.Address).ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = locale,
            ReducedMotion = ReducedMotion.Reduce,

            // Token servers of tests have certificates of the tests' authority.
            IgnoreHTTPSErrors = true,
        });
        context.SetDefaultTimeout(Chromium.Patience);
        return new(await context.NewPageAsync(), host);
    }

    public Task DisposeAsync()
    {
        if (chromium is not null)
        {
            Left.Add(chromium);
        }

        return Task.CompletedTask;
    }

    /// <summary>A browser with the program that drives it.</summary>
    sealed class Chromium(IPlaywright playwright, IBrowser browser) : IAsyncDisposable
    {
        /// <summary>In milliseconds. A busy machine is no fault of the page.</summary>
        public const int Patience = 20_000;

        public IBrowser Browser => browser;

        public bool IsAlive => browser.IsConnected;

        public static async Task<Chromium> StartAsync()
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            var playwright = await Playwright.CreateAsync();
            return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Headless = true }));
        }

        public async ValueTask DisposeAsync()
        {
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }
}

/// <summary>The admin page as a person uses it.</summary>
internal sealed class AdminPage : IAsyncDisposable
{
    static readonly string Artifacts = Path.Combine(Repository.Root, "artifacts", "screenshots");

    readonly MailHost host;
    readonly ConcurrentQueue<string> complaints = [];

    public AdminPage(IPage page, MailHost host)
    {
        (Page, this.host) = (page, host);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal))
            {
                complaints.Enqueue($"{message.Text} {message.Location}");
            }
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors that the page wrote to the console, violations of its policy among them; refusals that a test provokes left out.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints];

    public ILocator Act(string name) => Page.Locator($"[data-act={name}]:visible").First;

    public ILocator Field(string name) => Page.Locator($"[name='{name}']");

    /// <summary>What the view says is wrong. A place for it that says nothing is not meant.</summary>
    public ILocator Alerts => Page.Locator("main [role=alert]:not(:empty)");

    public ILocator Dialog(string name) => Page.Locator($"[data-dialog={name}]");

    /// <summary>With the key, as a person does.</summary>
    public async Task SignInAsync(string view = "transports")
    {
        await Page.GotoAsync($"mail/#/{view}");
        await Dialog("sign-in").Locator("[name=key]").FillAsync(host.Key);
        await Act("sign-in").ClickAsync();
        await Assertions.Expect(Dialog("sign-in")).ToHaveCountAsync(0);
    }

    /// <summary>As who has signed in already.</summary>
    /// <param name="cookie">The value of the sign-in's cookie.</param>
    public async Task GoSignedInAsync(string view, string cookie)
    {
        await Page.Context.AddCookiesAsync([new() { Name = MailHost.CookieName, Value = cookie, Url = new Uri(host.Process.Address, "api/mail/").ToString(), HttpOnly = true, SameSite = SameSiteAttribute.Strict }]);
        await Page.GotoAsync($"mail/#/{view}");
        await Assertions.Expect(Page.Locator("main h1")).ToBeVisibleAsync();
    }

    /// <summary>Goes to a view and waits until it is there: only the hash changes, of which the browser says nothing.</summary>
    public async Task GoAsync(string view)
    {
        await Page.GotoAsync($"mail/#/{view}");
        await Page.WaitForFunctionAsync("() => document.querySelector('main')?.dataset.shown === location.hash || document.querySelector('[data-dialog=sign-in]')");
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Assertions.Expect(Page.Locator("main .skeleton")).ToHaveCountAsync(0);
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
