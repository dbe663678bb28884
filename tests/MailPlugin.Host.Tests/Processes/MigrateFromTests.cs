using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Faults;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Processes;

/// <summary>The built host with <c>--migrate-from</c>, as an administrator runs it, and what is there before and after.</summary>
public sealed class MigrateFromTests : IDisposable
{
    const int Sent = 20;
    const int Batches = 4;
    const int BatchOf = 600;

    static readonly string Plugins = Path.Combine(Repository.Root, "plugins");

    readonly TempFolder _temp = new();

    string Data => _temp.Of("data");

    [ServerFact(Server.PostgreSql)]
    public async Task A_folder_is_moved_by_a_host_that_is_killed_again_and_again_and_everything_leaves_once_from_the_new_store()
    {
        await using var sink = new CountingSink();
        var key = await FillAsync(sink);
        await using var database = await PostgreSqlServer.StartAsync(durable: true);
        string[] move = [$"--MailPlugin:Store={database.ConnectionString}", "--migrate-from", Data];

        var (deaths, output) = await MoveAsync(move);

        Assert.True(deaths >= 2, $"It was killed {deaths} times.");

        // The second is one that was killed between its last commit and the word that it is through.
        Assert.True(output.Contains("Went on where an earlier move had ended", StringComparison.Ordinal) || output.Contains("nothing was done", StringComparison.Ordinal), output);
        Assert.Contains($"messages: {Sent + (Batches * BatchOf)}", output, StringComparison.Ordinal);
        Assert.True(output.IndexOf("Application started", StringComparison.Ordinal) is var started and >= 0 && started < output.IndexOf("Moving ", StringComparison.Ordinal), output);
        Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
        await IsClosedAsync();
        await LeavesAsync(sink, database.ConnectionString, key);

        // Whoever runs it once more is told that there is nothing to do.
        await using var again = HostProcess.Launch(Plugins, _temp.Of("again"), move);
        Assert.Equal(0, await again.EndAsync());
        Assert.Contains("nothing was done", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_that_cannot_be_made_ends_with_1_and_changes_nothing()
    {
        await using (var first = await HostProcess.StartAsync(Plugins, Data))
        {
            Assert.Equal(0, await first.StopAsync());
        }

        await using (var nowhere = HostProcess.Launch(Plugins, _temp.Of("new"), "--migrate-from", Data))
        {
            Assert.Equal(1, await nowhere.EndAsync());
            Assert.Contains("MailPlugin:Store must name", nowhere.Output, StringComparison.Ordinal);
        }

        using var port = new ClosedPort();
        await using (var closed = HostProcess.Launch(Plugins, _temp.Of("new"), $"--MailPlugin:Store=Host=127.0.0.1;Port={port.Port};Username=nobody", "--migrate-from", Data))
        {
            Assert.Equal(1, await closed.EndAsync());
            Assert.Contains("The move has ended too early", closed.Output, StringComparison.Ordinal);
        }

        await using var host = await MailHost.StartInAsync(Data);
        Assert.Equal(200, (await host.GetAsync("settings")).Status);
    }

    public void Dispose() => _temp.Dispose();

    /// <summary>A host on SQLite that has sent some mail and keeps more, with settings, a template, a suppression and a second key; stopped.</summary>
    async Task<string> FillAsync(CountingSink sink)
    {
        await using var host = await MailHost.StartInAsync(Data);
        await host.DeliverToAsync(sink);
        var template = await host.GetAsync("templates/test?locale=en");
        template = await host.SendAsync(
            HttpMethod.Put, "templates/test?locale=en", new JsonObject { ["subject"] = "Test edited", ["text"] = "Edited." }, request => request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(template.ETag!)));
        Assert.True(template.Status is 200 or 201, template.Text);
        await host.SendAsync(HttpMethod.Put, "suppressions/blocked@test.example", new JsonObject { ["reason"] = "asked for it" });
        var key = (await host.PostAsync("keys", new JsonObject { ["name"] = "second", ["scopes"] = new JsonArray("send", "read") }))["key"]!;
        await SubmitAsync(host, "sent", Sent);
        await UntilAsync(async () => await CountAsync(host, "sent") == Sent, "the mail that is sent before");
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        for (var batch = 0; batch < Batches; batch++)
        {
            await SubmitAsync(host, $"kept {batch}", BatchOf);
        }

        Assert.Equal(0, await host.Process.StopAsync());
        Assert.Equal(Sent, sink.Taken);
        return key;
    }

    /// <summary>Kills it a little later each time, until it says that it is through; then it may end.</summary>
    async Task<(int Deaths, string Output)> MoveAsync(string[] arguments)
    {
        for (var deaths = 0; ; deaths++)
        {
            await using var host = HostProcess.Launch(Plugins, _temp.Of("new"), arguments);
            await host.WaitForOutputAsync("Moving ");
            await Task.Delay(TimeSpan.FromMilliseconds(40 * deaths));
            if (new[] { "All is in", "nothing was done" }.Any(end => host.Output.Contains(end, StringComparison.Ordinal)))
            {
                Assert.True(await host.EndAsync() == 0, host.Output);
                return (deaths, host.Output);
            }

            await host.KillAsync();
        }
    }

    /// <summary>A host that is started on the old folder as before sends nothing, and says why.</summary>
    async Task IsClosedAsync()
    {
        await using var old = await MailHost.StartInAsync(Data);
        await old.UntilHealthIsAsync("unhealthy", 503);
        await old.Process.WaitForOutputAsync("was moved to");
        Assert.Equal(503, (await old.SubmitAsync("too late")).Status);
    }

    async Task LeavesAsync(CountingSink sink, string store, string key)
    {
        await using var host = await MailHost.StartInAsync(Data, $"--MailPlugin:Store={store}");
        Assert.Equal(("true", Batches * BatchOf, Sent), ((await host.GetAsync("delivery"))["paused"], await CountAsync(host, "queued"), await CountAsync(host, "sent")));
        Assert.Equal("Test edited", (await host.GetAsync("templates/test?locale=en"))["subject"]);
        Assert.Equal("blocked@test.example", (await host.GetAsync("suppressions")).Json["items"]![0]!["address"]!.ToString());
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "messages", null, request => request.Headers.Authorization = new("Bearer", key))).Status);

        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false });
        await UntilAsync(async () => await CountAsync(host, "sent") == Sent + (Batches * BatchOf), "the mail that was moved");

        Assert.Equal(
            Enumerable.Range(0, Batches).SelectMany(batch => Subjects($"kept {batch}", BatchOf)).Concat(Subjects("sent", Sent)).Order(StringComparer.Ordinal),
            sink.Messages.Values.Select(message => message.Subject).Order(StringComparer.Ordinal));
        Assert.All(sink.Messages.Values, message => Assert.Equal(1, message.Times));
        Assert.Equal(0, await host.Process.StopAsync());
    }

    static IEnumerable<string> Subjects(string name, int count) => Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));

    static async Task SubmitAsync(MailHost host, string name, int count)
    {
        var answer = await host.PostAsync("messages/batch", new JsonObject { ["messages"] = new JsonArray([.. Subjects(name, count).Select(subject => Outbox.Message(subject, 1_000))]) });
        Assert.True(answer.Status == 200 && answer.Json["results"]!.AsArray().All(result => result!["status"]!.GetValue<int>() == 202), answer.Text);
    }

    static async Task<long> CountAsync(MailHost host, string status) => (await host.GetAsync("stats")).Json["byStatus"]?[status]?.GetValue<long>() ?? 0;

    static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(120), $"{what} did not come.");
            await Task.Delay(50);
        }
    }
}
