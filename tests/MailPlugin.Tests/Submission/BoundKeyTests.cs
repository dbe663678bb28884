using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Submission;

public sealed class BoundKeyTests
{
    [Fact]
    public async Task A_key_that_is_bound_to_addresses_speaks_for_them_alone_wherever_a_message_names_its_sender()
    {
        await using var host = await PluginHost.StartAsync();
        var key = (await host.PostAsync("keys", new JsonObject { ["name"] = "bound", ["scopes"] = new JsonArray("send"), ["from"] = new JsonArray("own@example.com") }))["key"];

        Assert.Equal(202, (await host.PostAsync("messages", Message("own@example.com", "Own@example.com", "own@example.com"), key)).Status);
        Assert.Equal(202, (await host.PostAsync("messages", Message("own@example.com", null, ""), key)).Status);
        var refused = await host.PostAsync("messages", Message("ceo@example.com", "ceo@example.com", "ceo@example.com"), key);

        Assert.Equal((400, "invalid-message"), (refused.Status, refused.Slug));
        Assert.Equal(["envelopeFrom", "from.address", "sender.address"], refused.ErrorPaths.Order());
    }

    static JsonObject Message(string from, string? sender, string? envelopeFrom) => new()
    {
        ["from"] = new JsonObject { ["address"] = from },
        ["sender"] = sender is null ? null : new JsonObject { ["address"] = sender },
        ["envelopeFrom"] = envelopeFrom,
        ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }),
        ["subject"] = "Hi",
        ["text"] = "Hi",
    };
}
