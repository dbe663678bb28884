using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

public sealed class DiscoverApiTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    readonly PluginHost _host = shared.Host;

    [Fact]
    public async Task A_suggestion_can_be_saved_as_it_stands()
    {
        var answer = await DiscoverAsync("someone@gmail.com").AsAsync("POST", "settings/discover", 200);
        var smtp = answer.Json["candidates"]![0]!["smtp"]!.DeepClone();

        Assert.Equal(("preset", "smtp.gmail.com", "someone@gmail.com"), (answer.Json["candidates"]![0]!["source"]!.ToString(), smtp["host"]!.ToString(), smtp["username"]!.ToString()));
        var draft = new JsonObject { ["transports"] = new JsonArray(new JsonObject { ["id"] = "a", ["mode"] = "smtp", ["smtp"] = smtp }) };
        await _host.SaveAsync(draft).AsAsync("PUT", "settings", 200);
    }

    [Fact]
    public async Task What_was_not_asked_is_said_and_a_domain_without_names_gets_nothing()
    {
        var answer = await DiscoverAsync("me@nowhere.invalid").AsAsync("POST", "settings/discover", 200);

        Assert.Equal("[]", answer.Json["candidates"]!.ToJsonString());
        Assert.Equal(["SRV _submissions._tcp.nowhere.invalid", "SRV _submission._tcp.nowhere.invalid", "MX nowhere.invalid"], answer.Json["notAsked"]!.AsArray().Select(item => item!.ToString()));
    }

    [Theory]
    [InlineData("""{}""", "address")]
    [InlineData("""{ "address": null }""", "address")]
    [InlineData("""{ "address": "example.com" }""", "address")]
    [InlineData("""{ "address": ["a@example.com"] }""", "address")]
    [InlineData("""{ "address": "a@[127.0.0.1]" }""", "address")]
    [InlineData("""{ "address": "a@example.com\r\nX: y" }""", "address")]
    [InlineData("""{ "address": "a@example.com", "extra": 1 }""", "extra")]
    public async Task What_is_no_address_is_refused(string body, string path) =>
        Assert.Equal([path], (await _host.PostAsync("settings/discover", JsonNode.Parse(body)!).AsAsync("POST", "settings/discover", 400)).ErrorPaths);

    [Fact]
    public async Task Only_administrators_ask() =>
        await _host.PostAsync("settings/discover", new JsonObject { ["address"] = "a@example.com" }, await _host.NewKeyAsync("read", "test")).AsAsync("POST", "settings/discover", 403);

    Task<Answer> DiscoverAsync(string address) => _host.PostAsync("settings/discover", new JsonObject { ["address"] = address });
}
