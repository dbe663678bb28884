using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

/// <summary>Values that would like to be markup, in every place that the page shows a value.</summary>
public sealed class HostilePageTests(Browser browser) : PageTest(browser)
{
    const string Markup = "\"'><img src=x onerror=\"window.owned=1\"><script>window.owned=1</script><svg onload=window.owned=1>";

    [ServerFact(Server.Chromium)]
    public async Task XSS_Nothing_that_others_said_becomes_markup_in_any_view()
    {
        await using var relay = new HostileRelay(new(RelayStage.Rcpt, RelayAct.Reply, $"550 5.7.1 {Markup}"));
        var settings = Drafts.With(Drafts.Smtp(relay.Port, host: "127.0.0.1"));
        settings["from"]!["name"] = Markup;
        settings["subjectPrefix"] = Markup;
        settings["transports"]![0]!["name"] = Markup;
        var saved = await Host.SaveAsync(settings);
        Assert.True(saved.Status == 200, saved.Text);
        await Host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["enabled"] = true, ["minutes"] = 30, ["content"] = "full" });
        await Host.SendAsync(HttpMethod.Put, "suppressions/gone@test.example", new JsonObject { ["reason"] = Markup });
        await Host.PostAsync("keys", new JsonObject { ["name"] = "<img src=x onerror=window.owned=1>", ["scopes"] = new JsonArray("read") });
        await Host.SendAsync(HttpMethod.Put, "templates/test?locale=en", new JsonObject { ["subject"] = Markup, ["html"] = $"<p>{Markup}</p>", ["text"] = Markup }, request => request.Headers.IfMatch.Add(new("\"0\"")));
        var message = await Host.PostAsync("messages", new JsonObject
        {
            ["to"] = new JsonArray(new JsonObject { ["address"] = "a@test.example", ["name"] = Markup }),
            ["subject"] = Markup,
            ["text"] = Markup,
            ["html"] = Markup,
            ["metadata"] = new JsonObject { ["note"] = Markup },
            ["attachments"] = new JsonArray(new JsonObject { ["name"] = "<img src=x onerror=window.owned=1>.txt", ["contentType"] = "text/plain", ["content"] = "aGk=" }),
        });
        Assert.True(message.Status == 202, message.Text);
        var id = message["id"]!;
        var test = await Host.PostAsync("test", new JsonObject { ["transport"] = "primary" });
        await Eventually.SeeAsync(async () => (await Host.GetAsync($"messages/{id}")).Json["attempts"]!.AsArray().Count > 0, "an attempt");

        await using var page = await SignInAsync("overview");
        string[] views =
        [
            "overview", "transports", "transports/primary", "history", "history/1", "messages", "messages?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.owned%3D1%3E", "messages/suppressions",
            $"messages/{id}", $"messages/{id}/html", $"messages/{id}/text", $"messages/{id}/headers", $"messages/{id}/source", $"messages/{id}/attachments",
            "templates", "templates/test?locale=en", "templates/test/versions", "templates/test/versions/1", "templates/test/options",
            "debug", $"debug/transcripts/{test["transcriptId"]}", "debug/log", "debug/unmatched", "access", "access/sign-ins", "access/audit", "%3Cimg%20src=x%20onerror=window.owned=1%3E", "transports/%3Cimg%20src=x%3E",
        ];
        foreach (var view in views)
        {
            await page.GoAsync(view);
            Assert.True(await IsCleanAsync(page), $"{view} made markup of a value.");
        }

        await page.GoAsync("transports/primary");
        await page.Act("test").ClickAsync();
        await page.Act("send-test").ClickAsync();
        await Expect(page.Dialog("failure")).ToContainTextAsync("<img src=x");
        Assert.True(await IsCleanAsync(page), "The failure dialog made markup of a value.");
        await page.Dialog("failure").Locator("[data-act=diagnose]").ClickAsync();
        await Expect(page.Act("diagnose-again")).ToBeVisibleAsync();
        Assert.True(await IsCleanAsync(page), "The doctor made markup of a value.");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task XSS_Nothing_that_a_provider_of_tokens_said_becomes_markup()
    {
        const string Short = "<img src=x onerror=window.owned=1>";
        static string No(string error) => new JsonObject { ["error"] = error, ["error_description"] = Markup, ["error_uri"] = "javascript:window.owned=1" }.ToJsonString();
        await using var provider = new TokenServer { Instead = (400, No("invalid_grant")) };
        await using var relay = new TokenRelay(provider.Gave);
        void Name(JsonObject oauth) => (oauth["provider"], oauth["account"], oauth["scopes"]) = (Short, Markup, new JsonArray(Short.Replace(' ', '/')));
        var saved = await Host.SaveAsync(Drafts.With(
            Drafts.Tokens(provider, relay.Port, "clientCredentials", Name, "application"), Drafts.Tokens(provider, relay.Port, "deviceCode", Name, "device"), Drafts.Tokens(provider, relay.Port, "authorizationCode", Name, "redirect")));
        Assert.True(saved.Status == 200, saved.Text);
        var test = await Host.PostAsync("test", new JsonObject { ["transport"] = "application" });
        Assert.Contains("<img src=x", test.Text.Replace("\\u003C", "<", StringComparison.OrdinalIgnoreCase), StringComparison.Ordinal);

        await using var page = await SignInAsync("overview");
        foreach (var view in (string[])["overview", "transports", "transports/application", "transports/device", "transports/redirect", "history/1", "debug/log", "access/audit"])
        {
            await page.GoAsync(view);
            await Expect(page.Page.Locator("main .skeleton")).ToHaveCountAsync(0);
            if (view == "transports/application")
            {
                await Expect(page.Page.Locator("[data-hint=oauth-error]")).ToContainTextAsync("<img src=x");
            }

            Assert.True(await IsCleanAsync(page), $"{view} made markup of a value.");
        }

        // A code and addresses that would like to be more; a link leads to the web or nowhere.
        provider.Instead = (200, new JsonObject { ["device_code"] = "x", ["user_code"] = Short, ["verification_uri"] = $"https://localhost/{Short}", ["verification_uri_complete"] = "javascript:window.owned=1", ["expires_in"] = 600, ["interval"] = 1 }.ToJsonString());
        await page.GoAsync("transports/device");
        await page.Act("oauth-sign-in").ClickAsync();
        await Expect(page.Dialog("device").Locator("[data-place=code]")).ToContainTextAsync("<img src=x");
        Assert.StartsWith("https://localhost/", await page.Act("device-link").GetAttributeAsync("href"), StringComparison.Ordinal);
        Assert.True(await IsCleanAsync(page), "The dialog of the code made markup of a value.");
        provider.Instead = (400, No("access_denied"));
        await Expect(page.Dialog("device").Locator(".fault")).ToContainTextAsync("<img src=x", new() { Timeout = 60_000 });
        Assert.True(await IsCleanAsync(page), "The refusal of a code made markup of a value.");
        await page.Act("close").ClickAsync();

        // Back from the provider with words of its own.
        await page.Page.RouteAsync($"{provider.AuthorizeUrl}**", route =>
        {
            var asked = System.Web.HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query);
            return route.FulfillAsync(new() { Status = 302, Headers = [new("Location", $"{asked["redirect_uri"]}?state={Uri.EscapeDataString(asked["state"]!)}&error={Uri.EscapeDataString(Short)}&error_description={Uri.EscapeDataString(Markup)}")] });
        });
        await page.GoAsync("transports/redirect");
        await page.Act("oauth-sign-in").ClickAsync();
        await Expect(page.Page.Locator("#notices [data-notice=warn]")).ToContainTextAsync("<img src=x");
        Assert.True(await IsCleanAsync(page), "The way back made markup of a value.");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task The_page_cannot_be_framed_and_loads_nothing_that_its_policy_does_not_name()
    {
        using var answer = await Host.Process.Client.GetAsync("mail/");
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        await using var page = await SignInAsync("overview");
        await page.Page.EvaluateAsync("() => { const script = document.createElement('script'); script.textContent = 'window.owned = 1'; document.body.append(script); const frame = document.createElement('iframe'); frame.src = location.href; document.body.append(frame); }");
        Assert.Null(await page.Page.EvaluateAsync<string?>("window.owned ?? null"));
        await Eventually.SeeAsync(() => page.Complaints.Any(text => text.Contains("script-src", StringComparison.Ordinal)), "the violation on the console");
    }

    static Task<bool> IsCleanAsync(AdminPage page) =>
        page.Page.EvaluateAsync<bool>("() => window.owned === undefined && document.querySelector('img[src=x], main script, main svg[onload], dialog script, [onerror], [onclick], [onload]') === null");
}
