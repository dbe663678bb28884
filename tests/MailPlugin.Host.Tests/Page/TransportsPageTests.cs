using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

public sealed class TransportsPageTests(Browser browser, SharedHost shared) : SharedPageTest(browser, shared)
{
    [ServerFact(Server.Chromium)]
    public async Task U_3_The_order_is_changed_by_pointer_by_button_and_by_keyboard()
    {
        await SaveThreeAsync();
        await using var page = await SignInAsync("transports");
        var cards = page.Page.Locator("[data-list=transports] > li");

        await cards.Nth(2).Locator(".grip").DragToAsync(cards.Nth(0));
        await ExpectOrderAsync(page, "c", "a", "b");
        await cards.Nth(0).Locator("[data-act=down]").ClickAsync();
        await ExpectOrderAsync(page, "a", "c", "b");
        await cards.Nth(2).Locator("[data-act=edit]").FocusAsync();
        await page.Page.Keyboard.PressAsync("Alt+ArrowUp");
        await ExpectOrderAsync(page, "a", "b", "c");
        await Expect(cards.Nth(1).Locator("[data-act=edit]")).ToBeFocusedAsync();
        await cards.Nth(0).Locator("[data-act=down]").ClickAsync();
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();

        Assert.Equal(["b", "a", "c"], (await Host.GetAsync("settings")).Json["transports"]!.AsArray().Select(transport => transport!["id"]!.GetValue<string>()));
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task TB_10_HB_6_OC_10_Encryption_is_one_choice_and_the_port_follows_it()
    {
        await using var page = await SignInAsync("transports");
        await page.Act("add-transport").ClickAsync();
        await page.Field("smtp.security").SelectOptionAsync("implicitTls");
        await Expect(page.Field("smtp.port")).ToHaveValueAsync("465");
        await page.Field("smtp.security").SelectOptionAsync("startTls");
        await Expect(page.Field("smtp.port")).ToHaveValueAsync("587");
        await page.Field("smtp.port").FillAsync("2525");
        await page.Field("smtp.security").SelectOptionAsync("none");
        await Expect(page.Field("smtp.port")).ToHaveValueAsync("2525");
        await page.Act("port-465").ClickAsync();
        await Expect(page.Field("smtp.security")).ToHaveValueAsync("implicitTls");
        await page.Field("smtp.port").FillAsync("587");
        await Expect(page.Page.Locator("[data-field='smtp.port'] .hint")).ToContainTextAsync("mostly expect STARTTLS");
        await page.PictureAsync("transport-new-1280");
    }

    [ServerFact(Server.Chromium)]
    public async Task OC_14_The_port_table_stands_beside_the_port_and_a_press_takes_one()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525, host: "smtp.example.com")));
        await using var page = await SignInAsync("transports/primary");
        var table = page.Page.Locator("[data-aside=ports]");
        foreach (var port in (string[])["25", "465", "587", "2525", "110", "143", "993", "995"])
        {
            await Expect(table).ToContainTextAsync(port);
        }

        var (besides, field) = ((await table.BoundingBoxAsync())!, (await page.Field("smtp.port").BoundingBoxAsync())!);
        Assert.True(besides.X > field.X + field.Width, "The table is not beside the field.");
        await page.Act("port-465").ClickAsync();
        await Expect(page.Field("smtp.port")).ToHaveValueAsync("465");
        await Expect(page.Field("smtp.security")).ToHaveValueAsync("implicitTls");
        Assert.Empty(page.Complaints);
    }

    [ServerTheory(Server.Chromium)]
    [InlineData("en-GB", "The user may have no address or a wrong one", "Check the server's name, the port, the user name and the password")]
    [InlineData("zh-CN", "该用户可能没有设置邮箱或邮箱有误", "检查服务器地址、端口、用户名和密码")]
    public async Task DCE_11_The_FAQ_is_beside_the_test(string locale, string address, string connect)
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525, host: "smtp.example.com")));
        await using var page = await SignInAsync("transports/primary", locale: locale);
        await AnswersAsync(page.Page.Locator("aside .questions"));
        await page.Act("test").ClickAsync();
        await AnswersAsync(page.Dialog("test").Locator(".questions"));
        Assert.Empty(page.Complaints);

        async Task AnswersAsync(ILocator questions)
        {
            await Expect(questions.Locator("dd").First).ToBeHiddenAsync();
            await questions.Locator("summary").ClickAsync();
            await Expect(questions.Locator("dd").First).ToBeVisibleAsync();
            await Expect(questions).ToContainTextAsync(address);
            await Expect(questions).ToContainTextAsync(connect);
        }
    }

    [ServerFact(Server.Chromium)]
    public async Task HB_3_The_user_name_is_offered_equal_to_the_sender()
    {
        await Host.SaveAsync(Drafts.With());
        await using var page = await SignInAsync("transports");
        await page.Act("add-transport").ClickAsync();
        await page.Act("use-from-as-username").ClickAsync();
        await Expect(page.Field("smtp.username")).ToHaveValueAsync("no-reply@sender.example");
        await Expect(page.Act("use-from-as-username")).ToHaveCountAsync(0);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_stored_password_is_never_shown_and_changed_by_a_gesture_of_its_own()
    {
        const string Secret = "st0red-51d0";
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525, smtp => (smtp["username"], smtp["password"]) = ("user", Secret))));
        await using var page = await SignInAsync("transports/primary");
        await Expect(page.Field("smtp.password")).ToBeHiddenAsync();
        await Expect(page.Page.Locator(".stored")).ToHaveTextAsync("A password is stored");
        Assert.DoesNotContain(Secret, await page.Page.ContentAsync(), StringComparison.Ordinal);

        await page.Act("change-secret").ClickAsync();
        await Expect(page.Field("smtp.password")).ToBeFocusedAsync();
        await page.Act("keep-secret").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await page.Field("smtp.host").FillAsync("elsewhere.example");
        await Expect(page.Field("smtp.password")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("[data-field='smtp.password'] .hint")).ToContainTextAsync("belongs to localhost:2525");
        await page.Act("save").ClickAsync();
        await Expect(page.Field("smtp.password")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.PictureAsync("transport-password-moved-1280");
        await page.Act("cancel").ClickAsync();
        await page.Act("remove-secret").ClickAsync();
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();

        Assert.False((await Host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task HB_5_Leaving_with_unsaved_changes_asks_and_cancel_clears_them()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("transports/primary");
        await page.Field("smtp.host").FillAsync("typed.example");
        await page.Page.Locator("[data-nav=messages]").ClickAsync();
        await Expect(page.Dialog("ask")).ToContainTextAsync("Leave without saving?");
        await page.PictureAsync("unsaved-1280");
        await page.Act("refuse").ClickAsync();
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("typed.example");

        await page.Act("cancel").ClickAsync();
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("localhost");
        await page.Page.Locator("[data-nav=messages]").ClickAsync();
        await Expect(page.Dialog("ask")).ToHaveCountAsync(0);
        await Expect(page.Page.Locator("h1")).ToHaveTextAsync("Messages");
    }

    [ServerFact(Server.Chromium)]
    public async Task What_somebody_else_saved_meanwhile_is_shown_as_a_difference_and_nothing_typed_is_lost()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("transports/primary");
        await page.Field("smtp.host").FillAsync("mine.example");
        var theirs = Drafts.With(Drafts.Smtp(2525, smtp => smtp["maxSessions"] = 9));
        theirs["subjectPrefix"] = "[Theirs]";
        await Host.SaveAsync(theirs);

        await page.Act("save").ClickAsync();
        var dialog = page.Dialog("conflict");
        await Expect(dialog).ToContainTextAsync("mine.example");
        await Expect(dialog).ToContainTextAsync("[Theirs]");
        await page.PictureAsync("conflict-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Act("put-mine-on-top").ClickAsync();
        await Expect(page.Field("smtp.host")).ToHaveValueAsync("mine.example");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();

        var saved = (await Host.GetAsync("settings")).Json;
        Assert.Equal(("mine.example", 9, "[Theirs]"), (
            saved["transports"]![0]!["smtp"]!["host"]!.GetValue<string>(), saved["transports"]![0]!["smtp"]!["maxSessions"]!.GetValue<int>(), saved["subjectPrefix"]!.GetValue<string>()));
    }

    [ServerFact(Server.Chromium)]
    public async Task A_key_for_DKIM_is_added_kept_without_being_shown_and_removed()
    {
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportPkcs8PrivateKeyPem();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("transports");
        await page.Page.Locator("[data-group=dkim] summary").ClickAsync();
        await page.Act("add-dkim").ClickAsync();
        await Expect(page.Field("domain")).ToHaveValueAsync("sender.example");
        await page.Act("save").ClickAsync();
        await Expect(page.Field("selector")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Field("selector").FillAsync("s1");
        await page.Field("privateKey").FillAsync(pem);
        await Expect(page.Page.Locator("[data-group=dkim] code")).ToHaveTextAsync("s1._domainkey.sender.example");
        await page.PictureAsync("transports-dkim-1280");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("[data-group=dkim] .stored")).ToHaveTextAsync("A key is stored");
        Assert.True((await Host.GetAsync("settings")).Json["dkim"]![0]!["hasKey"]!.GetValue<bool>());
        Assert.DoesNotContain(pem.Split('\n')[2], await page.Page.ContentAsync(), StringComparison.Ordinal);

        await page.Act("remove-dkim").ClickAsync();
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Empty((await Host.GetAsync("settings")).Json["dkim"]!.AsArray());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_proxy_and_the_hosts_own_certificate_are_typed_with_their_secrets()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("transports/primary");
        await page.Page.Locator("details[data-group=proxy] summary").ClickAsync();
        await Expect(page.Field("smtp.proxy.host")).ToBeHiddenAsync();
        await page.Field("smtp.proxy.type").SelectOptionAsync("socks5");
        await page.Field("smtp.proxy.host").FillAsync("proxy.example");
        await page.Field("smtp.proxy.port").FillAsync("1080");
        await page.Field("smtp.proxy.username").FillAsync("me");
        await page.Field("smtp.proxy.password").FillAsync("pr0xy");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        var proxy = (await Host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["proxy"]!;
        Assert.Equal(("socks5", "proxy.example", 1080, true), (proxy["type"]!.GetValue<string>(), proxy["host"]!.GetValue<string>(), proxy["port"]!.GetValue<int>(), proxy["hasPassword"]!.GetValue<bool>()));

        // What was unfolded stays so.
        await page.Field("smtp.proxy.type").SelectOptionAsync("");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Null((await Host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["proxy"]);
    }

    [ServerFact(Server.Chromium)]
    public async Task The_settings_are_exported_without_secrets()
    {
        const string Secret = "exp0rt-51d0";
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525, smtp => (smtp["username"], smtp["password"]) = ("user", Secret))));
        await using var page = await SignInAsync("transports");
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Act("export").ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync());

        Assert.Equal("localhost", JsonNode.Parse(text)!["settings"]!["transports"]![0]!["smtp"]!["host"]!.GetValue<string>());
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    Task<Answer> SaveThreeAsync() => Host.SaveAsync(Drafts.With([.. ((string[])["a", "b", "c"]).Select(id => Drafts.Smtp(2525, id: id, host: $"{id}.example"))]));

    static Task ExpectOrderAsync(AdminPage page, params string[] ids) =>
        Expect(page.Page.Locator("[data-list=transports] .mono")).ToHaveTextAsync([.. ids.Select(id => $"SMTP · {id}.example:2525")]);
}
