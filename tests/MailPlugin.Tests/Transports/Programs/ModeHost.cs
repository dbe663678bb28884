using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>The whole plugin with transports of any mode, for tests that submit mail and look where it went.</summary>
internal sealed class ModeHost : IAsyncDisposable
{
    ModeHost(PluginHost host) => Host = host;

    public PluginHost Host { get; }

    /// <summary>Starts it with these transports, each <c>(mode, block)</c>; their ids are <c>t1</c>, <c>t2</c> and so on.</summary>
    public static async Task<ModeHost> StartAsync(params (string Mode, JsonObject Block)[] transports)
    {
        var host = new ModeHost(await PluginHost.StartAsync());
        var saved = await host.SaveAsync(transports);
        Assert.True(saved.Status == 200, saved.Text);
        return host;
    }

    public static (string, JsonObject) Sendmail(string path, string style = "pipe", int timeoutSeconds = 30) =>
        ("sendmail", new() { ["path"] = path, ["style"] = style, ["timeoutSeconds"] = timeoutSeconds });

    public static (string, JsonObject) Qmail(string path) => ("qmail", new() { ["path"] = path });

    public static (string, JsonObject) Smtp(int port) => ("smtp", new() { ["host"] = "127.0.0.1", ["port"] = port, ["security"] = "none" });

    public Task<Answer> SaveAsync(params (string Mode, JsonObject Block)[] transports) => Host.SaveAsync(Settings(transports));

    public static JsonObject Settings(params (string Mode, JsonObject Block)[] transports) => new()
    {
        ["from"] = new JsonObject { ["address"] = "sender@sender.example" },
        ["adminAddress"] = "admin@reader.example",
        ["transports"] = new JsonArray([.. transports.Select((transport, index) => new JsonObject { ["id"] = $"t{index + 1}", ["mode"] = transport.Mode, [transport.Mode] = transport.Block.DeepClone() })]),
    };

    /// <summary>Sends the test mail and holds the answer to its description.</summary>
    public async Task<Answer> TestAsync(string? to = null, string? transport = null)
    {
        var answer = await Host.PostAsync("test", new JsonObject { ["to"] = to, ["transport"] = transport });
        TheDocument.Answers.Check("POST", "/test", answer.Status, answer.Text);
        return answer;
    }

    public async Task<string> SubmitAsync(JsonObject message)
    {
        var answer = await Host.PostAsync("messages", message);
        Assert.True(answer.Status == 202, answer.Text);
        return answer["id"]!;
    }

    public static JsonObject Message(params string[] to) => new()
    {
        ["to"] = new JsonArray([.. to.Select(address => new JsonObject { ["address"] = address })]),
        ["subject"] = "Grüße",
        ["text"] = "first\n.\n..two\nlast\n",
    };

    /// <summary>Waits until a message has come to this, and gives it.</summary>
    public async Task<JsonObject> WaitAsync(string id, params string[] status) =>
        (await Eventually.SeeAsync(() => Host.GetAsync($"messages/{id}"), answer => status.Contains(answer["status"]), $"message {id} is to be {string.Join(" or ", status)}")).Json;

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
