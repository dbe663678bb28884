using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http.Hostile;

/// <summary>Every path parameter of every route, given what leads out of it on a file system, a proxy or a database.</summary>
public sealed class TraversalTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    readonly PluginHost _host = shared.Host;

    public static TheoryData<string> Ways =>
    [
        "..%2f..%2fplugin.json", "..%2F..%2F..%2Fetc%2Fpasswd", "%2e%2e/%2e%2e/plugin.json", "%2e%2e%2f%2e%2e%2fplugin.json", "..%252f..%252fplugin.json",
        "..%5c..%5cplugin.json", "%2fetc%2fpasswd", "C:%5cWindows%5cwin.ini", "....%2f%2f....%2f%2fplugin.json", "..%c0%af..%c0%afplugin.json", "%c0%ae%c0%ae%2fplugin.json",
        "..;%2f..;%2fplugin.json", "x%00.json", "%00", "..", "%2e%2e", "-1", "0", "%20", "%0d%0aX-Injected:1", "%ff%fe", "%ed%a0%80", "'%20or%201=1--", "%25s%25n", new string('a', 4000),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task No_path_parameter_leads_anywhere_else(string way)
    {
        var outside = Path.GetDirectoryName(_host.Data)!;
        var before = Directory.GetFileSystemEntries(outside).Order().ToList();
        foreach (var route in (await RouteTable.OfAsync(_host)).Where(route => route.HasParameter))
        {
            var answer = await SendAsync(route.Method.Method, $"/api/mail/{route.With(way)}", route.Changes ? "{}" : null);

            var status = answer.Split(' ')[1];
            Assert.True(status[0] == '4' || Leaves(answer) || IsHarmless(route, status), $"{route} with {way[..Math.Min(way.Length, 40)]}: {answer[..Math.Min(answer.Length, 400)]}");
            Assert.DoesNotContain("entryType", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("\nX-Injected", answer, StringComparison.OrdinalIgnoreCase);

            // Without its dots a path below the log is the log itself, which says to the administrator where the data is.
            Assert.True(route.Pattern == "logs/files/{name}" || !answer.Contains(_host.Data, StringComparison.Ordinal), answer);
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(outside).Order());
    }

    /// <summary>The server takes dots out of a path before anybody routes it: what is then no address of the API is the host's own.</summary>
    static bool Leaves(string answer) => answer.EndsWith("the host's own", StringComparison.Ordinal) || answer.Contains("\nthe host's own", StringComparison.Ordinal);

    /// <summary>Dots alone are taken out too and name the collection, a key in the pattern that is free text may be anything that a name may be.</summary>
    static bool IsHarmless(Mapped route, string status) => status is "200" or "204" && route.Method == HttpMethod.Get && !route.Pattern.StartsWith("problems/", StringComparison.Ordinal);

    Task<string> SendAsync(string method, string path, string? body) => RawHttp.SendAsync(
        _host.Client.BaseAddress!,
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_host.Key}\r\nIf-Match: \"0\"\r\n"
        + (body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n") + $"Connection: close\r\n\r\n{body}");
}
