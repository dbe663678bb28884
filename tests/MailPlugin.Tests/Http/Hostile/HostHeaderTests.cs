using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http.Hostile;

/// <summary>A name that a caller gives the host, in all the places where it can be given, is in no answer: neither link, redirect, cookie nor text.</summary>
public sealed class HostHeaderTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    const string Evil = "evil.example";

    readonly PluginHost _host = shared.Host;

    [Fact]
    public async Task No_route_answers_with_the_name_that_the_caller_gave_the_host()
    {
        foreach (var route in await RouteTable.OfAsync(_host))
        {
            foreach (var key in new[] { null, _host.Key })
            {
                using var request = Request(route.Method, $"/api/mail/{route.With("x")}");
                request.Headers.Authorization = key is null ? null : new("Bearer", key);
                request.Content = route.Changes ? new StringContent("{}", null, "application/json") : null;
                await IsSilentAsync(request, route.ToString());
            }
        }
    }

    [Theory]
    [InlineData("/mail")]
    [InlineData("/mail/")]
    [InlineData("/mail/config.json")]
    [InlineData("/mail/nothing")]
    [InlineData("/api/mail")]
    [InlineData("/api/mail/")]
    public async Task Neither_does_the_page(string path)
    {
        using var request = Request(HttpMethod.Get, path);
        await IsSilentAsync(request, path);
    }

    [Fact]
    public async Task What_was_made_is_named_by_a_path_alone_and_the_cookie_by_nothing()
    {
        var made = await _host.SendAsync(HttpMethod.Post, "keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("read") }, _host.Key, Forge);
        var signedIn = await _host.SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = _host.Key }, null, Forge);

        Assert.StartsWith("/api/mail/keys/", made.Header("Location"), StringComparison.Ordinal);
        Assert.DoesNotContain("domain", signedIn.Header("Set-Cookie"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Evil, signedIn.Header("Set-Cookie"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET http://evil.example/api/mail/version HTTP/1.1\r\nHost: evil.example\r\n")]
    [InlineData("GET /api/mail/version HTTP/1.1\r\nHost: a\r\nHost: evil.example\r\n")]
    [InlineData("GET /api/mail/version HTTP/1.1\r\nHost: evil.example/x?y\r\n")]
    [InlineData("GET /api/mail/version HTTP/1.1\r\nHost: \r\n evil.example\r\n")]
    [InlineData("GET //evil.example/../mail HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /mail HTTP/1.0\r\n")]
    public async Task A_crooked_host_is_neither_repeated_nor_a_fault_of_ours(string request)
    {
        var answer = await RawHttp.SendAsync(_host.Client.BaseAddress!, $"{request}Connection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Evil, answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("HTTP/1.1 5", answer, StringComparison.Ordinal);
    }

    async Task IsSilentAsync(HttpRequestMessage request, string what)
    {
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var headers = response.Headers.ToString() + response.Content.Headers;
        Assert.False(headers.Contains(Evil, StringComparison.OrdinalIgnoreCase), $"{what}: {headers}");

        // A stream of events has no end to read to.
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.False(text.Contains(Evil, StringComparison.OrdinalIgnoreCase), $"{what}: {text}");
        }
    }

    static HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        Forge(request);
        return request;
    }

    static void Forge(HttpRequestMessage request)
    {
        request.Headers.Host = Evil;
        foreach (var (name, value) in new[] { ("X-Forwarded-Host", Evil), ("X-Forwarded-Prefix", $"//{Evil}"), ("X-Original-Host", Evil), ("X-Original-URL", $"//{Evil}/"), ("Forwarded", $"host={Evil}") })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
