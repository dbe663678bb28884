using System.Diagnostics;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>What a caller does with a host whose store is in trouble.</summary>
internal static class Outbox
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static JsonObject Message(string subject, int length = 100) => new()
    {
        ["from"] = new JsonObject { ["address"] = "sender@test.example" },
        ["to"] = new JsonArray(new JsonObject { ["address"] = "reader@test.example" }),
        ["subject"] = subject,
        ["text"] = new string('m', length),
    };

    public static Task<Answer> SubmitAsync(this MailHost host, string subject, int length = 100) => host.PostAsync("messages", Message(subject, length));

    /// <summary>Submits until it is accepted; every answer before must be 503.</summary>
    public static async Task<Answer> SubmitUntilAcceptedAsync(this MailHost host, string subject)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await host.SubmitAsync(subject);
            if (answer.Status == 202)
            {
                return answer;
            }

            Assert.True(answer.Status == 503, answer.Text);
            Assert.True(clock.Elapsed < Patience, $"The service did not resume: {answer.Text}\n{host.Process.Output}");
            await Task.Delay(100);
        }
    }

    /// <summary>Sends everything to the sink.</summary>
    public static async Task DeliverToAsync(this MailHost host, CountingSink sink)
    {
        var saved = await host.SaveAsync(Drafts.With(Drafts.Smtp(sink.Port, smtp => smtp["security"] = "none", host: "127.0.0.1")));
        Assert.True(saved.Status == 200, saved.Text);
    }

    /// <summary>Waits until health says the word. The monitor's question: no key.</summary>
    public static async Task UntilHealthIsAsync(this MailHost host, string word, int status)
    {
        var clock = Stopwatch.StartNew();
        Answer answer;
        do
        {
            Assert.True(clock.Elapsed < Patience, $"Health did not become {word}.\n{host.Process.Output}");
            await Task.Delay(100);
            answer = await host.SendAsync(HttpMethod.Get, "health", null, request => request.Headers.Authorization = null);
        }
        while (answer["status"] != word);
        Assert.Equal(status, answer.Status);
    }

    public static async Task UntilDeliveredAsync(this CountingSink sink, params string[] messageIds)
    {
        var clock = Stopwatch.StartNew();
        while (!Array.TrueForAll(messageIds, sink.Messages.ContainsKey))
        {
            Assert.True(clock.Elapsed < Patience, $"Not delivered: {string.Join(", ", messageIds.Where(id => !sink.Messages.ContainsKey(id)))}");
            await Task.Delay(25);
        }
    }

    /// <summary>An answer that turns a caller away for now: with this slug, and when to come back.</summary>
    public static void ShouldBeTurnedAway(this Answer answer, string slug)
    {
        Assert.True((answer.Status, answer.Slug) == (503, slug), answer.Text);
        Assert.True(answer.RetryAfter > TimeSpan.Zero, "No Retry-After.");
    }
}
