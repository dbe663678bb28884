using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Support;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>Templates that a plugin beside this one brings, each in a load context of its own.</summary>
public sealed class PluginTemplatesTests : IAsyncLifetime
{
    readonly PluginsFolder plugins = new();
    MailHost host = null!;

    public async Task InitializeAsync()
    {
        plugins.AddCopy(Repository.MailPlugin, "MailPlugin");
        plugins.Add("InvoicePlugin");
        host = await MailHost.StartAsync($"--Plugins:Path={plugins.Path}");
    }

    [Fact]
    public async Task They_are_listed_with_their_variables_and_sample()
    {
        var listed = (await host.GetAsync("templates")).Json["items"]!.AsArray().ToDictionary(item => item!["name"]!.GetValue<string>(), item => item!);
        Assert.Equal(["en host", "zh-CN host"], Locales("invoice"));
        Assert.Equal(["en host", "zh-CN builtIn"], Locales("password-reset"));
        Assert.DoesNotContain("broken", listed.Keys);

        var invoice = await host.GetAsync("templates/invoice?locale=en-GB");
        Assert.Equal(("en", "host", "false", null, "\"0\""), (invoice["locale"], invoice["origin"], invoice["edited"], invoice["locked"], invoice.ETag));
        Assert.Equal(["number True", "link True", "lines False", "lines[].amount False", "lines[].name False"], invoice.Json["variables"]!.AsArray().Select(variable => $"{variable!["name"]} {variable["required"]!.GetValue<bool>()}"));
        Assert.Equal("https://shop.example/7", invoice.Json["sample"]!["link"]!.GetValue<string>());
        Assert.False((await host.GetAsync("templates/invoice?locale=zh")).Json["sample"]!["lines"] is null, "what a locale's sample leaves out is taken from the first");
        Assert.Contains("broken (en), text, line 1, column 1", host.Process.Output, StringComparison.Ordinal);

        IEnumerable<string> Locales(string name) => listed[name]["locales"]!.AsArray().Select(locale => $"{locale!["locale"]} {locale["origin"]}");
    }

    [Fact]
    public async Task An_edit_overrides_them_and_taking_it_back_brings_them_back()
    {
        var brought = await host.GetAsync("templates/invoice");
        var preview = await host.PostAsync("templates/invoice/preview", new JsonObject());
        Assert.Equal("Invoice 2026-7", preview["subject"]);
        Assert.Contains("Paper: 12.50", preview["text"], StringComparison.Ordinal);

        var edited = await host.SendAsync(
            HttpMethod.Put, "templates/invoice", new JsonObject { ["subject"] = "Ours {{number}}", ["text"] = "{{link}}" }, request => request.Headers.Add("If-Match", "\"0\""));
        Assert.True(edited.Status == 200, edited.Text);
        Assert.Equal(("host", "true", "Invoice {{number}}"), (edited["origin"], edited["edited"], edited.Json["base"]!["subject"]!.GetValue<string>()));
        await host.RestartAsync();
        Assert.Equal("Ours 2026-7", (await host.PostAsync("templates/invoice/preview", new JsonObject()))["subject"]);

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, "templates/invoice", null)).Status);
        Assert.Equal(brought.Text, (await host.GetAsync("templates/invoice")).Text);
    }

    [Fact]
    public async Task A_submission_names_them_and_is_held_to_what_they_require()
    {
        await host.SaveAsync(Drafts.With(Drafts.Smtp(25)));
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        var refused = await SubmitAsync(new JsonObject { ["number"] = "9" });
        Assert.Equal((400, "model.link"), (refused.Status, Assert.Single(refused.Json["errors"]!.AsObject()).Key));

        var taken = await SubmitAsync(new JsonObject { ["number"] = "9", ["link"] = "https://shop.example/9" });
        Assert.Equal((202, "账单 9"), (taken.Status, (await host.GetAsync($"messages/{taken["id"]}"))["subject"]));
    }

    [Fact]
    public async Task What_is_private_stays_so_when_a_plugin_brings_other_words_for_it()
    {
        Assert.Equal("A new password for the shop", (await host.GetAsync("templates/password-reset"))["subject"]);
        Assert.Equal("false", (await host.GetAsync("templates/password-reset/options"))["keepContent"]);
        Assert.Equal("false", (await host.GetAsync("templates/invoice/options"))["keepContent"]);
        Assert.Equal("true", (await host.GetAsync("templates/alert/options"))["keepContent"]);
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        plugins.Dispose();
    }

    Task<Answer> SubmitAsync(JsonObject model) => host.PostAsync(
        "messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = "b@test.example" }), ["template"] = "invoice", ["locale"] = "zh-Hans", ["model"] = model });
}
