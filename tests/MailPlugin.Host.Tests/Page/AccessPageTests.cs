using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

public sealed class AccessPageTests(Browser browser) : PageTest(browser)
{
    [ServerFact(Server.Chromium)]
    public async Task A_key_is_made_with_its_limits_shown_once_and_revoked()
    {
        await using var page = await SignInAsync("access");
        await page.Act("make-key").ClickAsync();
        await page.Field("name").FillAsync("shop");
        await page.Field("scope").Nth(0).CheckAsync();
        await page.Field("from").FillAsync("shop@sender.example");
        await page.Field("life").SelectOptionAsync("30");
        await page.Field("ratePerMinute").FillAsync("60");
        await page.PictureAsync("key-dialog-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Act("create-key").ClickAsync();

        var shown = page.Dialog("made-key").Locator("input");
        var key = await shown.InputValueAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(shown).ToBeVisibleAsync();
        await page.Act("kept-key").ClickAsync();
        Assert.DoesNotContain(key, await page.Page.ContentAsync(), StringComparison.Ordinal);
        await Expect(page.Page.Locator("[data-list=keys]")).ToContainTextAsync("shop@sender.example");
        await Expect(page.Page.Locator("[data-list=keys]")).ToContainTextAsync("60 calls a minute");
        await page.PictureAsync("access-keys-1280");

        Assert.Equal(404, await StatusAsync(key, "messages/m_unknown"));
        Assert.Equal(403, await StatusAsync(key, "settings"));
        var kept = (await Host.GetAsync("keys")).Json["items"]!.AsArray().Single(item => item!["name"]!.GetValue<string>() == "shop")!;
        Assert.Equal("send", Assert.Single(kept["scopes"]!.AsArray())!.GetValue<string>());
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(kept["expiresAt"]!.GetValue<DateTimeOffset>(), now.AddDays(29), now.AddDays(31));

        await page.Page.Locator("tr", new() { HasText = "shop@sender.example" }).Locator("[data-act=revoke-key]").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("[data-list=keys]")).Not.ToContainTextAsync("shop@sender.example");
        Assert.Equal(401, await StatusAsync(key, "messages/m_unknown"));
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task What_is_wrong_with_a_key_stands_beside_its_fields()
    {
        await using var page = await SignInAsync("access");
        await page.Act("make-key").ClickAsync();
        await page.Field("scope").Nth(0).CheckAsync();
        await page.Field("from").FillAsync("no address");
        await page.Field("ratePerMinute").FillAsync("many");
        await page.Act("create-key").ClickAsync();

        await Expect(page.Page.Locator("#key-name-error")).ToContainTextAsync("name");
        await Expect(page.Page.Locator("#key-from-error")).ToContainTextAsync("address");
        await Expect(page.Page.Locator("#key-ratePerMinute-error")).Not.ToBeEmptyAsync();
        await Expect(page.Field("name")).ToBeFocusedAsync();
        Assert.Single((await Host.GetAsync("keys")).Json["items"]!.AsArray());
    }

    [ServerFact(Server.Chromium)]
    public async Task The_last_admin_key_stays_and_the_page_says_why()
    {
        await using var page = await SignInAsync("access");
        await page.Act("revoke-key").ClickAsync();
        await Expect(page.Dialog("ask")).ToContainTextAsync("signed in with it");
        await page.Act("confirm").ClickAsync();

        await Expect(page.Page.Locator("#notices [data-notice=warn]")).ToContainTextAsync("another admin key");
        Assert.Equal(200, (await Host.GetAsync("settings")).Status);
    }

    [ServerFact(Server.Chromium)]
    public async Task Somebody_else_is_signed_out_and_loses_nothing_that_was_typed()
    {
        await using var theirs = await SignInAsync("transports");
        await theirs.Field("from.address").FillAsync("typed@before.example");
        await using var page = await SignInAsync("access/sign-ins");
        await Expect(page.Page.Locator("[data-list=sign-ins] tbody tr")).ToHaveCountAsync(2);
        await page.PictureAsync("access-sign-ins-1280");
        await page.Act("end-sign-in").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("[data-list=sign-ins] tbody tr")).ToHaveCountAsync(1);

        await theirs.Act("save").ClickAsync();
        await theirs.Dialog("sign-in").Locator("[name=key]").FillAsync(Host.Key);
        await theirs.Act("sign-in").ClickAsync();

        await Expect(theirs.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal("typed@before.example", (await Host.GetAsync("settings")).Json["from"]?["address"]?.GetValue<string>());
    }

    [ServerFact(Server.Chromium)]
    public async Task Signing_out_ends_the_sign_in_on_the_server_too()
    {
        await using var page = await SignInAsync("access/sign-ins");
        var cookie = Assert.Single(await page.Page.Context.CookiesAsync());
        await page.Act("sign-out").ClickAsync();
        await Expect(page.Dialog("sign-in")).ToBeVisibleAsync();

        // A copy of the cookie opens nothing any more.
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/mail/session");
        request.Headers.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var response = await Host.Process.Client.SendAsync(request);
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Empty((await Host.GetAsync("sessions")).Json["items"]!.AsArray());
    }

    [ServerFact(Server.Chromium)]
    public async Task The_audit_says_who_changed_what_page_by_page()
    {
        for (var i = 0; i < 60; i++)
        {
            await Host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = i % 2 == 0 });
        }

        await using var page = await SignInAsync("access/audit");
        var list = page.Page.Locator("[data-list=audit] tbody tr");
        await Expect(list).ToHaveCountAsync(50);
        await Expect(list.Nth(1)).ToContainTextAsync("delivery resumed");
        await page.PictureAsync("access-audit-1280");
        await page.Act("older").ClickAsync();
        await Expect(list).ToHaveCountAsync(11);
        await page.Act("newest").ClickAsync();
        await Expect(list.First).ToContainTextAsync("signed in");
    }

    async Task<int> StatusAsync(string key, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/mail/{path}");
        request.Headers.Authorization = new("Bearer", key);
        using var response = await Host.Process.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
