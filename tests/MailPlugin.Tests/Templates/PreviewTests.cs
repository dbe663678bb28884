using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;
using static MailPlugin.Tests.Templates.TemplateRig;

namespace MailPlugin.Tests.Templates;

public sealed class PreviewTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    PluginHost Host => shared.Host;

    [Fact]
    public async Task What_is_saved_is_shown_with_its_sample()
    {
        var mail = await Host.PreviewAsync("share-notification", new() { ["locale"] = "zh-Hans" });

        Assert.Equal((200, "zh-CN", "韩梅梅与您共享了“季度报告.pdf”", "[]", "[]"), (mail.Status, mail["locale"], mail["subject"], mail["missing"], mail["warnings"]));
        Assert.Contains("<html lang=\"zh-CN\"", mail["html"], StringComparison.Ordinal);
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(mail["html"]!), mail.Json["size"]!["html"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_deserves_a_word_is_told()
    {
        var mail = await Host.PreviewAsync("password-reset", Draft(
            Text($"{new string('x', 80)}{{{{v}}}}", html: "<img src=x><a href=\"http://example.org\">x</a>{{big}}"), new() { ["v"] = "a\nb", ["big"] = new string('é', 60_000), ["typo"] = 1 }));

        Assert.Equal(
            ["clipped", "image-without-alt", "link-without-https", "long-subject", "missing-variable", "no-text", "subject-line-breaks", "unknown-variable"],
            mail.Json["warnings"]!.AsArray().Select(warning => warning!["id"]!.GetValue<string>()).Order());
        Assert.Equal(["link"], mail.Json["missing"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal(["big", "v"], mail.Json["variables"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Fact]
    public async Task An_empty_subject_is_told() =>
        Assert.Contains((await Host.PreviewAsync("new-one", Draft(Text("{{nothing}}")))).Json["warnings"]!.AsArray(), warning => warning!["id"]!.GetValue<string>() == "empty-subject");

    [Fact]
    public async Task A_blank_at_the_end_of_a_subject_is_no_line_break() =>
        Assert.DoesNotContain((await Host.PreviewAsync("new-one", Draft(Text("Mail works, {{nothing}}")))).Json["warnings"]!.AsArray(), warning => warning!["id"]!.GetValue<string>() == "subject-line-breaks");

    [Fact]
    public async Task A_draft_needs_no_template_and_saves_none()
    {
        Assert.Equal((200, "Hi Ann"), await ShowAsync("never-saved", Draft(Text("Hi {{n}}"), new() { ["n"] = "Ann" })));
        Assert.Equal(404, (await Host.PreviewAsync("never-saved", [])).Status);
        Assert.Equal(404, (await Host.ReadAsync("templates/never-saved")).Status);

        async Task<(int, string?)> ShowAsync(string name, JsonObject request)
        {
            var answer = await Host.PreviewAsync(name, request);
            return (answer.Status, answer["subject"]);
        }
    }

    [Fact]
    public async Task A_faulty_draft_says_where()
    {
        var answer = await Host.PreviewAsync("alert", Draft(Text("x", html: "<p>\n {{> p}}")));

        Assert.Equal((400, "invalid-template", "html", "2", "2"), (answer.Status, answer.Slug, answer["part"], answer["line"], answer["column"]));
        Assert.Equal(["draft.html"], answer.ErrorPaths);
    }

    [Fact]
    public async Task A_draft_that_never_ends_is_ended()
    {
        var model = new JsonObject { ["l"] = new JsonArray([.. Enumerable.Range(0, 2_000).Select(number => JsonValue.Create(number))]) };

        var answer = await Host.PreviewAsync("alert", Draft(Text("x", "{{#each l}}{{#each @root.l}}{{#each @root.l}}{{/each}}{{/each}}{{/each}}"), model));
        Assert.Equal((400, "invalid-template", null), (answer.Status, answer.Slug, answer["line"]));
        Assert.Contains("longer than 2 seconds", answer.Message(), StringComparison.Ordinal);

        var large = await Host.PreviewAsync("alert", Draft(Text("x", "{{#each l}}{{#each @root.l}}0123456789{{/each}}{{/each}}"), model.DeepClone().AsObject()));
        Assert.Contains("larger than 2 MB", large.Message(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "model": [] }""", "model")]
    [InlineData("""{ "model": { "a": "\ud800" } }""", "model")]
    [InlineData("""{ "locale": 5 }""", "locale")]
    [InlineData("""{ "draft": "x" }""", "draft")]
    [InlineData("""{ "to": "x" }""", "to")]
    [InlineData("[]", "")]
    public async Task A_request_that_is_none_is_named(string json, string path)
    {
        var answer = await Host.SendAsync(HttpMethod.Post, "templates/alert/preview", null, Host.Key, request => request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(400, answer.Status);
        Assert.Equal([path], answer.ErrorPaths);
    }

    [Fact]
    public async Task The_layout_is_tried_before_it_is_saved()
    {
        var mail = await Host.CallAsync(HttpMethod.Post, "templates/layout/preview", new JsonObject { ["template"] = "alert", ["draft"] = new JsonObject { ["brandName"] = "Try", ["html"] = "<i>{{@brand.name}}</i>{{{body}}}" } });
        Assert.StartsWith("<i>Try</i>", mail["html"], StringComparison.Ordinal);

        Assert.Equal((400, "draft.html"), await FaultAsync(new() { ["draft"] = new JsonObject { ["html"] = "no place" } }));
        Assert.Equal((400, "template"), await FaultAsync(new() { ["template"] = "nothing" }));
        Assert.Equal((400, "locale"), await FaultAsync(new() { ["locale"] = "../.." }));
        Assert.Equal(200, (await Host.CallAsync(HttpMethod.Post, "templates/layout/preview", new JsonObject())).Status);

        async Task<(int, string)> FaultAsync(JsonObject request)
        {
            var answer = await Host.CallAsync(HttpMethod.Post, "templates/layout/preview", request);
            return (answer.Status, answer.ErrorPaths.Single());
        }
    }

    [Fact]
    public async Task A_test_needs_a_transport_and_a_template()
    {
        Assert.Equal((422, "no-transport"), await TestAsync("alert", new() { ["to"] = "a@example.org" }));
        Assert.Equal((404, "not-found"), await TestAsync("nothing", new() { ["to"] = "a@example.org" }));
        Assert.Equal((400, "invalid-request"), await TestAsync("alert", new() { ["to"] = "nobody" }));
        Assert.Equal((400, "invalid-template"), await TestAsync("alert", new() { ["to"] = "a@example.org", ["draft"] = Text("{{#if}}") }));

        async Task<(int, string?)> TestAsync(string name, JsonObject request)
        {
            var answer = await Host.CallAsync(HttpMethod.Post, $"templates/{name}/test", request);
            return (answer.Status, answer.Slug);
        }
    }
}
