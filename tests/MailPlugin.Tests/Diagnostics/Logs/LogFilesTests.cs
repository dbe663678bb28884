using System.Text;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;

namespace MailPlugin.Tests.Diagnostics.Logs;

/// <summary><c>GET /logs/files</c> and what it names.</summary>
public sealed class LogFilesTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    readonly PluginHost _host = shared.Host;

    [Fact]
    public async Task The_list_names_each_file_with_size_and_times_and_each_can_be_saved()
    {
        var list = await _host.GetAsync("logs/files").AsAsync("GET", "logs/files", 200);
        var file = list.Json["items"]!.AsArray().First(item => item!["beginsAt"] is not null)!;
        var saved = await _host.GetAsync($"logs/files/{file["name"]}");

        Assert.Equal((200, "application/x-ndjson"), (saved.Status, saved.MediaType));
        Assert.Contains($"filename={file["name"]}", saved.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.StartsWith("attachment", saved.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.True(saved.Text.Length >= file["size"]!.GetValue<long>());
        Assert.All(saved.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => TheDocument.Answers.CheckLine("GET", "/logs/files/x", line));
    }

    [Fact]
    public async Task A_part_of_a_file_can_be_asked_for()
    {
        Put("mail-20010101.log", "0123456789");

        var part = await _host.SendAsync(HttpMethod.Get, "logs/files/mail-20010101.log", key: _host.Key, prepare: request => request.Headers.Range = new(3, 5));
        var rest = await _host.SendAsync(HttpMethod.Get, "logs/files/mail-20010101.log", key: _host.Key, prepare: request => request.Headers.Range = new(null, 2));
        var beyond = await _host.SendAsync(HttpMethod.Get, "logs/files/mail-20010101.log", key: _host.Key, prepare: request => request.Headers.Range = new(50, 60));

        Assert.Equal((206, "345", "bytes 3-5/10"), (part.Status, part.Text, part.Header("Content-Range")));
        Assert.Equal((206, "89"), (rest.Status, rest.Text));
        Assert.Equal((416, ""), (beyond.Status, beyond.Text));
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_saved_is_as_long_as_the_answer_said()
    {
        // More than the connection holds, so that the answer is under way when the file grows.
        var path = Put("mail-20010102.log", new string('x', 30_000_000));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/mail/logs/files/mail-20010102.log");
        request.Headers.Authorization = new("Bearer", _host.Key);
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await File.AppendAllTextAsync(path, new string('y', 100_000));
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(30_000_000, response.Content.Headers.ContentLength);
        Assert.Equal(30_000_000, bytes.Length);
        Assert.DoesNotContain((byte)'y', bytes);
    }

    [Theory]
    [InlineData("mail-20010199.log")]
    [InlineData("..%2Fadmin-key.txt")]
    [InlineData("..%2F..%2Fadmin-key.txt")]
    [InlineData("%2e%2e%2fadmin-key.txt")]
    [InlineData("..%5Cadmin-key.txt")]
    [InlineData("mail-%2A.log")]
    [InlineData("mail-x%2F..%2Fmail-20010103.log")]
    [InlineData("notes.txt")]
    [InlineData("mail-link.log")]
    [InlineData("MAIL-20010103.LOG")]
    public async Task Only_what_the_list_names_is_given(string name)
    {
        Put("mail-20010103.log", "here");
        Put("notes.txt", "not the log's");
        var link = Path.Combine(_host.Data, "logs", "mail-link.log");
        if (!File.Exists(link))
        {
            File.CreateSymbolicLink(link, _host.AdminKeyFile);
        }

        await _host.GetAsync($"logs/files/{name}").AsAsync("GET", "logs/files/x", 404);
        Assert.DoesNotContain("mail-link.log", (await _host.GetAsync("logs/files")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_comes_in_pages()
    {
        Put("mail-20010104.log", "");
        Put("mail-20010105.log", "");
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _host.GetAsync($"logs/files?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}").AsAsync("GET", "logs/files", 200);
            names.AddRange(page.Json["items"]!.AsArray().Select(item => item!["name"]!.ToString()));
            cursor = page["next"];
        }
        while (cursor is not null);

        Assert.Contains("mail-20010104.log", names);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Equal((400, "invalid-cursor"), await StatusAndSlug("logs/files?cursor=x"));
    }

    async Task<(int, string?)> StatusAndSlug(string path) => (await _host.GetAsync(path)) is var answer ? (answer.Status, answer.Slug) : default;

    string Put(string name, string text)
    {
        var path = Path.Combine(_host.Data, "logs", name);
        File.WriteAllText(path, text, Encoding.ASCII);
        return path;
    }
}
