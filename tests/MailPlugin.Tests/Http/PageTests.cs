using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

public sealed class PageTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    readonly PluginHost _host = shared.Host;

    [Fact]
    public async Task Every_file_of_the_page_is_served_under_a_strict_policy()
    {
        var folder = Path.Combine(Repository.Root, "wwwroot", "mail");
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Where(file => file != "config.json").Append(""))
        {
            var answer = await _host.SendAsync(HttpMethod.Get, $"/mail/{file}");

            Assert.Equal(200, answer.Status);
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, file.Length == 0 ? "index.html" : file)), answer.Text);
            var policy = answer.Header("Content-Security-Policy")!;
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        }
    }

    [Fact]
    public async Task The_page_is_told_where_the_API_is()
    {
        Assert.Equal("""{"api":"../api/mail"}""", (await _host.SendAsync(HttpMethod.Get, "/mail/config.json")).Text);
        await using var other = await PluginHost.StartAsync(new() { ["BasePath"] = "/tools/mail/v1", ["PagePath"] = "/tools/mail/page" });
        Assert.Equal("""{"api":"../v1"}""", (await other.SendAsync(HttpMethod.Get, "/tools/mail/page/config.json")).Text);
        Assert.Equal(200, (await other.SendAsync(HttpMethod.Get, "/tools/mail/v1/health")).Status);
        Assert.Equal("the host's own", (await other.SendAsync(HttpMethod.Get, "/mail/")).Text);
        Assert.Equal("/tools/mail/v1/problems/not-found", (await other.SendAsync(HttpMethod.Get, "/tools/mail/v1/x"))["type"]);
    }

    [Fact]
    public async Task Without_the_slash_it_is_redirected_by_a_relative_path()
    {
        var answer = await _host.SendAsync(HttpMethod.Get, "/mail?lang=zh");

        Assert.Equal((308, "mail/?lang=zh"), (answer.Status, answer.Header("Location")));
    }

    [Fact]
    public async Task A_page_path_beyond_ASCII_is_redirected_as_well()
    {
        await using var other = await PluginHost.StartAsync(new() { ["PagePath"] = "/почта" });
        var answer = await other.SendAsync(HttpMethod.Get, "/" + Uri.EscapeDataString("почта"));

        Assert.Equal((308, Uri.EscapeDataString("почта") + "/"), (answer.Status, answer.Header("Location")));
        Assert.Equal(200, (await other.SendAsync(HttpMethod.Get, $"/{Uri.EscapeDataString("почта")}/")).Status);
    }

    [Theory]
    [InlineData("/mail/../plugin.json")]
    [InlineData("/mail/../../plugin.json")]
    [InlineData("/mail/..%2f..%2fplugin.json")]
    [InlineData("/mail/..%2F..%2Fplugin.json")]
    [InlineData("/mail/%2e%2e/%2e%2e/plugin.json")]
    [InlineData("/mail/%2e%2e%2f%2e%2e%2fplugin.json")]
    [InlineData("/mail/..%252f..%252fplugin.json")]
    [InlineData("/mail/..\\..\\plugin.json")]
    [InlineData("/mail/..%5c..%5cplugin.json")]
    [InlineData("/mail/js/../../../plugin.json")]
    [InlineData("/mail/js/..%2f..%2f..%2fplugin.json")]
    [InlineData("/mail/....//....//plugin.json")]
    [InlineData("/mail/..;/..;/plugin.json")]
    [InlineData("/mail/%c0%ae%c0%ae/%c0%ae%c0%ae/plugin.json")]
    [InlineData("/mail//etc/passwd")]
    [InlineData("/mail/%2fetc%2fpasswd")]
    [InlineData("/mail/plugin.json%00.js")]
    [InlineData("/mail/js")]
    [InlineData("/mail/js/")]
    [InlineData("/mail/.git/config")]
    [InlineData("/mail/unknown.js")]
    public async Task Nothing_else_is_served(string path)
    {
        var answer = await RawHttp.SendAsync(_host.Client.BaseAddress!, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.DoesNotContain("entryType", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("[core]", answer, StringComparison.Ordinal);
        Assert.True(answer.StartsWith("HTTP/1.1 40", StringComparison.Ordinal) || answer.Contains("the host's own", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task HEAD_is_answered_and_what_changes_something_is_not()
    {
        Assert.Equal((200, ""), await _host.SendAsync(HttpMethod.Head, "/mail/") is var head ? (head.Status, head.Text) : default);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Post, "/mail/index.html")).Status);
    }
}
