using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

/// <summary>Lists that are short are paged like the long ones.</summary>
public sealed class ListPagesTests
{
    [Fact]
    public async Task Keys_are_given_page_by_page_newest_first()
    {
        await using var host = await PluginHost.StartAsync();
        for (var i = 0; i < 6; i++)
        {
            await host.NewKeyAsync("send", "read");
        }

        var all = Ids((await host.GetAsync("keys")).Json);
        Assert.Equal(7, all.Count);
        Assert.Equal(all, await PagesAsync(host, "keys"));
        await CheckRefusalsAsync(host, "keys");
    }

    [Fact]
    public async Task Sessions_are_given_page_by_page_newest_first()
    {
        await using var host = await PluginHost.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await host.SignInAsync();
        }

        var all = Ids((await host.GetAsync("sessions")).Json);
        Assert.Equal(5, all.Count);
        Assert.Equal(all, await PagesAsync(host, "sessions"));
        await CheckRefusalsAsync(host, "sessions");
    }

    static async Task<List<string>> PagesAsync(PluginHost host, string list)
    {
        var ids = new List<string>();
        string? next = null;
        do
        {
            var page = (await host.GetAsync($"{list}?limit=2{(next is null ? "" : $"&cursor={next}")}")).Json;
            Assert.InRange(page["items"]!.AsArray().Count, 1, 2);
            ids.AddRange(Ids(page));
            next = page["next"]?.GetValue<string>();
        }
        while (next is not null);
        return ids;
    }

    static async Task CheckRefusalsAsync(PluginHost host, string list)
    {
        Assert.Equal((400, "invalid-request"), ((await host.GetAsync($"{list}?limit=0")).Status, (await host.GetAsync($"{list}?limit=0")).Slug));
        var foreign = (await host.GetAsync("audit?limit=1"))["next"];
        Assert.NotNull(foreign);
        foreach (var cursor in new[] { "nonsense", foreign })
        {
            Assert.Equal("invalid-cursor", (await host.GetAsync($"{list}?cursor={cursor}")).Slug);
        }
    }

    static List<string> Ids(JsonObject page) => [.. page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>())];
}
