using System.Text.Json.Nodes;
using MailPlugin.Abstractions;
using MailPlugin.Options;
using MailPlugin.Templates;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Sources;
using MailPlugin.Templates.Store;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static MailPlugin.Tests.Templates.TemplateRig;

namespace MailPlugin.Tests.Templates;

/// <summary>Templates that are brought along: by the host, by other plugins, by a folder.</summary>
public sealed class TemplateSourcesTests
{
    [Fact]
    public void The_built_in_ones_need_what_they_declare_and_declare_what_they_read()
    {
        var set = BuiltInTemplates.Read();

        Assert.Equal(14, set.Templates.Count);
        foreach (var source in set.Templates)
        {
            var (about, template) = (set.Abouts[source.Name], Rendered.Workshop.Prepare(source.Text).Template!);
            Assert.True(template.Inferred.Keys.All(path => about.Variables!.Any(variable => NamedTemplate.Covers(variable.Name, path))), source.ToString());
            Assert.True(template.Inferred.All(path => !path.Value || about.Variables!.Any(variable => variable.Required && variable.Name == path.Key)), source.ToString());
            Assert.NotNull(about.Title);
            Assert.All(about.Variables!, variable => Assert.True(variable.Description is { English.Length: > 3, Chinese.Length: > 1 }));
            var mail = Rendered.Mail(template, about.SampleFor(source.Locale), source.Locale.Text, Rendered.Workshop.StandardLayout);
            Assert.DoesNotContain("{{", mail.Html! + mail.Text + mail.Subject, StringComparison.Ordinal);
            var least = about.Variables!.Where(variable => variable.Required).ToDictionary(variable => variable.Name, variable => about.SampleFor(source.Locale)[variable.Name]);
            Assert.NotEmpty(Rendered.Mail(template, least, source.Locale.Text, Rendered.Workshop.StandardLayout).Subject);
        }
    }

    [Fact]
    public async Task The_host_brings_templates_which_an_administrator_can_edit()
    {
        await using var host = await PluginHost.StartAsync(services: services => services.AddSingleton<IMailTemplateSource>(new Source(
            new("invoice", "en", "Invoice {{number}}", null, "<p>{{total}}</p>") { Required = ["number"], Sample = """{ "number": 7, "total": "9 EUR" }""" },
            new("invoice", "de", "Rechnung {{number}}", "{{total}}", null),
            new("alert", "en", "Ours: {{title}}", "x", null))));

        var invoice = await host.ReadAsync("templates/invoice");
        Assert.Equal(("host", "false", "7"), (invoice["origin"], invoice["edited"], invoice.Json["sample"]!["number"]!.ToString()));
        Assert.Equal(["number true", "total false"], invoice.Json["variables"]!.AsArray().Select(variable => $"{variable!["name"]} {variable["required"]}"));
        Assert.Equal("de", (await host.ReadAsync("templates/invoice?locale=de-CH"))["locale"]);
        Assert.Equal("Ours: {{title}}", (await host.ReadAsync("templates/alert"))["subject"]);

        var edited = await host.SaveAsync("invoice", Text("Mine {{number}}"), "\"0\"");
        Assert.Equal(("host", "true"), (edited["origin"], edited["edited"]));
        await host.CallAsync(HttpMethod.Delete, "templates/invoice");
        Assert.Equal(invoice.Text, (await host.ReadAsync("templates/invoice")).Text);
    }

    [Fact]
    public async Task What_is_wrong_with_a_source_costs_that_and_is_told()
    {
        await using var host = await PluginHost.StartAsync(services: services => services
            .AddSingleton<IMailTemplateSource>(new Source(
                new("good", "en", "Good", "x", null), new("bad", "en", "Bad {{#if}}", "x", null), new("Bad Name", "en", "x", "x", null), new("layout", "en", "x", "x", null), new("bad-locale", "../x", "x", "x", null),
                new("no-text", "en", "x", null, null), new("large", "en", "x", new string('x', 70_000), null), new("alert", "en", "Faulty {{", "x", null), new("sample", "en", "x", "x", null) { Sample = "{" }))
            .AddSingleton<IMailTemplateSource, FailingSource>());

        var names = (await host.ReadAsync("templates")).Json["items"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()).Except(BuiltInTemplates.Read().Abouts.Keys);
        Assert.Equal(["good", "sample"], names);
        Assert.Equal("builtIn", (await host.ReadAsync("templates/alert"))["origin"]);
        var told = host.Log.Entries.Where(entry => entry.Text.StartsWith("A template cannot be used", StringComparison.Ordinal)).ToList();
        Assert.Equal(9, told.Count);
        Assert.Contains(told, entry => entry.Text.Contains("it broke", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_source_that_cannot_be_made_does_not_keep_the_plugin_from_starting()
    {
        await using var host = await PluginHost.StartAsync(services: services => services.AddSingleton<IMailTemplateSource>(_ => throw new InvalidOperationException("no database")));

        Assert.Equal(200, (await host.ReadAsync("templates/alert")).Status);
        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains("no database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_overrides_what_is_built_in_and_is_locked()
    {
        using var folder = new TempFolder();
        Write(folder, "alert.en.subject", "Folder {{title}}\n");
        Write(folder, "alert.en.txt", "Text");
        Write(folder, "ours.zh-cn.subject", "我们的");
        Write(folder, "ours.zh-cn.html", "<p>{{wer}}</p>");
        Write(folder, "ours.json", """{ "title": { "en": "Ours" }, "variables": [{ "name": "wer", "required": true }], "sample": { "wer": "x" }, "keepContent": false }""");
        Write(folder, "password-reset.json", """{ "title": { "en": "Reset" } }""");
        Write(folder, "layout.json", """{ "brandName": "Folder", "color": "#112233" }""");
        await using var host = await PluginHost.StartAsync(new() { ["Templates:Path"] = folder.Path });

        var alert = await host.ReadAsync("templates/alert");
        Assert.Equal(("folder", "Folder {{title}}", $"Templates:Path {folder.Path}"), (alert["origin"], alert["subject"], alert["locked"]));
        var ours = await host.ReadAsync("templates/ours?locale=zh");
        Assert.Equal(("zh-CN", "Ours", "false"), (ours["locale"], ours["title"], (await host.ReadAsync("templates/ours/options"))["keepContent"]));
        Assert.Equal(("Reset", "Alex", "false"), ((await host.ReadAsync("templates/password-reset"))["title"], (await host.ReadAsync("templates/password-reset")).Json["sample"]!["name"]!.ToString(), (await host.ReadAsync("templates/password-reset/options"))["keepContent"]));
        Assert.Equal(("Folder", "#112233", $"Templates:Path {folder.Path}"), await LayoutAsync(host));

        foreach (var answer in new[]
        {
            await host.SaveAsync("alert", Text("x")), await host.CallAsync(HttpMethod.Delete, "templates/alert"), await host.CallAsync(HttpMethod.Put, "templates/layout", new JsonObject(), "*"),
            await host.CallAsync(HttpMethod.Delete, "templates/layout"),
        })
        {
            Assert.Equal((409, "locked-setting"), (answer.Status, answer.Slug));
        }

        Assert.Equal(200, (await host.SaveAsync("alert?locale=zh-CN", Text("x"), "\"0\"")).Status);
    }

    [Fact]
    public async Task A_folder_is_read_again_when_it_changes_and_the_last_good_one_stays()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock();
        Write(folder, "alert.en.subject", "One");
        Write(folder, "alert.en.txt", "Text");
        await using var plugin = Plugin.Create();
        var register = new TemplateRegister(new MailPlugin.Storage.Stores.TemplateStore(plugin.Database), new(), new(() => []), clock, plugin.Log.Of<TemplateRegister>());
        using var reader = new TemplateFolder(Plugin.Options(new() { ["Templates:Path"] = folder.Path }), register, clock, plugin.Log.Of<TemplateFolder>());
        await reader.StartAsync(CancellationToken.None);
        Assert.Equal("One", Subject());

        Write(folder, "alert.en.subject", "Two {{title}}");
        await LookAsync("Two {{title}}");
        Write(folder, "alert.en.subject", "Faulty {{#if}}");
        await LookAsync("Two {{title}}");
        Write(folder, "alert.en.subject", "");
        await LookAsync("Two {{title}}");
        Write(folder, "alert.en.subject", "Three");
        await LookAsync("Three");

        // As a mounted volume does it: the folder behind a link is another one.
        using var other = new TempFolder();
        File.WriteAllText(other.Of("new.subject"), "Four");
        File.Delete(folder.Of("alert.en.subject"));
        File.CreateSymbolicLink(folder.Of("alert.en.subject"), other.Of("new.subject"));
        await LookAsync("Four");
        File.Delete(folder.Of("alert.en.subject"));
        File.Delete(folder.Of("alert.en.txt"));
        await LookAsync(BuiltInTemplates.Read().Templates.Single(template => template is { Name: "alert", Locale.Text: "en" }).Text.Subject);
        await reader.StopAsync(CancellationToken.None);

        string Subject() => register.Current.Find("alert")!.BestFor(LocaleTag.Default).Template.Source.Subject;

        async Task LookAsync(string expected)
        {
            await Eventually.SeeAsync(() => Task.FromResult(clock.Timers), timers => timers > 0, "it waits for the next look");
            clock.Advance(TemplateFolder.Look);
            await Eventually.SeeAsync(() => Task.FromResult((Subject(), clock.Timers)), seen => seen.Item1 == expected && seen.Timers > 0, $"the subject is to be {expected}");
        }
    }

    [Fact]
    public async Task A_file_of_which_nothing_can_be_made_neither_stops_the_start_nor_the_looking()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock();
        Write(folder, "alert.en.subject", "One");
        Write(folder, "alert.en.txt", "Text");
        Write(folder, "alert.json", """{ "samples": { "\ud800": {}, "en": { "title": "T" } } }""");
        await using var plugin = Plugin.Create();
        var register = new TemplateRegister(new MailPlugin.Storage.Stores.TemplateStore(plugin.Database), new(), new(() => []), clock, plugin.Log.Of<TemplateRegister>());
        using var reader = new TemplateFolder(Plugin.Options(new() { ["Templates:Path"] = folder.Path }), register, clock, plugin.Log.Of<TemplateFolder>());

        await reader.StartAsync(CancellationToken.None);

        Assert.Equal("One", register.Current.Find("alert")!.BestFor(LocaleTag.Default).Template.Source.Subject);
        await reader.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_layout_that_was_taken_back_stays_so_when_an_older_look_at_the_store_comes_late()
    {
        await using var plugin = Plugin.Create();
        var store = new LateStore(new MailPlugin.Storage.Stores.TemplateStore(plugin.Database));
        var register = new TemplateRegister(store, new(), new(() => []), plugin.Clock, plugin.Log.Of<TemplateRegister>());
        await register.SaveLayoutAsync(new() { BrandName = "Ours" }, 0, TemplateAct.Saved, "key:ops", CancellationToken.None);
        store.Late = await store.LoadAsync(CancellationToken.None);
        await register.ResetLayoutAsync(1, "key:ops", CancellationToken.None);

        await register.LoadAsync(CancellationToken.None);

        Assert.Equal((null, 0), (register.Current.Layout.Layout.Source.BrandName, register.Current.Layout.Version));
    }

    /// <summary>Answers what was there before.</summary>
    sealed class LateStore(ITemplateStore inner) : ITemplateStore
    {
        public IReadOnlyList<TemplateVersion>? Late { get; set; }

        public async Task<IReadOnlyList<TemplateVersion>> LoadAsync(CancellationToken cancellationToken) => Late ?? await inner.LoadAsync(cancellationToken);

        public Task<TemplateVersion?> SaveAsync(TemplateVersion version, int basedOn, CancellationToken cancellationToken) => inner.SaveAsync(version, basedOn, cancellationToken);

        public Task<IReadOnlyList<TemplateVersion>> ListAsync(string name, string? locale, int? before, int limit, CancellationToken cancellationToken) =>
            inner.ListAsync(name, locale, before, limit, cancellationToken);

        public Task<TemplateVersion?> FindAsync(string name, int number, CancellationToken cancellationToken) => inner.FindAsync(name, number, cancellationToken);

        public Task<TemplateVersion?> FindBeforeAsync(TemplateVersion version, CancellationToken cancellationToken) => inner.FindBeforeAsync(version, cancellationToken);

        public Task<IReadOnlyList<StoredTemplateOptions>> LoadOptionsAsync(CancellationToken cancellationToken) => inner.LoadOptionsAsync(cancellationToken);

        public Task<bool> SaveOptionsAsync(StoredTemplateOptions options, int basedOn, CancellationToken cancellationToken) => inner.SaveOptionsAsync(options, basedOn, cancellationToken);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_stops_the_start_and_names_itself()
    {
        var fault = await Assert.ThrowsAsync<InvalidOptionException>(() => PluginHost.StartAsync(new() { ["Templates:Path"] = "/nowhere/at/all" }));

        Assert.Equal("MailPlugin:Templates:Path must be a folder that is there", fault.Message);
    }

    [Fact]
    public void Files_that_say_nothing_are_told_and_left()
    {
        var set = TemplateFiles.Read(
        [
            ("readme.txt", "x"), ("a.b.c.html", "x"), ("Alert.en.html", "x"), ("alert.e.html", "x"), ("only.en.html", "x"), ("bad.json", "{"), ("typo.json", "{ \"titel\": {} }"), ("layout.en.html", "x"),
            ("good.en.subject", "s"), ("good.en.html", "x"), ("layout.json", "{ \"color\": \"red\" }"),
        ]);

        Assert.Equal(["good"], set.Templates.Select(template => template.Name));
        Assert.Equal([("only", "en")], set.Unusable);
        Assert.Equal(9, set.Faults.Count);
    }

    static void Write(TempFolder folder, string name, string text) => File.WriteAllText(folder.Of(name), text);

    static async Task<(string?, string?, string?)> LayoutAsync(PluginHost host)
    {
        var layout = await host.ReadAsync("templates/layout");
        return (layout["brandName"], layout["color"], layout["locked"]);
    }

    sealed class Source(params MailTemplate[] templates) : IMailTemplateSource
    {
        public IEnumerable<MailTemplate> Templates => templates;
    }

    sealed class FailingSource : IMailTemplateSource
    {
        public IEnumerable<MailTemplate> Templates => throw new InvalidOperationException("it broke");
    }
}
