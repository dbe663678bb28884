using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>One host with a hostile relay for each case, each behind a transport of its own, and one relay that behaves. The first message for each is submitted at once.</summary>
public abstract class HostileRelays : IAsyncLifetime
{
    internal const string Good = "good";
    readonly Dictionary<string, RelayCase> _cases;
    readonly Dictionary<string, HostileRelay> _relays;
    readonly Dictionary<string, (string Id, string MessageId)> _messages = [];

    private protected HostileRelays(IEnumerable<RelayCase> cases)
    {
        _cases = cases.ToDictionary(one => one.Name, StringComparer.Ordinal);
        _relays = _cases.ToDictionary(one => one.Key, one => new HostileRelay(one.Value.Trick), StringComparer.Ordinal);
        _relays[Good] = new();
    }

    internal MailHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // What is deferred stays so until a test asks for the next attempt.
        Host = await MailHost.StartAsync("--MailPlugin:Retry:First=3600", "--MailPlugin:Retry:Unreachable=3600", "--MailPlugin:Retry:Greylisted=3600");
        var transports = _relays.Select(relay => Drafts.Smtp(
            relay.Value.Port,
            smtp => (smtp["security"], smtp["timeoutSeconds"], smtp["finalReplyTimeoutSeconds"], smtp["maxSessions"]) = ("none", Timeout(relay.Key), Timeout(relay.Key), 1),
            relay.Key,
            "127.0.0.1"));
        var saved = await Host.SaveAsync(Drafts.With([.. transports]));
        Assert.True(saved.Status == 200, saved.Text);
        foreach (var name in _cases.Keys)
        {
            _messages[name] = await SubmitAsync(name);
        }
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        foreach (var relay in _relays.Values)
        {
            await relay.DisposeAsync();
        }
    }

    /// <summary>The whole story of a case: the attempt, what became of the recipient, the sessions, and the way on once the relay behaves.</summary>
    internal async Task TellAsync(string name)
    {
        var (hostile, relay, (id, messageId)) = (_cases[name], _relays[name], _messages[name]);

        var tried = await UntilAsync(id, message => message["attempts"]!.AsArray().Count > 0);
        Assert.Equal(hostile.State, State(tried));
        Assert.Equal(hostile.Outcome, tried["attempts"]![0]!["outcome"]!.GetValue<string>());
        Assert.Equal(hostile.Arrived ? 1 : 0, Times(relay, messageId));

        // Nothing is stuck: no session serves it any more, and others are served.
        await Eventually.SeeAsync(async () => (await TransportAsync(name))["sessions"]!.GetValue<int>() == 0, "the end of its session");
        Assert.InRange(relay.Open, 0, 1);
        var (other, otherMessageId) = await SubmitAsync(Good);
        await UntilAsync(other, message => State(message) == "accepted");
        Assert.Equal(1, Times(_relays[Good], otherMessageId));

        relay.Trick = null;
        Assert.Equal(200, (await Host.SendAsync(HttpMethod.Post, $"transports/{name}/resume", null)).Status);
        var again = await Host.SendAsync(HttpMethod.Post, $"messages/{id}/retry", null);
        if (hostile.State is "accepted")
        {
            Assert.Equal(409, again.Status);
            return;
        }

        Assert.True(again.Status == 200, again.Text);
        await UntilAsync(id, message => State(message) == "accepted");
        Assert.Equal(hostile.Arrived ? 2 : 1, Times(relay, messageId));
    }

    // Only who must wait in vain is given little time: a busy machine is slow to answer too.
    int Timeout(string name) => _cases.TryGetValue(name, out var one) && one.Trick.Act == RelayAct.Stall ? 2 : 30;

    static string State(JsonObject message) => message["recipients"]![0]!["state"]!.GetValue<string>();

    static int Times(HostileRelay relay, string messageId) => relay.Contents.Count(content => content.Contains($"Message-ID: {messageId}\r\n", StringComparison.OrdinalIgnoreCase));

    async Task<(string Id, string MessageId)> SubmitAsync(string transport)
    {
        var answer = await Host.PostAsync("messages", new JsonObject
        {
            ["to"] = new JsonArray(new JsonObject { ["address"] = $"{transport}@reader.example" }),
            ["subject"] = transport,
            ["text"] = "Hello.",
            ["transport"] = transport,
        });
        Assert.True(answer.Status == 202, answer.Text);
        return (answer["id"]!, answer["messageId"]!);
    }

    async Task<JsonObject> TransportAsync(string name) =>
        (await Host.GetAsync("transports")).Json["items"]!.AsArray().Single(item => item!["id"]!.GetValue<string>() == name)!.AsObject();

    Task<JsonObject> UntilAsync(string id, Func<JsonObject, bool> holds) =>
        Eventually.SeeAsync(async () => (await Host.GetAsync($"messages/{id}")).Json, holds, message => message.ToJsonString());
}
