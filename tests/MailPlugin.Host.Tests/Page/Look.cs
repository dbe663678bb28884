using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What nobody should have to see in any view.</summary>
internal static class Look
{
    /// <summary>On a wide screen and on a telephone: a picture, what axe finds, and whether something is cut off or makes the view scroll sideways.</summary>
    public static async Task AtAsync(AdminPage page, string name, ColorScheme scheme, string locale, List<string> faults)
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
}
