using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>What a caller does with a host whose store is in trouble.</summary>
internal static class Outbox
{
    public static JsonObject Message(string subject, int length = 100) => new()
    {
        ["from"] = new JsonObject { ["address"] = "sender@test.example" },
        ["to"] = new JsonArray(new JsonObject { ["address"] = "reader@test.example" }),
        ["subject"] = subject,
        ["text"] = new string('m', length),
    };

    public static Task<Answer> SubmitAsync(this MailHost host, string subject, int length = 100) => host.PostAsync("messages", Message(subject, length));

    /// <summary>Submits until it is accepted; every answer before must be 503.</summary>
    public static Task<Answer> SubmitUntilAcceptedAsync(this MailHost host, string subject) => Eventually.SeeAsync(
        async () =>
        {
            var answer = await host.SubmitAsync(subject);
            Assert.True(answer.Status is 202 or 503, answer.Text);
            return answer;
        },
        answer => answer.Status == 202,
        answer => $"the service does not resume: {answer.Text}\n{host.Process.Output}");

    /// <summary>Sends everything to the sink.</summary>
    public static async Task DeliverToAsync(this MailHost host, CountingSink sink)
    {
        var saved = await host.SaveAsync(Drafts.With(Drafts.Smtp(sink.Port, smtp => smtp["security"] = "none", host: "127.0.0.1")));
        Assert.True(saved.Status == 200, saved.Text);
    }

    /// <summary>Waits until health says the word. The monitor's question: no key.</summary>
    public static async Task UntilHealthIsAsync(this MailHost host, string word, int status)
    {
        var seen = await Eventually.SeeAsync(
            () => host.SendAsync(HttpMethod.Get, "health", null, request => request.Headers.Authorization = null),
            answer => answer["status"] == word,
            answer => $"health is {answer.Text} and not {word}\n{host.Process.Output}");
        Assert.Equal(status, seen.Status);
    }

    public static Task UntilStatusIsAsync(this MailHost host, string? id, string status) =>
        Eventually.SeeAsync(() => host.GetAsync($"messages/{id}"), answer => answer["status"] == status, $"message {id} is to be {status}");

    public static Task UntilDeliveredAsync(this CountingSink sink, params string[] messageIds) => Eventually.SeeAsync(
        () => Task.FromResult(Array.TrueForAll(messageIds, sink.Messages.ContainsKey)),
        () => $"delivery of {string.Join(", ", messageIds.Where(id => !sink.Messages.ContainsKey(id)))}");

    /// <summary>Whether nothing waits any more.</summary>
    public static async Task<bool> IsEmptyAsync(this MailHost host) => (await host.GetAsync("stats")).Json["byStatus"] is JsonObject states
        && new[] { "queued", "sending", "deferred" }.All(state => (states[state] as JsonValue)?.GetValue<long>() is null or 0);

    /// <summary>An answer that turns a caller away for now: with this slug, and when to come back.</summary>
    public static void ShouldBeTurnedAway(this Answer answer, string slug)
    {
        Assert.True((answer.Status, answer.Slug) == (503, slug), answer.Text);
        Assert.True(answer.RetryAfter > TimeSpan.Zero, "No Retry-After.");
    }
}
