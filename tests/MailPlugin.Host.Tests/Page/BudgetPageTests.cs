using System.Text.Json;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What the page costs whoever opens it, counted where the browser receives it: headers, bodies, everything.</summary>
public sealed class BudgetPageTests(Browser browser, Office office) : OfficePageTest(browser, office)
{
    const int Budget = 150 * 1024;

    static readonly string[] Views =
    [
        "overview", "transports", "transports/primary", "history", "history/1", "messages", "messages/suppressions", "messages/{sent}", "messages/{sent}/html", "templates", "templates/test?locale=en", "templates/test/versions",
        "templates/test/options", "templates/layout", "debug", "debug/log", "debug/unmatched", "debug/transcripts/{transcript}", "access", "access/sign-ins", "access/audit",
    ];

    [ServerTheory(Server.Chromium, Server.SmtpSink)]
    [InlineData("en-GB")]
    [InlineData("zh-CN")]
    public async Task The_page_with_all_its_views_is_under_150_KB_and_asks_nobody_else(string locale)
    {
        await using var page = await OpenAsync(locale: locale);
        var seen = new List<(string Url, double Bytes)>();
        var network = await page.Page.Context.NewCDPSessionAsync(page.Page);
        await network.SendAsync("Network.enable");
        var addresses = new Dictionary<string, string>();
        network.Event("Network.requestWillBeSent").OnEvent += (_, data) => addresses[Text(data, "requestId")] = data!.Value.GetProperty("request").GetProperty("url").GetString()!;
        network.Event("Network.loadingFinished").OnEvent += (_, data) => seen.Add((addresses[Text(data, "requestId")], data!.Value.GetProperty("encodedDataLength").GetDouble()));

        await page.SignInAsync("overview");
        await Expect(page.Page.Locator("[data-window='30d'] .bars").First).ToBeAttachedAsync();
        var first = seen.Sum(item => item.Bytes);
        foreach (var view in Views)
        {
            await page.GoAsync(view.Replace("{sent}", Office.Sent, StringComparison.Ordinal).Replace("{transcript}", Office.Transcript, StringComparison.Ordinal));
        }

        var files = seen.Where(item => item.Url.Contains("/mail/", StringComparison.Ordinal) && !item.Url.Contains("/api/mail/", StringComparison.Ordinal)).ToList();
        var report = $"{locale}: first view with its answers {first:0}, {files.Count} files of all views {files.Sum(item => item.Bytes):0}, all with the answers of the API {seen.Sum(item => item.Bytes):0}\n";
        await File.AppendAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName, "page-bytes.txt"), report);

        // What was asked for has been asked for: each module that lies in the folder was loaded.
        var loaded = files.Select(item => new Uri(item.Url).AbsolutePath).ToHashSet();
        var folder = Path.Combine(Repository.Root, "wwwroot", "mail");
        Assert.All(Directory.EnumerateFiles(Path.Combine(folder, "js"), "*.js", SearchOption.AllDirectories), file => Assert.Contains($"/mail/{Path.GetRelativePath(folder, file)}", loaded));
        Assert.True(files.Sum(item => item.Bytes) < Budget, report);
        Assert.True(first < Budget, report);
        Assert.All(seen.Where(item => !item.Url.StartsWith("data:", StringComparison.Ordinal)), item => Assert.StartsWith(Host.Process.Address.ToString(), item.Url, StringComparison.Ordinal));
    }

    [ServerFact(Server.Chromium, Server.SmtpSink)]
    public async Task Who_comes_back_loads_no_file_again()
    {
        await using var page = await SignInAsync("overview");
        await Expect(page.Page.Locator("[data-window='30d'] .bars").First).ToBeAttachedAsync();
        var again = new List<IResponse>();
        page.Page.Response += (_, response) => again.Add(response);
        await page.Page.ReloadAsync();
        await Expect(page.Page.Locator("[data-window='30d'] .bars").First).ToBeAttachedAsync();

        Assert.NotEmpty(again);
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("performance.getEntriesByType('resource').filter(e => e.name.endsWith('.js') && e.transferSize > 300).length"));
    }

    static string Text(JsonElement? data, string name) => data!.Value.GetProperty(name).GetString()!;
}
