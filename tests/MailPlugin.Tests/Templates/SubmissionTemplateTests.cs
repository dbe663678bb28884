using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Abstractions;
using MailPlugin.Queue;
using MailPlugin.Templates.Catalog;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using static MailPlugin.Tests.Templates.TemplateRig;

namespace MailPlugin.Tests.Templates;

/// <summary>Submissions that name a template, from the request to the composed message. Delivery is paused: what was composed is looked at.</summary>
public sealed class SubmissionTemplateTests : IAsyncLifetime
{
    PluginHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await PluginHost.StartAsync();
        var settings = Bodies.Smtp();
        settings["from"] = new JsonObject { ["address"] = "no-reply@example.com", ["name"] = "Acme <Cloud>" };
        settings["transports"]!.AsArray().Add(new JsonObject { ["id"] = "second", ["mode"] = "smtp", ["smtp"] = new JsonObject { ["host"] = "smtp2.example.com" } });
        Assert.Equal(200, (await _host.PutAsync("settings", settings, "\"0\"")).Status);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true }, _host.Key)).Status);
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_template_and_a_model_make_a_mail()
    {
        var answer = await SubmitAsync("password-reset", new() { ["link"] = "https://example.com/r?a=1&b=2", ["name"] = "Ann <b>" });

        var mail = await ComposedAsync(answer);
        Assert.Equal("queued", answer["status"]);
        Assert.Contains("Subject: Reset your Acme <Cloud> password\n", mail, StringComparison.Ordinal);
        Assert.Contains("Content-Type: multipart/alternative", mail, StringComparison.Ordinal);
        var parts = (await _host.GetAsync($"messages/{answer["id"]}/preview")).Json;
        Assert.Contains("Hello Ann <b>,", parts["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Hello Ann &lt;b&gt;,", parts["html"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("href=\"https://example.com/r?a=1&amp;b=2\"", parts["html"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Acme &lt;Cloud&gt;", parts["html"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("password-reset", (await _host.GetAsync($"messages/{answer["id"]}"))["template"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ \"link\": null }")]
    [InlineData("{ \"link\": \"\" }")]
    [InlineData("{ \"Link\": \"https://example.com\" }")]
    [InlineData(null)]
    public async Task A_required_variable_that_is_missing_is_named(string? model)
    {
        var answer = await SubmitAsync("password-reset", model is null ? null : JsonNode.Parse(model)!.AsObject());

        Assert.Equal((400, "invalid-message"), (answer.Status, answer.Slug));
        Assert.Equal(["model.link"], answer.ErrorPaths);
    }

    [Fact]
    public async Task Of_an_addition_what_is_printed_in_any_case_is_required()
    {
        await _host.SaveAsync("welcome", Text("Hi {{user.name}}", "{{#if note}}{{note.text}}{{/if}}{{default a 'b'}} {{plan}}"));

        Assert.Equal(["model.plan", "model.user.name"], (await SubmitAsync("welcome", [])).ErrorPaths.Order());
        Assert.Equal(202, (await SubmitAsync("welcome", new() { ["plan"] = "", ["user"] = new JsonObject { ["name"] = "Ann" } })).Status);
    }

    [Fact]
    public async Task An_edit_that_reads_more_refuses_no_mail_that_was_fine_before()
    {
        await _host.SaveAsync("password-reset", Text("Reset, {{department}}", "{{link}} {{department}}"));

        Assert.Equal(202, (await SubmitAsync("password-reset", new() { ["link"] = "https://example.com" })).Status);
    }

    [Theory]
    [InlineData("zh-SG", "密码")]
    [InlineData("zh-CN", "密码")]
    [InlineData("fr", "password")]
    [InlineData("", "password")]
    [InlineData(null, "password")]
    public async Task The_nearest_locale_is_sent(string? locale, string word)
    {
        var answer = await SubmitAsync("password-reset", new() { ["link"] = "https://example.com" }, submission => submission["locale"] = locale);

        Assert.Contains(word, (await _host.GetAsync($"messages/{answer["id"]}"))["subject"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd", "locale")]
    [InlineData("en\r\nBcc: x@y.z", "locale")]
    public async Task A_locale_that_is_none_is_named(string locale, string path) =>
        Assert.Equal([path], (await SubmitAsync("alert", new() { ["title"] = "x" }, submission => submission["locale"] = locale)).ErrorPaths);

    [Theory]
    [InlineData("nothing")]
    [InlineData("../alert")]
    [InlineData("ALERT")]
    [InlineData("")]
    [InlineData("layout")]
    public async Task An_unknown_template_is_named(string name) => Assert.Equal(["template"], (await SubmitAsync(name, [])).ErrorPaths);

    [Fact]
    public async Task No_value_of_a_model_makes_a_header()
    {
        var answer = await SubmitAsync("alert", new() { ["title"] = "Disk\r\nBcc: evil@example.org\r\n\r\nbody\u2028x", ["severity"] = "a\nX-Evil: 1" });

        var mail = await ComposedAsync(answer);
        var header = mail[..mail.IndexOf("\n\n", StringComparison.Ordinal)];
        Assert.DoesNotContain("\nBcc:", header, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\nX-Evil:", header, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("a X-Evil: 1: Disk Bcc: evil@example.org body x", (await _host.GetAsync($"messages/{answer["id"]}"))["subject"]);
    }

    [Fact]
    public async Task A_subject_that_comes_out_empty_is_the_template_s_name()
    {
        await _host.SaveAsync("maybe", Text("{{#if s}}{{s}}{{/if}}", "x"));

        var answer = await SubmitAsync("maybe", []);
        Assert.Equal("maybe", (await _host.GetAsync($"messages/{answer["id"]}"))["subject"]);
    }

    [Fact]
    public async Task A_template_that_is_switched_off_suppresses_and_leaves_a_row()
    {
        await _host.CallAsync(HttpMethod.Put, "templates/alert/options", new JsonObject { ["enabled"] = false });

        var answer = await SubmitAsync("alert", new() { ["title"] = "x" });

        Assert.Equal((202, "suppressed", "the template is switched off"), (answer.Status, answer["status"], answer["reason"]));
        var message = (await _host.GetAsync($"messages/{answer["id"]}")).Json;
        Assert.Equal(("suppressed", "suppressed", "the template is switched off"), (
            message["status"]!.GetValue<string>(), message["recipients"]![0]!["state"]!.GetValue<string>(), message["recipients"]![0]!["reply"]!.GetValue<string>()));
        Assert.Equal(["model.title"], (await SubmitAsync("alert", [])).ErrorPaths);
    }

    [Fact]
    public async Task Options_stand_in_where_the_submission_says_nothing()
    {
        await _host.CallAsync(HttpMethod.Put, "templates/alert/options", JsonNode.Parse("""
            { "transport": "second", "from": { "address": "alerts@example.com", "name": "Alerts" }, "replyTo": { "address": "ops@example.com" }, "bcc": [{ "address": "log@example.com" }], "priority": "high" }
            """));

        var alone = await FindAsync(await SubmitAsync("alert", new() { ["title"] = "x" }));
        Assert.Equal(("second", "alerts@example.com", MailPriority.High, false), (alone.Transport, alone.From.Address, alone.Priority, alone.FromIsDefault));
        Assert.Equal(["b@example.org To", "log@example.com Bcc"], alone.Recipients.Select(recipient => $"{recipient.Address} {recipient.Kind}"));
        var mail = await ComposedAsync(alone.Id);
        Assert.Contains("\nFrom: Alerts <alerts@example.com>\n", mail, StringComparison.Ordinal);
        Assert.Contains("\nReply-To: ops@example.com\n", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("log@example.com", mail, StringComparison.Ordinal);

        var own = await FindAsync(await SubmitAsync("alert", new() { ["title"] = "x" }, submission =>
        {
            submission["transport"] = "primary";
            submission["from"] = new JsonObject { ["address"] = "me@example.com" };
            submission["replyTo"] = new JsonArray(new JsonObject { ["address"] = "me2@example.com" });
            submission["priority"] = "bulk";
        }));
        Assert.Equal(("primary", "me@example.com", MailPriority.Bulk), (own.Transport, own.From.Address, own.Priority));
        Assert.Contains("\nReply-To: me2@example.com\n", await ComposedAsync(own.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_s_transport_that_is_gone_is_no_reason_to_keep_mail_back()
    {
        await _host.CallAsync(HttpMethod.Put, "templates/alert/options", new JsonObject { ["transport"] = "second" });
        await _host.SaveAsync(Bodies.Smtp());

        Assert.Equal("", (await FindAsync(await SubmitAsync("alert", new() { ["title"] = "x" }))).Transport);
    }

    [Fact]
    public async Task A_key_bound_to_addresses_is_bound_in_templates_too()
    {
        await _host.CallAsync(HttpMethod.Put, "templates/alert/options", new JsonObject { ["from"] = new JsonObject { ["address"] = "alerts@example.com" } });
        var made = await _host.PostAsync("keys", new JsonObject { ["name"] = "shop", ["scopes"] = new JsonArray("send"), ["from"] = new JsonArray("shop@example.com") });

        var answer = await _host.PostAsync("messages", Body("alert", new() { ["title"] = "x" }), made["key"]);
        Assert.Equal(["from"], answer.ErrorPaths);
    }

    [Theory]
    [InlineData("cancel", false)]
    [InlineData("cancel", true)]
    public async Task Content_that_is_not_kept_goes_when_nothing_is_left_to_send(string act, bool kept)
    {
        await _host.CallAsync(HttpMethod.Put, "templates/password-reset/options", new JsonObject { ["keepContent"] = kept });
        var answer = await SubmitAsync("password-reset", new() { ["link"] = "https://example.com" });
        Assert.Equal(200, (await _host.GetAsync($"messages/{answer["id"]}/content")).Status);

        Assert.Equal(200, (await _host.PostAsync($"messages/{answer["id"]}/{act}", new JsonObject())).Status);

        Assert.Equal(kept ? 200 : 404, (await _host.GetAsync($"messages/{answer["id"]}/content")).Status);
        Assert.Equal(kept ? 200 : 404, (await _host.GetAsync($"messages/{answer["id"]}/preview")).Status);
    }

    [Fact]
    public async Task Reset_links_are_not_kept_unless_somebody_wants_them_kept()
    {
        foreach (var name in new[] { "password-reset", "account-activation", "address-verification" })
        {
            Assert.Equal("false", (await _host.ReadAsync($"templates/{name}/options"))["keepContent"]);
        }

        Assert.Equal("true", (await _host.ReadAsync("templates/alert/options"))["keepContent"]);
        await _host.CallAsync(HttpMethod.Put, "templates/password-reset/options", new JsonObject { ["enabled"] = false });
        var suppressed = await SubmitAsync("password-reset", new() { ["link"] = "https://example.com" });
        Assert.Equal(404, (await _host.GetAsync($"messages/{suppressed["id"]}/content")).Status);
    }

    [Fact]
    public async Task A_model_that_keeps_a_template_busy_or_makes_it_huge_is_refused()
    {
        await _host.SaveAsync("busy", Text("x", "{{#each l}}{{#each @root.l}}{{#each @root.l}}{{/each}}{{/each}}{{/each}}"));
        await _host.SaveAsync("huge", Text("x", "{{#each l}}{{#each @root.l}}0123456789{{/each}}{{/each}}"));
        var model = new JsonObject { ["l"] = new JsonArray([.. Enumerable.Range(0, 2_000).Select(number => JsonValue.Create(number))]) };

        foreach (var (name, words) in new[] { ("busy", "2 seconds"), ("huge", "2 MB") })
        {
            var answer = await SubmitAsync(name, model.DeepClone().AsObject());
            Assert.Equal((400, "invalid-message"), (answer.Status, answer.Slug));
            Assert.Contains(words, answer.Json["errors"]!["model"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_host_s_own_code_names_templates_too()
    {
        var submission = new MailSubmission
        {
            To = [new("b@example.org")],
            Template = "alert",
            Locale = "de",
            Model = new Dictionary<string, object?> { ["title"] = "Disk", ["time"] = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero), ["details"] = new[] { new Dictionary<string, string> { ["name"] = "Free", ["value"] = "1 GB" } } },
        };
        var receipt = await _host.Services.GetRequiredService<IMailSubmission>().SubmitAsync(submission);
        Assert.Contains("Free: 1 GB", await PartAsync(receipt.Id, "text"), StringComparison.Ordinal);
        Assert.Contains("November 21, 2026 8:00 AM UTC", await PartAsync(receipt.Id, "text"), StringComparison.Ordinal);

        var refusal = await Assert.ThrowsAsync<SubmissionRejectedException>(() => _host.Services.GetRequiredService<IMailSubmission>().SubmitAsync(
            submission with { Model = new Dictionary<string, object?> { ["title"] = "x", ["bad"] = new object() } }));
        Assert.Equal(["model.bad"], refusal.Errors.Keys);
    }

    [Fact]
    public async Task What_was_sent_is_the_last_good_version()
    {
        await _host.SaveAsync("alert", Text("Good {{title}}", "Good"));
        Assert.Equal(400, (await _host.SaveAsync("alert", Text("Bad {{#if}}", "Bad"))).Status);

        Assert.Equal("Good x", (await _host.GetAsync($"messages/{(await SubmitAsync("alert", new() { ["title"] = "x" }))["id"]}"))["subject"]);
        Assert.Single((await _host.ReadAsync("templates/alert/versions")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task The_logo_travels_with_the_mail_and_is_named_by_it()
    {
        const string Logo = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject { ["logo"] = new JsonObject { ["content"] = Logo } }, "\"0\"");

        var mail = await ComposedAsync(await SubmitAsync("alert", new() { ["title"] = "x" }));
        Assert.Contains("\nContent-ID: <logo@mailplugin>\n", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("multipart/related", mail, StringComparison.Ordinal);
        Assert.Contains(Logo[..60], mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_names_the_item_whose_variable_is_missing()
    {
        var answer = await _host.PostAsync("messages/batch", new JsonObject { ["messages"] = new JsonArray(Body("alert", new() { ["title"] = "x" }), Body("alert", [])) });

        Assert.Equal([202, 400], answer.Json["results"]!.AsArray().Select(result => result!["status"]!.GetValue<int>()));
        Assert.NotNull(answer.Json["results"]![1]!["problem"]!["errors"]!["model.title"]);
    }

    static JsonObject Body(string template, JsonObject? model) => new()
    {
        ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }),
        ["template"] = template,
        ["model"] = model,
    };

    async Task<Answer> SubmitAsync(string template, JsonObject? model, Action<JsonObject>? change = null)
    {
        var body = Body(template, model);
        change?.Invoke(body);
        return await _host.PostAsync("messages", body);
    }

    Task<MessageRecord> FindAsync(Answer answer) => FindAsync(answer["id"]!);

    async Task<MessageRecord> FindAsync(string id) => (await _host.Services.GetRequiredService<IMessageReader>().FindAsync(id, CancellationToken.None))!;

    Task<string> ComposedAsync(Answer answer) => ComposedAsync(answer["id"]!);

    async Task<string> ComposedAsync(string id)
    {
        var content = (await _host.Services.GetRequiredService<IMessageReader>().ReadContentAsync(id, CancellationToken.None))!;
        return "\n" + Encoding.UTF8.GetString([.. content.Header.ToArray(), .. "\r\n"u8, .. content.Body.ToArray()]).ReplaceLineEndings("\n");
    }

    async Task<string> PartAsync(string id, string part) => (await _host.GetAsync($"messages/{id}/preview")).Json[part]!.GetValue<string>();
}
