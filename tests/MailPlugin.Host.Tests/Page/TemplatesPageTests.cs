using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>One host for all: no two of these tests edit the same template.</summary>
public sealed class TemplatesPageTests(Browser browser, SharedHost shared) : SharedPageTest(browser, shared)
{
    [ServerFact(Server.Chromium)]
    public async Task OC_7_A_template_is_picked_edited_seen_saved_compared_and_taken_back()
    {
        await using var page = await SignInAsync("templates");
        await Expect(page.Page.Locator("[data-list=templates] tbody tr")).ToHaveCountAsync(7);
        await page.PictureAsync("templates-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Page.Locator("[data-template=password-reset] [data-row-link]").ClickAsync();
        await Expect(page.Page.Locator(".preview-subject")).ToContainTextAsync("Reset your password");
        await FrameSaysAsync(page, "somebody asked for a new password");
        await page.PictureAsync("template-editor-1280");
        Assert.Empty(await page.ViolationsAsync());

        await page.Field("subject").FillAsync("Your new password, {{name}}");
        await page.Field("html").FillAsync("<p>Dear {{name}}, choose: {{button link \"Here\"}}</p>");
        await Expect(page.Page.Locator(".preview-subject")).ToContainTextAsync("Your new password, Alex");
        await Expect(page.Page.Locator(".preview-notes")).ToContainTextAsync("HTML");
        await FrameSaysAsync(page, "Dear Alex");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("Saved, version 1");
        Assert.Equal("Your new password, {{name}}", (await Host.GetAsync("templates/password-reset?locale=en"))["subject"]);

        await page.Act("compare-base").ClickAsync();
        await Expect(page.Dialog("difference").Locator("li.added").First).ToContainTextAsync("Your new password");
        await page.PictureAsync("template-difference-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Act("close").ClickAsync();
        await page.Act("reset-template").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("What was brought along is sent again");
        Assert.False((await Host.GetAsync("templates/password-reset?locale=en")).Json["edited"]!.GetValue<bool>());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task OC_7_A_faulty_edit_is_marked_at_its_line_and_refused_and_what_was_sent_stays()
    {
        await using var page = await SignInAsync("templates/password-reset?locale=en");
        var before = (await Host.GetAsync("templates/password-reset?locale=en"))["html"];
        await page.Field("html").FillAsync("<p>One</p>\n<p>Two</p>\n<p>{{#if link}}three</p>\n");
        await Expect(page.Page.Locator(".code-lines .wrong")).ToHaveTextAsync("3");
        await Expect(page.Page.Locator(".editor-part .code-faults")).ToContainTextAsync("{{/if}}");
        await Expect(page.Page.Locator(".preview")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("old"));
        await page.PictureAsync("template-fault-1280");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("#notices [data-notice=warn]")).ToContainTextAsync("Not saved");
        await page.Page.Locator("[data-fault-line='3']").ClickAsync();
        await Expect(page.Field("html")).ToBeFocusedAsync();
        Assert.Equal("<p>One</p>\n<p>Two</p>\n<p>".Length, await page.Field("html").EvaluateAsync<int>("area => area.selectionStart"));
        Assert.Equal(before, (await Host.GetAsync("templates/password-reset?locale=en"))["html"]);

        await page.Page.Locator("[data-nav=messages]").ClickAsync();
        await Expect(page.Dialog("ask")).ToContainTextAsync("Leave without saving?");
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("h1")).ToHaveTextAsync("Messages");
    }

    [ServerFact(Server.Chromium)]
    public async Task OC_7_The_preview_shows_text_phone_and_dark_and_warns_of_what_is_missing()
    {
        await using var page = await SignInAsync("templates/alert?locale=zh-CN");
        var look = page.Page.Locator(".preview .look");
        await look.Locator("[data-choice=text]").ClickAsync();
        await Expect(page.Page.Locator(".preview pre")).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".preview pre")).Not.ToBeEmptyAsync();
        await look.Locator("[data-choice=html]").ClickAsync();
        await look.Locator("[data-choice=phone]").ClickAsync();
        await look.Locator("[data-choice=dark]").ClickAsync();
        Assert.InRange(await page.Page.EvaluateAsync<int>("document.querySelector('.mail-frame').contentDocument.documentElement.clientWidth"), 300, 375);
        Assert.Equal("dark", await page.Page.EvaluateAsync<string>("document.querySelector('.mail-frame').contentDocument.documentElement.style.colorScheme"));
        await page.PictureAsync("template-phone-dark-1280");

        await page.Page.Locator("summary", new() { HasText = "Sample values" }).ClickAsync();
        await page.Field("model").FillAsync("{ }");
        await Expect(page.Page.Locator("[data-warning=missing-variable]").First).ToContainTextAsync("title");
        await page.Field("model").FillAsync("{ broken");
        await Expect(page.Page.Locator("details .code-faults li")).ToHaveCountAsync(1);
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task OC_7_A_translation_is_added_and_a_template_of_ones_own_made_and_removed()
    {
        await using var page = await SignInAsync("templates/share-notification?locale=en");
        await page.Field("locale").SelectOptionAsync("");
        await page.Field("new-locale").FillAsync("de");
        await page.Act("add-locale").ClickAsync();
        await Expect(page.Page.Locator("p.hint")).ToContainTextAsync("no text in de yet");
        await page.Field("subject").FillAsync("Freigabe für {{name}}");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal("de", (await Host.GetAsync("templates/share-notification?locale=de-AT"))["locale"]);

        await page.GoAsync("templates");
        await page.Act("add-template").ClickAsync();
        await page.Field("template").FillAsync("invoice");
        await page.Act("open-template").ClickAsync();
        await page.Field("subject").FillAsync("Invoice {{number}}");
        await page.Field("html").FillAsync("<p>Invoice {{number}}</p>");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Equal("added", (await Host.GetAsync("templates/invoice?locale=en"))["origin"]);
        await page.PictureAsync("template-own-1280");
        await page.Act("reset-template").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("h1")).ToHaveTextAsync("Templates");
        Assert.Equal(404, (await Host.GetAsync("templates/invoice?locale=en")).Status);
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task Versions_show_what_changed_line_by_line_and_are_brought_back()
    {
        await SaveAsync("test", "en", "First subject", 0);
        await SaveAsync("test", "en", "Second subject", 1);
        await using var page = await SignInAsync("templates/test/versions");
        await Expect(page.Page.Locator("[data-list=template-versions] tbody tr")).ToHaveCountAsync(2);
        await page.PictureAsync("template-versions-1280");
        await page.Page.Locator("[data-list=template-versions] a").First.ClickAsync();
        await Expect(page.Page.Locator("li.removed")).ToContainTextAsync("First subject");
        await Expect(page.Page.Locator("li.added")).ToContainTextAsync("Second subject");
        await page.GoAsync("templates/test/versions/1");
        await page.Act("restore-version").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Field("subject")).ToHaveValueAsync("First subject");
        Assert.Equal("First subject", (await Host.GetAsync("templates/test?locale=en"))["subject"]);
        Assert.Empty(await page.ViolationsAsync());
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task What_somebody_else_saved_meanwhile_is_compared_and_nothing_typed_is_lost()
    {
        await using var page = await SignInAsync("templates/account-activation?locale=en");
        await page.Field("subject").FillAsync("Mine");
        await SaveAsync("account-activation", "en", "Theirs", 0);
        await page.Act("save").ClickAsync();
        await Expect(page.Dialog("conflict")).ToContainTextAsync("Theirs");
        await page.PictureAsync("template-conflict-1280");
        await page.Act("put-mine-on-top").ClickAsync();
        await Expect(page.Field("subject")).ToHaveValueAsync("Mine");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("Saved, version 2");
        Assert.Equal("Mine", (await Host.GetAsync("templates/account-activation?locale=en"))["subject"]);
    }

    [ServerFact(Server.Chromium)]
    public async Task Options_are_saved_and_what_is_wrong_stands_at_its_field()
    {
        await using var page = await SignInAsync("templates/alert/options");
        await page.Field("bcc").FillAsync("archive@sender.example\nno address");
        await page.Field("priority").SelectOptionAsync("high");
        await page.Act("save").ClickAsync();
        await Expect(page.Field("bcc")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.PictureAsync("template-options-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Field("bcc").FillAsync("archive@sender.example");
        await page.Field("enabled").UncheckAsync();
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("Options saved");

        var options = (await Host.GetAsync("templates/alert/options")).Json;
        Assert.Equal(("high", false, "archive@sender.example"), (options["priority"]!.GetValue<string>(), options["enabled"]!.GetValue<bool>(), options["bcc"]![0]!["address"]!.GetValue<string>()));
    }

    [ServerFact(Server.Chromium)]
    public async Task The_layout_gives_every_mail_its_brand_and_goes_back_to_the_built_in_look()
    {
        await using var page = await SignInAsync("templates/layout");
        await page.Field("brandName").FillAsync("Example & Söhne");
        await page.Field("color").FillAsync("#0f766e");
        await page.Field("address").FillAsync("1 High Street");
        await page.Field("logo").SetInputFilesAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC") });
        await Expect(page.Page.Locator(".logo-shown img")).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".preview-notes")).ToContainTextAsync("HTML");
        await FrameSaysAsync(page, "1 High Street");
        await page.PictureAsync("template-layout-1280");
        Assert.Empty(await page.ViolationsAsync());
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("layout is saved");
        Assert.Equal("#0f766e", (await Host.GetAsync("templates/layout"))["color"]);

        await page.Act("edit-frame").ClickAsync();
        await page.Field("frame-html").FillAsync("<html><body>no place for the text</body></html>");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".code-faults")).ToContainTextAsync("body");
        await page.Act("cancel").ClickAsync();
        await page.Act("reset-layout").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("built-in look is back");
        Assert.Empty(page.Complaints);
    }

    async Task SaveAsync(string name, string locale, string subject, int version)
    {
        var template = (await Host.GetAsync($"templates/{name}?locale={locale}")).Json;
        var answer = await Host.SendAsync(
            HttpMethod.Put, $"templates/{name}?locale={locale}", new JsonObject { ["subject"] = subject, ["html"] = template["html"]!.DeepClone(), ["text"] = template["text"]?.DeepClone() },
            request => request.Headers.IfMatch.Add(new($"\"{version}\"")));
        Assert.True(answer.Status == 200, answer.Text);
    }

    /// <summary>The preview comes a moment after what was typed.</summary>
    static async Task FrameSaysAsync(AdminPage page, string text) =>
        await page.Page.WaitForFunctionAsync("text => document.querySelector('.mail-frame')?.contentDocument.body?.textContent.includes(text)", text);
}
