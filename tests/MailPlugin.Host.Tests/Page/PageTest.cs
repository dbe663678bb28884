using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>A built host of its own for each test, and the browser that its class shares.</summary>
public abstract class PageTest(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private protected MailHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Requirement.Missing(Server.Chromium) is null)
        {
            Host = await FindHostAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (Host is not null)
        {
            await LeaveHostAsync();
        }
    }

    private protected virtual Task<MailHost> FindHostAsync() => MailHost.StartAsync();

    private protected virtual async Task LeaveHostAsync() => await Host.DisposeAsync();

    private protected virtual Task<string> CookieAsync() => Host.SignInAsync();

    /// <summary>A browser of its own, signed in.</summary>
    private protected async Task<AdminPage> SignInAsync(string view, int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB")
    {
        var page = await browser.OpenAsync(Host, width, scheme, locale);
        await page.GoSignedInAsync(view, await CookieAsync());
        return page;
    }

    private protected Task<AdminPage> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB") => browser.OpenAsync(Host, width, scheme, locale);

    private protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}

/// <summary>One host for all tests of a class, in full use.</summary>
public abstract class OfficePageTest(Browser browser, Office office) : PageTest(browser), IClassFixture<Office>
{
    private protected Office Office => office;

    private protected override Task<MailHost> FindHostAsync() => Task.FromResult(office.Host);

    private protected override Task LeaveHostAsync() => Task.CompletedTask;

    private protected override Task<string> CookieAsync() => office.SignInAsync();
}

/// <summary>One host for all tests of a class; each finds it without settings.</summary>
public abstract class SharedPageTest(Browser browser, SharedHost shared) : PageTest(browser), IClassFixture<SharedHost>
{
    private protected override Task<MailHost> FindHostAsync() => shared.EmptyAsync();

    private protected override Task LeaveHostAsync() => Task.CompletedTask;

    private protected override Task<string> CookieAsync() => shared.SignInAsync();
}
