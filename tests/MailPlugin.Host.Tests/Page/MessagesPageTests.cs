using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Page;

public sealed class MessagesPageTests(Browser browser) : PageTest(browser)
{
    /// <summary>A green square of 10 by 10.</summary>
    const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC";

    [ServerFact(Server.Chromium)]
    public async Task A_messages_HTML_is_shown_as_it_looks_and_nothing_in_it_runs_or_is_fetched()
    {
        await using var elsewhere = new SilentPort();
        var away = $"http://127.0.0.1:{elsewhere.Port}";
        var id = await SubmitAsync(message => message["html"] = $$"""
            <html><head><base href="{{away}}/"><meta http-equiv="refresh" content="0;url={{away}}/refresh"><link rel="stylesheet" href="{{away}}/x.css">
            <style>@import url({{away}}/i.css); h1 { color: rgb(1, 2, 3); background: url({{away}}/bg.png) } @media (prefers-color-scheme: dark) { h1 { color: rgb(4, 5, 6) } }</style></head>
            <body style="background: rgb(240, 240, 255)" onload="parent.owned = 1" background="{{away}}/body.png">
            <h1>Hello</h1><p style="font-size: 21px; background-image: url('{{away}}/p.png')" onclick="parent.owned = 2">Styled</p>
            <script>parent.owned = 3</script><img src="{{away}}/pixel.png" alt="logo" onerror="parent.owned = 4"><img src=x onerror="parent.owned = 5">
            <img id="inline" src="cid:pic@local" alt="inline"><a href="{{away}}/go">lead</a><a href="javascript:parent.owned=6" id="js">js</a>
            <iframe src="{{away}}/frame"></iframe><object data="{{away}}/object"></object><embed src="{{away}}/embed"><video src="{{away}}/v" autoplay></video>
            <form action="{{away}}/form"><input name="password"><button>Go</button></form><svg onload="parent.owned = 7"><script>parent.owned = 8</script></svg></body></html>
            """);
        await using var page = await SignInAsync($"messages/{id}/html");
        await Expect(page.Page.Locator(".mail-frame-place .help")).ToContainTextAsync("2 pictures lie elsewhere");

        Assert.Equal("rgb(1, 2, 3)", await FrameAsync<string>(page, "getComputedStyle(d.querySelector('h1')).color"));
        Assert.Equal("21px", await FrameAsync<string>(page, "getComputedStyle(d.querySelector('p')).fontSize"));
        Assert.Equal("rgb(240, 240, 255)", await FrameAsync<string>(page, "getComputedStyle(d.body).backgroundColor"));
        Assert.Equal(10, await FrameAsync<int>(page, "d.querySelector('#inline').decode().then(() => d.querySelector('#inline').naturalWidth)"));
        Assert.Equal(0, await FrameAsync<int>(page, "d.querySelectorAll('script, iframe, object, embed, video, form, input, svg, base, meta, link, [href], [onclick], [onerror]').length"));
        await page.PictureAsync("message-html-1280");

        await page.Page.Locator("[data-choice=dark]").ClickAsync();
        await page.Page.Locator("[data-choice=phone]").ClickAsync();
        Assert.Equal("rgb(4, 5, 6)", await FrameAsync<string>(page, "getComputedStyle(d.querySelector('h1')).color"));
        Assert.InRange(await FrameAsync<int>(page, "d.documentElement.clientWidth"), 300, 375);
        await page.PictureAsync("message-html-phone-dark-1280");

        Assert.Null(await page.Page.EvaluateAsync<string?>("window.owned ?? null"));
        Assert.Equal(0, elsewhere.Connections);
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task Text_headers_source_and_attachments_are_read_once_and_saved_as_they_are()
    {
        var id = await SubmitAsync(message => message["html"] = "<p>Hi</p>");
        await using var page = await SignInAsync($"messages/{id}/text");
        await Expect(page.Page.Locator("pre.words")).ToContainTextAsync("Grüße aus dem Test");
        await page.GoAsync($"messages/{id}/headers");
        await Expect(page.Page.Locator(".tab-place dl")).ToContainTextAsync("Übersicht 你好");
        await page.PictureAsync("message-headers-1280");

        await page.GoAsync($"messages/{id}/attachments");
        var row = page.Page.Locator("[data-list=attachments] tr", new() { HasText = "Bericht Ü.pdf" });
        var attachment = await SaveAsync(page, row.Locator("[data-act=save-attachment]"));
        Assert.Equal("%PDF-1.4 content"u8.ToArray(), attachment);
        await page.PictureAsync("message-attachments-1280");
        Assert.Empty(await page.ViolationsAsync());

        await page.GoAsync($"messages/{id}/source");
        var saved = await SaveAsync(page, page.Act("download"));
        var reads = await AuditAsync("message content read");
        Assert.Equal((await Host.GetAsync($"messages/{id}/content")).Text, Encoding.UTF8.GetString(saved));
        Assert.Equal(1, reads);
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task A_message_is_retried_sent_again_elsewhere_and_canceled()
    {
        using var closed = new ClosedPort();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(closed.Port)));
        var id = await SubmitAsync(_ => { });
        await using var page = await SignInAsync($"messages/{id}");
        await Expect(page.Act("cancel-message")).ToBeVisibleAsync();
        await page.Act("cancel-message").ClickAsync();
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("[data-status=canceled]")).ToBeVisibleAsync();

        await page.Act("resend").ClickAsync();
        await page.Field("to").FillAsync("other@test.example");
        await page.Act("send-again").ClickAsync();
        await Expect(page.Page.Locator("[data-list=recipients]")).ToContainTextAsync("other@test.example");
        await Expect(page.Page.Locator("dl.facts a").First).ToHaveTextAsync(id);
        await Expect(page.Act("retry")).ToBeVisibleAsync();
        await page.Act("retry").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("due now");
        await page.PictureAsync("message-1280");
        Assert.Empty(page.Complaints);
    }

    [ServerFact(Server.Chromium)]
    public async Task U_8_What_a_filter_shows_is_retried_at_once_after_a_question_that_counts()
    {
        using var closed = new ClosedPort();
        await Host.SaveAsync(Drafts.With(Drafts.Smtp(closed.Port)));
        foreach (var name in (string[])["a", "b", "c"])
        {
            await SubmitAsync(message => message["to"] = new JsonArray(new JsonObject { ["address"] = $"{name}@test.example" }));
        }

        await using var page = await SignInAsync("messages?status=deferred");
        await Expect(page.Page.Locator("[data-list=messages] tbody tr")).ToHaveCountAsync(3);
        await page.Act("retry-all").ClickAsync();
        await Expect(page.Dialog("ask")).ToContainTextAsync("Retry 3 messages?");
        await page.PictureAsync("messages-retry-1280");
        await page.Act("confirm").ClickAsync();
        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("3 messages are due now");
    }

    [ServerFact(Server.Chromium)]
    public async Task U_11_One_recipient_is_erased_from_all_that_is_kept()
    {
        var id = await SubmitAsync(message => message["to"] = new JsonArray(new JsonObject { ["address"] = "person@test.example" }, new JsonObject { ["address"] = "other@test.example" }));
        await using var page = await SignInAsync("messages/suppressions");
        await page.Act("erase").ClickAsync();
        await page.Field("erase").FillAsync("person@test.example");
        await page.PictureAsync("erase-1280");
        await page.Act("confirm-erase").ClickAsync();

        await Expect(page.Page.Locator("#notices")).ToContainTextAsync("erased");
        var left = (await Host.GetAsync($"messages/{id}")).Text;
        Assert.DoesNotContain("person@test.example", left, StringComparison.Ordinal);
        Assert.Contains("other@test.example", left, StringComparison.Ordinal);
    }

    [ServerFact(Server.Chromium, Server.Python)]
    public async Task A_list_of_a_million_messages_goes_on_without_growing_and_comes_back_to_where_it_was()
    {
        const int Shown = 300;
        await SubmitAsync(_ => { });
        await CopyAsync(1_000_000);
        await using var page = await SignInAsync("messages");
        var rows = page.Page.Locator("[data-list=messages] tbody tr");
        await Expect(rows.First).ToBeVisibleAsync();

        var nodes = new List<int>();
        var seen = 0;
        for (var pages = 0; pages < 40; pages++)
        {
            var last = await rows.Last.GetAttributeAsync("data-message");
            await rows.Last.ScrollIntoViewIfNeededAsync();
            await Expect(rows.Last).Not.ToHaveAttributeAsync("data-message", last!);
            nodes.Add(await page.Page.EvaluateAsync<int>("document.getElementsByTagName('*').length"));
            seen++;
        }

        Assert.InRange(await rows.CountAsync(), 50, Shown);
        Assert.InRange(nodes[^1], 1, nodes[10]);
        Assert.Equal(40, seen);
        var row = rows.Nth(100);
        var message = await row.GetAttributeAsync("data-message");
        await row.Locator("a").ClickAsync();
        await Expect(page.Page.Locator("[data-list=recipients]")).ToBeVisibleAsync();
        await page.Page.GoBackAsync();
        await Expect(page.Page.Locator($"[data-message='{message}']")).ToBeVisibleAsync();
        await page.PictureAsync("messages-million-1280");
        await page.Act("newest").ClickAsync();
        await Expect(page.Act("newest")).ToHaveCountAsync(0);
        Assert.Empty(page.Complaints);
    }

    Task CopyAsync(int count) => SqliteFile.RunAsync(Path.Combine(Host.Data, "mail.db"), $$"""
        with recursive copies(n) as (select 1 union all select n + 1 from copies where n < {{count}})
        insert into messages (key, id, message_id, status, lane, stream, due, lease, created_at, expires_at, held_base, tries, flags, size, owner, subject, subject_key, from_address, recipients)
        select m.key + n, printf('m_%026d', n), m.message_id, 3, m.lane, m.stream, null, null, m.created_at, m.expires_at, m.held_base, 0, m.flags, m.size, m.owner, m.subject, m.subject_key, m.from_address, m.recipients
        from copies, (select * from messages limit 1) m;
        """);

    async Task<string> SubmitAsync(Action<JsonObject> change)
    {
        var message = new JsonObject
        {
            ["from"] = new JsonObject { ["address"] = "no-reply@sender.example" },
            ["to"] = new JsonArray(new JsonObject { ["address"] = "a@test.example", ["name"] = "Änne" }),
            ["subject"] = "Übersicht 你好",
            ["text"] = "Grüße aus dem Test",
            ["attachments"] = new JsonArray(
                new JsonObject { ["name"] = "Bericht Ü.pdf", ["contentType"] = "application/pdf", ["content"] = Convert.ToBase64String("%PDF-1.4 content"u8) },
                new JsonObject { ["name"] = "pic.png", ["contentType"] = "image/png", ["content"] = Picture, ["contentId"] = "pic@local" }),
        };
        change(message);
        var answer = await Host.PostAsync("messages", message);
        Assert.True(answer.Status == 202, answer.Text);
        return answer["id"]!;
    }

    /// <summary>Evaluates where <c>d</c> is the document in the frame.</summary>
    static Task<T> FrameAsync<T>(AdminPage page, string expression) =>
        page.Page.EvaluateAsync<T>($"() => {{ const d = document.querySelector('.mail-frame').contentDocument; return {expression}; }}");

    static async Task<byte[]> SaveAsync(AdminPage page, Microsoft.Playwright.ILocator button)
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    async Task<int> AuditAsync(string action) =>
        (await Host.GetAsync("audit")).Json["items"]!.AsArray().Count(entry => entry!["action"]!.GetValue<string>() == action);
}
