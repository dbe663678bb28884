using System.Text.Json.Nodes;
using MailPlugin.Templates;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Store;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static MailPlugin.Tests.Templates.TemplateRig;

namespace MailPlugin.Tests.Templates;

/// <summary>What an administrator does with templates, over REST.</summary>
public sealed class TemplatesApiTests : IAsyncLifetime
{
    static readonly string[] BuiltIn = ["account-activation", "activity-notification", "address-verification", "alert", "password-reset", "share-notification", "test"];

    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Seven_are_built_in_each_in_English_and_Chinese()
    {
        var list = (await _host.ReadAsync("templates")).Json["items"]!.AsArray();

        Assert.Equal(BuiltIn, list.Select(item => item!["name"]!.GetValue<string>()));
        Assert.All(list, item => Assert.Equal(["en", "zh-CN"], item!["locales"]!.AsArray().Select(locale => locale!["locale"]!.GetValue<string>())));
        Assert.All(list, item => Assert.All(item!["locales"]!.AsArray(), locale => Assert.Equal("builtIn", locale!["origin"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("account-activation")]
    [InlineData("password-reset")]
    [InlineData("address-verification")]
    [InlineData("alert")]
    public async Task TB_2_DCE_1_HB_1_A_message_names_a_template_and_what_it_says_is_in_the_mail(string template)
    {
        var sample = (await _host.ReadAsync($"templates/{template}")).Json["sample"]!;
        var accepted = await _host.PostAsync("messages", new JsonObject
        {
            ["from"] = new JsonObject { ["address"] = "a@example.com" },
            ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }),
            ["template"] = template,
            ["model"] = sample.DeepClone(),
        });
        Assert.True(accepted.Status == 202, accepted.Text);

        var preview = await _host.GetAsync($"messages/{accepted["id"]}/preview");
        var shown = (await _host.CallAsync(HttpMethod.Post, $"templates/{template}/preview", new JsonObject { ["model"] = sample.DeepClone() })).Json;
        Assert.False(string.IsNullOrWhiteSpace(preview["text"]));
        Assert.Equal(shown["text"]!.GetValue<string>().ReplaceLineEndings("\n").Trim(), preview["text"]!.ReplaceLineEndings("\n").Trim());
    }

    [Theory]
    [InlineData("", "en")]
    [InlineData("?locale=en", "en")]
    [InlineData("?locale=EN-gb", "en")]
    [InlineData("?locale=zh", "zh-CN")]
    [InlineData("?locale=zh-Hans", "zh-CN")]
    [InlineData("?locale=zh-SG", "zh-CN")]
    [InlineData("?locale=zh-hans-cn", "zh-CN")]
    [InlineData("?locale=zh-TW", "en")]
    [InlineData("?locale=zh-hant-HK-x-private", "en")]
    [InlineData("?locale=fr", "en")]
    [InlineData("?locale=", "en")]
    public async Task A_locale_that_is_not_there_gives_the_nearest(string query, string expected)
    {
        var answer = await _host.ReadAsync($"templates/password-reset{query}");

        Assert.Equal((200, expected, "\"0\""), (answer.Status, answer["locale"], answer.ETag));
    }

    [Theory]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("e")]
    [InlineData("en_US")]
    [InlineData("en%0D%0ABcc:x")]
    [InlineData("en-")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("%E4%B8%AD%E6%96%87")]
    public async Task A_locale_that_is_no_language_tag_is_refused_and_named(string locale)
    {
        var read = await _host.ReadAsync($"templates/password-reset?locale={locale}");
        var saved = await _host.SaveAsync($"password-reset?locale={locale}", Text("x"));
        var previewed = await _host.PreviewAsync("password-reset", new() { ["locale"] = Uri.UnescapeDataString(locale) });

        Assert.All([read, saved, previewed], answer => Assert.Equal((400, "invalid-request"), (answer.Status, answer.Slug)));
        Assert.All([read, saved, previewed], answer => Assert.Equal(["locale"], answer.ErrorPaths));
    }

    [Fact]
    public async Task An_edit_is_a_version_and_taking_it_back_brings_the_built_in_again()
    {
        var builtIn = await _host.ReadAsync("templates/password-reset");
        var edited = await _host.SaveAsync("password-reset", Text("New password", "Go to {{link}}"), "\"0\"");

        Assert.Equal((200, "\"1\"", "1", "key:first", "true", "builtIn"), (edited.Status, edited.ETag, edited["version"], edited["updatedBy"], edited["edited"], edited["origin"]));
        Assert.Equal(builtIn["subject"], edited.Json["base"]!["subject"]!.GetValue<string>());
        Assert.Equal(edited.Text, (await _host.ReadAsync("templates/password-reset")).Text);

        var reset = await _host.CallAsync(HttpMethod.Delete, "templates/password-reset", null, edited.ETag);

        Assert.Equal(204, reset.Status);
        Assert.Equal(builtIn.Text, (await _host.ReadAsync("templates/password-reset")).Text);
    }

    [Fact]
    public async Task A_translation_stands_beside_and_an_addition_is_removed()
    {
        Assert.Equal(200, (await _host.SaveAsync("password-reset?locale=DE-de", Text("Neues Passwort", "{{link}}"), "\"0\"")).Status);
        Assert.Equal("de-DE", (await _host.ReadAsync("templates/password-reset?locale=de-AT"))["locale"]);

        Assert.Equal(404, (await _host.ReadAsync("templates/welcome")).Status);
        var added = await _host.SaveAsync("welcome", Text("Welcome"), "\"0\"");
        Assert.Equal((200, "added"), (added.Status, added["origin"]));
        Assert.Equal(204, (await _host.CallAsync(HttpMethod.Delete, "templates/welcome")).Status);
        Assert.Equal(404, (await _host.ReadAsync("templates/welcome")).Status);
        Assert.Equal(404, (await _host.CallAsync(HttpMethod.Delete, "templates/welcome")).Status);
        Assert.Equal(200, (await _host.SaveAsync("welcome", Text("Welcome again"), "\"0\"")).Status);
    }

    [Fact]
    public async Task Without_If_Match_nothing_is_saved_and_a_stale_one_gets_the_current()
    {
        Assert.Equal((428, "if-match-needed"), await PutAsync(null));
        await _host.SaveAsync("alert", Text("First"), "\"0\"");
        Assert.Equal((412, "stale-version"), await PutAsync("\"0\""));
        var stale = await _host.SaveAsync("alert", Text("Second"), "\"0\"");
        Assert.Equal("First", stale.Json["current"]!["subject"]!.GetValue<string>());
        Assert.Equal((412, "stale-version"), await PutAsync("nonsense"));
        Assert.Equal(412, (await _host.CallAsync(HttpMethod.Delete, "templates/alert", null, "\"0\"")).Status);

        async Task<(int, string?)> PutAsync(string? etag)
        {
            var answer = await _host.CallAsync(HttpMethod.Put, "templates/alert", Text("Second"), etag);
            return (answer.Status, answer.Slug);
        }
    }

    [Fact]
    public async Task Of_many_who_saw_the_same_version_one_saves()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => _host.SaveAsync("alert", Text($"Alert {number}"), "\"0\"")));

        var winner = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Except([winner]), answer => Assert.Equal((412, "stale-version"), (answer.Status, answer.Slug)));
        Assert.Equal(winner["subject"], (await _host.ReadAsync("templates/alert"))["subject"]);
        Assert.Single((await _host.ReadAsync("templates/alert/versions")).Json["items"]!.AsArray());
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("with.dot")]
    [InlineData("with%20blank")]
    [InlineData("..%2f..%2fetc")]
    [InlineData("layout%0a")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_name_that_is_none_makes_no_template(string name)
    {
        var saved = await _host.SendAsync(HttpMethod.Put, $"templates/{name}", Text("x"), _host.Key, request => request.Headers.TryAddWithoutValidation("If-Match", "*"));

        Assert.True(saved.Status is 400 or 404, saved.Text);
        Assert.Equal(BuiltIn.Length, (await _host.ReadAsync("templates")).Json["items"]!.AsArray().Count);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"templates/{name}", null, _host.Key)).Status);
    }

    [Fact]
    public async Task A_fault_says_line_column_and_a_sentence_in_the_readers_language()
    {
        var text = Text("Hello", "one\ntwo {{#iff x}}\n{{/iff}}");
        var english = await _host.SaveAsync("alert", text, "\"0\"");
        var chinese = await _host.CallAsync(HttpMethod.Put, "templates/alert", text, "\"0\"", "zh-CN");

        Assert.Equal((400, "invalid-template", "text", "2", "5"), (english.Status, english.Slug, english["part"], english["line"], english["column"]));
        Assert.StartsWith("There is no block iff. There are: each,", english.Message(), StringComparison.Ordinal);
        Assert.StartsWith("没有名为 iff 的块", chinese.Message(), StringComparison.Ordinal);
        Assert.Equal(["text"], english.ErrorPaths);
        Assert.Equal("builtIn", (await _host.ReadAsync("templates/alert"))["origin"]);
    }

    [Fact]
    public async Task Fields_at_fault_are_named_all_at_once()
    {
        var answer = await _host.SaveAsync("alert", new() { ["subject"] = 4, ["html"] = " ", ["typo"] = true });

        Assert.Equal((400, "invalid-template"), (answer.Status, answer.Slug));
        Assert.Equal(["subject", "text", "typo"], answer.ErrorPaths.Order());
    }

    [Theory]
    [InlineData(65536, 200)]
    [InlineData(65537, 413)]
    public async Task A_part_has_at_most_64_KB(int bytes, int status)
    {
        foreach (var part in new[] { "subject", "text", "html" })
        {
            var text = Text("x", "x", "x");
            text[part] = new string('x', bytes - 2) + "é";
            Assert.Equal(status, (await _host.SaveAsync("large", text)).Status);
            Assert.Equal(status, (await _host.PreviewAsync("large", Draft(text.DeepClone().AsObject()))).Status);
        }
    }

    [Fact]
    public async Task Versions_say_who_and_when_and_what_changed_and_come_back()
    {
        await _host.SaveAsync("alert", Text("One", "a\nb\nc"), "\"0\"");
        await _host.SaveAsync("alert?locale=zh-CN", Text("二", "甲"), "\"0\"");
        await _host.SaveAsync("alert", Text("Three", "a\nB\nc\nd"), "\"1\"");
        await _host.CallAsync(HttpMethod.Delete, "templates/alert");

        var all = (await _host.ReadAsync("templates/alert/versions")).Json["items"]!.AsArray();
        var english = (await _host.ReadAsync("templates/alert/versions?locale=en&limit=2")).Json;
        var third = (await _host.ReadAsync("templates/alert/versions/3")).Json;

        Assert.Equal(["4 en reset", "3 en saved", "2 zh-CN saved", "1 en saved"], all.Select(item => $"{item!["version"]} {item["locale"]} {item["act"]}"));
        Assert.Equal([4, 3], english["items"]!.AsArray().Select(item => item!["version"]!.GetValue<int>()));
        Assert.Equal(1, (await _host.ReadAsync($"templates/alert/versions?locale=en&limit=2&cursor={english["next"]}")).Json["items"]![0]!["version"]!.GetValue<int>());
        Assert.Equal(["same a", "removed b", "added B", "same c", "added d"], third["diff"]!["text"]!.AsArray().Select(line => $"{line!["op"]} {line["text"]}"));
        Assert.Equal("Three", third["content"]!["subject"]!.GetValue<string>());

        var restored = await _host.CallAsync(HttpMethod.Post, "templates/alert/versions/1/restore");
        Assert.Equal((200, "One", "\"5\""), (restored.Status, restored["subject"], restored.ETag));
        Assert.Equal("restored", (await _host.ReadAsync("templates/alert/versions/5"))["act"]);
        Assert.Equal((409, "wrong-state"), await RestoreAsync("4"));
        Assert.Equal((404, "not-found"), await RestoreAsync("99"));
        Assert.Equal((404, "not-found"), await RestoreAsync("-1"));
        Assert.Equal(404, (await _host.ReadAsync("templates/nothing/versions")).Status);

        async Task<(int, string?)> RestoreAsync(string number)
        {
            var answer = await _host.CallAsync(HttpMethod.Post, $"templates/alert/versions/{number}/restore");
            return (answer.Status, answer.Slug);
        }
    }

    [Fact]
    public async Task Options_are_replaced_as_a_whole_and_hold_for_all_locales()
    {
        await _host.PutAsync("settings", Bodies.Smtp(), "\"0\"");
        Assert.Equal("false", (await _host.ReadAsync("templates/password-reset/options"))["keepContent"]);
        var saved = await _host.CallAsync(HttpMethod.Put, "templates/alert/options", JsonNode.Parse("""
            { "enabled": false, "transport": "primary", "from": { "address": "alerts@example.com", "name": "Alerts" }, "replyTo": { "address": "ops@example.com" },
              "bcc": [{ "address": "log@example.com" }], "priority": "high", "keepContent": false }
            """));

        Assert.Equal((200, "\"1\"", "false", "primary", "high"), (saved.Status, saved.ETag, saved["enabled"], saved["transport"], saved["priority"]));
        Assert.Equal(saved.Text, (await _host.ReadAsync("templates/alert/options")).Text);
        Assert.Equal(412, (await _host.CallAsync(HttpMethod.Put, "templates/alert/options", new JsonObject(), "\"0\"")).Status);
        var emptied = await _host.CallAsync(HttpMethod.Put, "templates/alert/options", new JsonObject(), "\"1\"");
        Assert.Equal(("true", null, "[]", "true"), (emptied["enabled"], emptied["transport"], emptied["bcc"], emptied["keepContent"]));

        var faulty = await _host.CallAsync(HttpMethod.Put, "templates/alert/options", JsonNode.Parse("""
            { "enabled": "yes", "transport": "none", "from": { "address": "a@b\r\nBcc: c@d" }, "bcc": ["x"], "priority": "urgent", "typo": 1 }
            """));
        Assert.Equal(["bcc[0]", "enabled", "from.address", "priority", "transport", "typo"], faulty.ErrorPaths.Order());
        Assert.Equal(404, (await _host.ReadAsync("templates/nothing/options")).Status);
    }

    [Theory]
    [InlineData("\"0\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"7\", \"0\"", 200)]
    [InlineData("W/\"0\"", 412)]
    [InlineData("\"7\", \"8\"", 412)]
    [InlineData("0", 412)]
    [InlineData("", 428)]
    public async Task What_nobody_edited_has_the_version_0(string etag, int status)
    {
        Assert.Equal(status, (await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject(), etag)).Status);
        Assert.Equal(status, (await _host.SaveAsync("alert", Text("x"), etag)).Status);
    }

    [Fact]
    public async Task The_name_layout_is_no_template()
    {
        Assert.Equal(404, (await _host.ReadAsync("templates/layout/options")).Status);
        Assert.DoesNotContain((await _host.ReadAsync("templates")).Json["items"]!.AsArray(), item => item!["name"]!.GetValue<string>() == "layout");
        Assert.Equal((400, "invalid-message"), await SubmitAsync("layout"));

        async Task<(int, string?)> SubmitAsync(string template)
        {
            var answer = await _host.PostAsync("messages", new JsonObject
            {
                ["from"] = new JsonObject { ["address"] = "a@example.com" },
                ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }),
                ["template"] = template,
            });
            return (answer.Status, answer.Slug);
        }
    }

    [Fact]
    public async Task Who_changed_a_template_stands_in_the_audit_log()
    {
        await _host.SaveAsync("alert", Text("One"), "\"0\"");
        await _host.CallAsync(HttpMethod.Delete, "templates/alert");
        await _host.CallAsync(HttpMethod.Post, "templates/alert/versions/1/restore");
        await _host.CallAsync(HttpMethod.Put, "templates/alert/options", new JsonObject());
        await _host.SaveAsync("welcome", Text("One"), "\"0\"");
        await _host.CallAsync(HttpMethod.Delete, "templates/welcome");
        await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject(), "\"0\"");

        var acts = (await _host.ReadAsync("audit")).Json["items"]!.AsArray().Select(item => $"{item!["action"]}: {item["target"]}").Where(act => act.StartsWith("template", StringComparison.Ordinal));
        Assert.Equal(
            [
                "template saved: layout", "template removed: welcome en", "template saved: welcome en", "template options saved: alert", "template restored: alert en", "template reset: alert en",
                "template saved: alert en",
            ],
            acts);
    }

    [Fact]
    public async Task Edits_are_there_after_a_restart()
    {
        await _host.SaveAsync("alert", Text("Kept {{title}}"), "\"0\"");
        await _host.SaveAsync("password-reset", Text("Gone"), "\"0\"");
        await _host.CallAsync(HttpMethod.Delete, "templates/password-reset");
        await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject { ["brandName"] = "Kept" }, "\"0\"");
        await _host.CallAsync(HttpMethod.Put, "templates/alert/options", new JsonObject { ["enabled"] = false });
        var before = (await _host.ReadAsync("templates")).Text;

        var register = new TemplateRegister(
            _host.Services.GetRequiredService<ITemplateStore>(), new(), new(() => []), TimeProvider.System, NullLogger<TemplateRegister>.Instance);
        await register.LoadAsync(CancellationToken.None);

        var alert = register.Current.Find("alert")!;
        Assert.Equal(("Kept {{title}}", false, "Kept"), (alert.BestFor(LocaleTag.Default).Template.Source.Subject, alert.Options.Enabled, register.Current.Layout.Layout.Source.BrandName));
        Assert.Equal(0, register.Current.Find("password-reset")!.BestFor(LocaleTag.Default).Version);
        Assert.Equal(before, (await _host.ReadAsync("templates")).Text);
    }
}
