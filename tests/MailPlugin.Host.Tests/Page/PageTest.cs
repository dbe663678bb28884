using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>A built host of its own for each test, and the browser that its class shares.</summary>
public abstract class PageTest(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private protected MailHost Host { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        if (Requirement.Missing(Server.Chromium) is null)
        {
            Host = await MailHost.StartAsync();
        }
    }

    public virtual async Task DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
    }

    /// <summary>A browser of its own, signed in.</summary>
    private protected async Task<AdminPage> SignInAsync(string view, int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB")
    {
        var page = await browser.OpenAsync(Host, width, scheme, locale);
        await page.SignInAsync(view);
        return page;
    }

    private protected Task<AdminPage> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light) => browser.OpenAsync(Host, width, scheme);

    private protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
