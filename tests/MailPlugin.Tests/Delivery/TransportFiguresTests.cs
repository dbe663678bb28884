using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Delivery;

public sealed class TransportFiguresTests
{
    [Fact]
    public async Task A_transport_that_is_resumed_answers_with_the_figures_of_the_list()
    {
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Bodies.Smtp(smtp => (smtp["host"], smtp["port"], smtp["username"], smtp["password"]) = ("127.0.0.1", 1, null, null)));
        Assert.Equal(200, (await host.PutAsync("delivery", new JsonObject { ["paused"] = true })).Status);
        var sent = await host.PostAsync("messages", new JsonObject
        {
            ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }),
            ["subject"] = "s",
            ["text"] = "t",
            ["transport"] = "primary",
        });
        Assert.True(sent.Status == 202, sent.Text);

        var listed = (await host.GetAsync("transports")).Json["items"]![0]!;
        var resumed = await host.SendAsync(HttpMethod.Post, "transports/primary/resume", null, host.Key);
        Assert.Equal(1, listed["waiting"]!.GetValue<int>());
        Assert.Equal(1, resumed.Json["waiting"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_transcript_says_how_it_ended_in_the_words_of_the_api()
    {
        await using var host = await PluginHost.StartAsync();
        await host.SaveAsync(Bodies.Smtp(smtp => (smtp["host"], smtp["port"], smtp["username"], smtp["password"]) = ("127.0.0.1", 1, null, null)));
        Assert.Equal(424, (await host.PostAsync("test", new JsonObject())).Status);
        Assert.Equal("connect: connectionRefused", (await host.GetAsync("transcripts")).Json["items"]![0]!["outcome"]!.GetValue<string>());
    }
}
