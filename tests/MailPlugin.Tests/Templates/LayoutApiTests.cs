using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Templates;

/// <summary>What stands around every mail, over REST.</summary>
public sealed class LayoutApiTests : IAsyncLifetime
{
    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task The_layout_stands_around_every_mail_and_is_a_version_too()
    {
        var before = await _host.ReadAsync("templates/layout");
        Assert.Equal(("\"0\"", null, "#2457d6", null, null), (before.ETag, before["brandName"], before["color"], before["html"], before["text"]));
        Assert.Contains("{{{body}}}", before.Json["frames"]!["html"]!.GetValue<string>(), StringComparison.Ordinal);
        const string Logo = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        var saved = await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject
        {
            ["brandName"] = "Ex & Co",
            ["color"] = "#0F766E",
            ["address"] = "1 High Street",
            ["logo"] = new JsonObject { ["content"] = Logo },
        }, "\"0\"");
        Assert.Equal((200, "\"1\"", "#0f766e", "image/png"), (saved.Status, saved.ETag, saved["color"], saved.Json["logo"]!["contentType"]!.GetValue<string>()));

        var mail = await _host.PreviewAsync("alert", []);
        Assert.Contains("border-top:4px solid #0f766e", mail["html"], StringComparison.Ordinal);
        Assert.Contains($"<img src=\"data:image/png;base64,{Logo}\" alt=\"Ex &amp; Co\"", mail["html"], StringComparison.Ordinal);
        Assert.EndsWith("\n-- \n1 High Street\n", mail["text"], StringComparison.Ordinal);

        var frame = await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject { ["html"] = "<b>{{{body}}}</b>", ["text"] = "no place" }, "\"1\"");
        Assert.Equal((400, "invalid-template", "text"), (frame.Status, frame.Slug, frame["part"]));
        Assert.Equal(428, (await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject())).Status);
        Assert.Equal(412, (await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject(), "\"7\"")).Status);
        Assert.Equal(["color", "logo.content"], (await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject
        {
            ["color"] = "red",
            ["logo"] = new JsonObject { ["content"] = "PHN2Zz48L3N2Zz4=" },
        }, "\"1\"")).ErrorPaths.Order());

        Assert.Equal(204, (await _host.CallAsync(HttpMethod.Delete, "templates/layout")).Status);
        Assert.Equal(before.Text, (await _host.ReadAsync("templates/layout")).Text);
        Assert.Equal("#0f766e", (await _host.CallAsync(HttpMethod.Post, "templates/layout/versions/1/restore"))["color"]);
        Assert.Equal(2 + 1, (await _host.ReadAsync("templates/layout/versions")).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_restore_is_refused_where_somebody_was_faster()
    {
        await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject { ["brandName"] = "One" }, "\"0\"");
        await _host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject { ["brandName"] = "Two" }, "\"1\"");

        var late = await _host.CallAsync(HttpMethod.Post, "templates/layout/versions/1/restore", etag: "\"1\"");
        Assert.Equal((412, "stale-version"), (late.Status, late.Slug));
        Assert.Equal("Two", (await _host.ReadAsync("templates/layout"))["brandName"]);

        Assert.Equal("One", (await _host.CallAsync(HttpMethod.Post, "templates/layout/versions/1/restore", etag: "\"2\""))["brandName"]);
    }

    [Fact]
    public void A_logo_that_is_no_text_is_a_fault()
    {
        using var document = System.Text.Json.JsonDocument.Parse("""{ "logo": { "content": "\ud800" } }""");
        var faults = new MailPlugin.Http.Binding.Faults();

        MailPlugin.Templates.Layouts.LayoutReader.Read(new(document.RootElement, "", faults));

        Assert.Equal(["logo.content"], faults.ToErrors().Keys);
    }

    [Fact]
    public async Task A_layout_that_goes_back_as_it_came_does_not_become_a_copy_of_the_built_in_frame()
    {
        var before = await _host.ReadAsync("templates/layout");

        var after = await _host.CallAsync(HttpMethod.Put, "templates/layout", before.Json, before.ETag);

        Assert.Equal((200, "1", null, null), (after.Status, after["version"], after["html"], after["text"]));
    }
}
