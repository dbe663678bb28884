using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Messages;

public sealed class EraseRecipientTests
{
    [Theory]
    [InlineData("not-an-address")]
    [InlineData("anna@")]
    [InlineData("@example.org")]
    public async Task What_is_no_address_is_not_erased(string address)
    {
        await using var host = await PluginHost.StartAsync();

        var answer = await host.PostAsync($"recipients/{address}/erase", new JsonObject());

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Slug));
        Assert.Equal(["address"], answer.ErrorPaths);
    }

    [Fact]
    public async Task An_erased_recipient_is_in_no_transcript_of_its_own_or_of_a_session_it_shared()
    {
        await using var sink = new CountingSink();
        await using var host = await PluginHost.StartAsync();
        await host.PutAsync("delivery", new JsonObject { ["paused"] = true });
        await host.SaveAsync(Bodies.Smtp(smtp =>
        {
            (smtp["host"], smtp["port"], smtp["security"], smtp["maxSessions"]) = ("127.0.0.1", sink.Port, "none", 1);
            smtp.Remove("username");
            smtp.Remove("password");
        }));
        Assert.Equal(200, (await host.PutAsync("debug", new JsonObject { ["enabled"] = true, ["minutes"] = 5, ["content"] = "full" })).Status);
        foreach (var to in new[] { "first@example.org", "Anna@example.org" })
        {
            Assert.Equal(202, (await host.PostAsync("messages", Message(to))).Status);
        }

        await host.PutAsync("delivery", new JsonObject { ["paused"] = false });
        await Eventually.SeeAsync(async () => await NamingAsync(host, "anna@"), naming => naming > 0, "a transcript names it");
        await Eventually.SeeAsync(async () => await NamingAsync(host, "first@"), naming => naming > 0, "a transcript names the other");

        Assert.Equal("1", (await host.PostAsync("recipients/anna@example.org/erase", new JsonObject()))["count"]);

        Assert.Equal(0, await NamingAsync(host, "anna@"));
        Assert.True(await NamingAsync(host, "first@") > 0, "The others' lines went too.");
    }

    static async Task<int> NamingAsync(PluginHost host, string text)
    {
        var naming = 0;
        foreach (var transcript in (await host.GetAsync("transcripts")).Json["items"]!.AsArray())
        {
            naming += (await host.GetAsync($"transcripts/{transcript!["id"]}")).Text.Contains(text, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return naming;
    }

    static JsonObject Message(string to) => new()
    {
        ["from"] = new JsonObject { ["address"] = "a@example.com" },
        ["to"] = new JsonArray(new JsonObject { ["address"] = to }),
        ["subject"] = "Hi",
        ["text"] = "Hi",
    };
}
