using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;
using Microsoft.Playwright;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What somebody is typing, and where they are, while the page does something else.</summary>
public sealed class TypingPageTests(Browser browser) : PageTest(browser)
{
    [ServerTheory(Server.Chromium)]
    [InlineData("transports/primary", "settings", "name")]
    [InlineData("templates/test?locale=en", "templates/test?locale=en", "subject")]
    [InlineData("templates/layout", "templates/layout", "brandName")]
    [InlineData("templates/test/options", "templates/test/options", "bcc")]
    public async Task What_is_typed_while_Save_is_under_way_stays_typed_with_the_caret_where_it_was(string view, string path, string field)
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync(view);
        var answer = await SaveAndHoldAsync(page, path, field);
        await page.Field(field).PressAsync("End");
        await page.Page.Keyboard.TypeAsync(".mre");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync("ArrowLeft");

        answer.SetResult();
        await Expect(page.Page.Locator("#notices [data-notice=good]")).ToBeVisibleAsync();
        await Expect(page.Act("save")).ToHaveTextAsync("Save");
        await page.Page.Keyboard.TypeAsync("o");
        await Expect(page.Field(field)).ToHaveValueAsync("sent@test.example.more");
        await Expect(page.Page.Locator(".save-bar")).ToBeVisibleAsync();
        Assert.Contains("\"sent@test.example\"", (await Host.GetAsync(path)).Text, StringComparison.Ordinal);

        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        Assert.Contains("\"sent@test.example.more\"", (await Host.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [ServerTheory(Server.Chromium)]
    [InlineData("transports/primary", "settings", "name")]
    [InlineData("templates/test?locale=en", "templates/test?locale=en", "subject")]
    public async Task Cancel_takes_nothing_back_that_is_being_saved(string view, string path, string field)
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync(view);
        var answer = await SaveAndHoldAsync(page, path, field);

        await page.Page.Locator(".save-bar [data-act=cancel]").ClickAsync();

        await Expect(page.Field(field)).ToHaveValueAsync("sent@test.example");
        answer.SetResult();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await Expect(page.Field(field)).ToHaveValueAsync("sent@test.example");
        Assert.Contains("\"sent@test.example\"", (await Host.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_password_that_is_typed_while_Save_is_under_way_is_the_one_of_the_next_save()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525)));
        await using var page = await SignInAsync("transports/primary");
        var answer = new TaskCompletionSource();
        var sent = new List<JsonNode?>();
        await page.Page.RouteAsync("**/api/mail/settings", async route =>
        {
            if (route.Request.Method == "PUT")
            {
                sent.Add(JsonNode.Parse(route.Request.PostData!)!["transports"]![0]!["smtp"]!["password"]?.DeepClone());
                await answer.Task;
            }

            await route.ContinueAsync();
        });
        await page.Field("smtp.username").FillAsync("user");
        await page.Field("smtp.password").FillAsync("first");
        await page.Act("save").ClickAsync();
        await Expect(page.Act("save")).ToHaveTextAsync("Saving…");
        await page.Field("smtp.password").FillAsync("second");
        answer.SetResult();
        await Expect(page.Page.Locator("#notices [data-notice=good]")).ToBeVisibleAsync();
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await page.Field("name").FillAsync("Without a new password");
        await page.Act("save").ClickAsync();
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();

        Assert.Equal(["first", "second", null], sent.Select(password => password?.GetValue<string>()));
        await Expect(page.Page.Locator("[data-field='smtp.password'] .stored")).ToHaveTextAsync("A password is stored");
    }

    [ServerFact(Server.Chromium)]
    public async Task Whoever_goes_by_keyboard_keeps_their_place_when_a_view_is_drawn_anew()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(2525), Drafts.Smtp(2526, id: "backup")));
        await using var page = await SignInAsync("transports/primary");
        await page.Field("mode").FocusAsync();
        await page.Field("mode").SelectOptionAsync("sendmail");
        await Expect(page.Field("sendmail.path")).ToBeVisibleAsync();
        await Expect(page.Field("mode")).ToBeFocusedAsync();

        // The bar goes with what was to be saved: reading goes on from the top of the view.
        await page.Page.Locator("details[data-group=sender] summary").ClickAsync();
        await page.Act("save").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await Expect(page.Page.Locator("main h1")).ToBeFocusedAsync();
        await Expect(page.Page.Locator("details[data-group=sender]")).ToHaveAttributeAsync("open", "");

        await page.GoAsync("access");
        await Host.PostAsync("keys", new JsonObject { ["name"] = "monitor", ["scopes"] = new JsonArray("read") });
        await page.Page.ReloadAsync();
        var revoke = page.Page.Locator("tr", new() { HasText = "monitor" }).Locator("[data-act=revoke-key]");
        await revoke.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Act("confirm").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator("tr", new() { HasText = "monitor" })).ToHaveCountAsync(0);
        Assert.NotEqual("BODY", await page.Page.EvaluateAsync<string>("document.activeElement.tagName"));
        Assert.Empty(page.Complaints);
    }

    /// <summary>Each by what is pressed, and the request that is under way when somebody goes elsewhere.</summary>
    [ServerTheory(Server.Chromium)]
    [InlineData("access", "keys", "revoke-key confirm")]
    [InlineData("debug", "transcripts", "delete-transcripts confirm")]
    [InlineData("messages/suppressions", "suppressions", "lift confirm")]
    [InlineData("templates/test?locale=en", "templates/test", "save")]
    [InlineData("templates/layout", "templates/layout", "save")]
    public async Task Whoever_leaves_while_a_list_is_read_anew_is_told_of_no_fault(string view, string path, string acts)
    {
        using var closed = new ClosedPort();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(closed.Port, host: "127.0.0.1")));
        await Host.PostAsync("test", new JsonObject());
        await Host.PostAsync("keys", new JsonObject { ["name"] = "monitor", ["scopes"] = new JsonArray("read") });
        await Host.SendAsync(HttpMethod.Put, "suppressions/gone@test.example", new JsonObject());
        await using var page = await SignInAsync(view);
        if (acts == "save")
        {
            await page.Field(view.EndsWith("layout", StringComparison.Ordinal) ? "brandName" : "subject").FillAsync("Another");
        }
        else
        {
            await Expect(page.Act(acts.Split(' ')[0])).ToBeVisibleAsync();
        }

        var asked = new TaskCompletionSource();
        await page.Page.RouteAsync(new System.Text.RegularExpressions.Regex($"/api/mail/{path}(\\?.*)?$"), async route =>
        {
            if (route.Request.Method == "GET")
            {
                // Never answered: whoever leaves ends it.
                asked.TrySetResult();
                return;
            }

            await route.ContinueAsync();
        });
        foreach (var act in acts.Split(' '))
        {
            await page.Act(act).ClickAsync();
        }

        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await page.Page.Locator("[data-nav=overview]").ClickAsync();
        await Expect(page.Page.Locator("main .verdict")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("#notices [data-notice=warn]")).ToHaveCountAsync(0);
        Assert.Empty(page.Complaints);
    }

    /// <summary>Types an address and saves it; the answer waits.</summary>
    static async Task<TaskCompletionSource> SaveAndHoldAsync(AdminPage page, string path, string field)
    {
        var answer = new TaskCompletionSource();
        await page.Page.RouteAsync($"**/api/mail/{path}", async route =>
        {
            if (route.Request.Method == "PUT")
            {
                await answer.Task;
            }

            await route.ContinueAsync();
        });
        await page.Field(field).FillAsync("sent@test.example");
        await page.Act("save").ClickAsync();
        await Expect(page.Act("save")).ToHaveTextAsync("Saving…");
        return answer;
    }
}
