using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Diagnostics.Doctor;
using MailPlugin.Tests.Diagnostics.Logs;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Diagnostics;

/// <summary>
/// A relay that wants to write into the log: its reply has line ends, terminal escapes, letters that turn the direction or that nobody sees, and bytes that are no UTF-8. Sent to by the whole plugin and
/// followed through every place that shows replies: one line stays one line, nothing of it takes effect, and nothing of it is lost.
/// </summary>
public sealed class HostileReplyTests
{
    const string ShownText = @"\u001B[2J\u001B]0;owned\u0007 \u000D\u0009\u0000\u0008 \u202Eturned\u2066 \u2028\u0085\uFEFF \U000E0041 {""level"":""error""}";

    const string ShownBytes = @"\u001B[31m\x9B3\xC7\xEB\xCA\xB9\xFF THE-END";

    /// <summary>One character for each byte, as the relay sends it.</summary>
    static readonly string HostileText = Encoding.Latin1.GetString("\u001b[2J\u001b]0;owned\u0007 \r\t\0\b \u202eturned\u2066 \u2028\u0085\ufeff \U000E0041 {\"level\":\"error\"}"u8);

    /// <summary>No UTF-8.</summary>
    static readonly string HostileBytes = Encoding.Latin1.GetString([.. "\u001b[31m"u8, 0x9B, (byte)'3', 0xC7, 0xEB, 0xCA, 0xB9, 0xFF, .. " THE-END"u8]);

    [Theory]
    [InlineData(RelayStage.Greeting, "554", "5.7.1", "deferred", "greeting")]
    [InlineData(RelayStage.Ehlo, "550", "5.7.1", "deferred", "ehlo")]
    [InlineData(RelayStage.Mail, "550", "5.7.1", "failed", "mail")]
    [InlineData(RelayStage.Rcpt, "550", "5.1.1", "failed", "rcpt")]
    [InlineData(RelayStage.Content, "554", "5.6.0", "failed", null)]
    public async Task A_reply_that_wants_to_write_into_the_log_is_shown_whole_and_harmless_wherever_it_is_seen(RelayStage stage, string code, string enhanced, string status, string? step)
    {
        await using var relay = new HostileRelay(new(stage, RelayAct.Reply, $"{code}-{enhanced} {HostileText}\n{code} {enhanced} {HostileBytes}"));
        await using var host = await PluginHost.StartAsync();
        var shown = $"{code} {enhanced} {ShownText} {enhanced} {ShownBytes}";
        await SaveAsync(host, relay.Port);
        using var tail = await EventReader.OpenAsync(host, "?q=THE-END");
        await SubmitAsync(host);
        var message = await DeliveredAsync(host, status);

        // The message, its recipient and its attempt.
        Assert.EndsWith(shown, message.Json["attempts"]![0]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith(shown, message.Json["recipients"]![0]!["reply"]!.GetValue<string>(), StringComparison.Ordinal);
        IsHarmlessJson(message.Text);

        // The transcript, as JSON and as text.
        var id = message.Json["attempts"]![0]!["transcriptId"]!.GetValue<string>();
        var transcript = await host.GetAsync($"transcripts/{id}");
        var said = transcript.Json["lines"]!.AsArray().Where(line => line!["from"]!.GetValue<string>() == "server").Select(line => line!["text"]!.GetValue<string>()).ToList();
        Assert.Contains($"{code}-{enhanced} {ShownText}", said);
        Assert.Contains($"{code} {enhanced} {ShownBytes}", said);
        IsHarmlessJson(transcript.Text);
        var text = await host.SendAsync(HttpMethod.Get, $"transcripts/{id}", null, host.Key, request => request.Headers.Accept.ParseAdd("text/plain"));
        IsHarmless(text.Text.Replace("\n", "", StringComparison.Ordinal));
        var lined = transcript.Json["lines"]!.AsArray().Select(line => line!["text"]!.GetValue<string>()).ToList();
        Assert.Equal(lined, text.Text.Split('\n').Take(lined.Count).Select(line => line[3..]));
        Assert.Contains($"S: {code} {enhanced} {ShownBytes}", text.Text.Split('\n'));

        // The log: list, tail, file and host.
        var listed = await host.GetAsync("logs?q=THE-END");
        var entry = Assert.Single(listed.Json["items"]!.AsArray())!;
        Assert.Contains(shown, entry["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(message["id"], entry["messageId"]!.GetValue<string>());
        IsHarmlessJson(listed.Text);
        var followed = (await tail.NextAsync())!;
        Assert.Equal(entry["message"]!.GetValue<string>(), followed.Message);
        IsHarmlessJson(followed.Data);
        var lines = LinesOfTheLog(host.Data);
        Assert.Single(lines, line => line.Contains("THE-END", StringComparison.Ordinal));
        Assert.All(lines, IsHarmlessJson);
        Assert.Contains(host.Log.Entries, one => one.Text.Contains(shown, StringComparison.Ordinal));

        // Test, diagnosis and the list of replies that nobody knows.
        var test = await host.PostAsync("test", new JsonObject());
        Assert.Equal((424, shown), (test.Status, test["reply"]));
        IsHarmlessJson(test.Text);
        var diagnosis = (await host.PostAsync("diagnose", new JsonObject())).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(diagnosis, IsHarmlessJson);
        Assert.Equal(step is not null, diagnosis.Select(line => JsonNode.Parse(line)!).Any(line =>
            line["step"]!.GetValue<string>() == step && line["detail"]!.GetValue<string>().Contains(shown, StringComparison.Ordinal)));
        IsHarmlessJson((await host.GetAsync("knowledge/unmatched")).Text);
    }

    [Theory]
    [InlineData(RelayAct.Flood)]
    [InlineData(RelayAct.Garbage)]
    public async Task A_line_without_end_and_a_line_that_is_no_reply_cost_a_line_of_the_log_and_no_message(RelayAct act)
    {
        await using var relay = new HostileRelay(new(RelayStage.Mail, act));
        await using var host = await PluginHost.StartAsync();
        await SaveAsync(host, relay.Port);
        await SubmitAsync(host);

        var message = await DeliveredAsync(host, "deferred");

        Assert.InRange(message.Text.Length, 1, 20_000);
        IsHarmlessJson(message.Text);
        var transcript = await host.GetAsync($"transcripts/{message.Json["attempts"]![0]!["transcriptId"]}");
        Assert.InRange(transcript.Text.Length, 1, 20_000);
        IsHarmlessJson(transcript.Text);
        Assert.All(LinesOfTheLog(host.Data), line =>
        {
            Assert.InRange(line.Length, 1, 20_000);
            IsHarmlessJson(line);
        });

        // It was kept, and leaves when the relay behaves.
        relay.Trick = null;
        Assert.InRange((await host.SendAsync(HttpMethod.Post, "transports/primary/resume", null, host.Key)).Status, 200, 204);
        await host.SendAsync(HttpMethod.Post, $"messages/{message["id"]}/retry", null, host.Key);
        await DeliveredAsync(host, "sent");
        Assert.Single(relay.Contents);
    }

    static async Task SaveAsync(PluginHost host, int port)
    {
        Assert.Equal(200, (await host.PutAsync("debug", new JsonObject { ["enabled"] = true, ["minutes"] = 30, ["content"] = "none" })).Status);
        var saved = await host.SaveAsync(Drill.Draft(port));
        Assert.True(saved.Status == 200, saved.Text);
    }

    static async Task SubmitAsync(PluginHost host)
    {
        var sent = await host.PostAsync("messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = "you@test.example" }), ["subject"] = "Hi", ["text"] = "Hello" });
        Assert.True(sent.Status == 202, sent.Text);
    }

    static async Task<Answer> DeliveredAsync(PluginHost host, string status)
    {
        var list = await Eventually.SeeAsync(
            () => host.GetAsync("messages"), answer => answer.Json["items"]!.AsArray() is [{ } only] && only["status"]!.GetValue<string>() == status, $"the message {status}");
        return await host.GetAsync($"messages/{list.Json["items"]![0]!["id"]}");
    }

    static List<string> LinesOfTheLog(string data) => [.. Directory.GetFiles(Path.Combine(data, "logs")).SelectMany(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    })];

    static void IsHarmless(string text) => Assert.DoesNotContain(text.EnumerateRunes(), IsHarmful);

    /// <summary>Neither as it stands nor in the strings that it stands for.</summary>
    static void IsHarmlessJson(string text)
    {
        IsHarmless(text);
        Assert.All(Strings(JsonNode.Parse(text)!), IsHarmless);
    }

    static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune == Rune.ReplacementChar;

    static IEnumerable<string> Strings(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is null ? [member.Key] : Strings(member.Value).Prepend(member.Key)),
        JsonArray items => items.OfType<JsonNode>().SelectMany(Strings),
        _ => node.GetValueKind() == JsonValueKind.String ? [node.GetValue<string>()] : [],
    };
}
