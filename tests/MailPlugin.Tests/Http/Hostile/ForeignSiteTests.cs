using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http.Hostile;

/// <summary>What another site can make a browser do that is signed in here: send its cookie, frame an answer, choose a cookie before the sign-in.</summary>
public sealed class ForeignSiteTests : IAsyncLifetime
{
    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task No_route_changes_anything_for_a_cookie_without_its_token()
    {
        var (own, other) = (await _host.SignInAsync(), await _host.SignInAsync());
        var changing = (await RouteTable.OfAsync(_host)).Where(route => route.Changes && route.Pattern != "session").Append(new(HttpMethod.Delete, "session")).ToList();
        Assert.True(changing.Count > 25, $"{changing.Count}");
        foreach (var route in changing)
        {
            foreach (var token in new[] { null, "", other.CsrfToken })
            {
                foreach (var type in new[] { "application/json", "text/plain", "application/x-www-form-urlencoded" })
                {
                    var answer = await _host.SendAsync(route.Method, route.With("x"), prepare: request =>
                    {
                        own.On(request);
                        request.Headers.TryAddWithoutValidation("X-CSRF-Token", token);
                        request.Headers.TryAddWithoutValidation("Origin", "https://evil.example");
                        request.Content = new StringContent("{}", null, type);
                    });
                    Assert.True((answer.Status, answer.Slug) == (403, "csrf-invalid"), $"{route} as {type}: {answer.Status} {answer.Text}");
                }
            }
        }

        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, "session", prepare: own.On)).Status);
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override")]
    [InlineData("X-HTTP-Method")]
    [InlineData("X-Method-Override")]
    public async Task No_header_turns_a_reading_request_into_a_changing_one(string header)
    {
        var own = await _host.SignInAsync();

        var answer = await _host.SendAsync(HttpMethod.Get, "session?_method=DELETE", prepare: request =>
        {
            own.On(request);
            request.Headers.TryAddWithoutValidation(header, "DELETE");
        });

        Assert.Equal(200, answer.Status);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, "session", prepare: own.On)).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_form_of_another_site_signs_nobody_in(string type)
    {
        var answer = await _host.SendAsync(HttpMethod.Post, "session", prepare: request =>
        {
            request.Content = new StringContent(new JsonObject { ["key"] = _host.Key }.ToJsonString());
            request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        });

        Assert.Equal((415, null), (answer.Status, answer.Header("Set-Cookie")));
    }

    [Fact]
    public async Task Nobody_is_told_that_another_origin_may_read()
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
        {
            var answer = await _host.SendAsync(method, "session", null, _host.Key, request =>
            {
                request.Headers.Add("Origin", "https://evil.example");
                request.Headers.Add("Access-Control-Request-Method", "DELETE");
            });
            Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task A_cookie_that_was_there_before_the_sign_in_is_not_the_one_after_it()
    {
        const string Chosen = "mailplugin=chosen-by-somebody-else";
        var known = await _host.SignInAsync();
        foreach (var before in new[] { Chosen, known.Cookie })
        {
            var answer = await _host.SendAsync(
                HttpMethod.Post, "session", new JsonObject { ["key"] = _host.Key }, prepare: request =>
                {
                    request.Headers.Add("Cookie", before);
                    request.Headers.Add("X-CSRF-Token", known.CsrfToken);
                });
            Assert.Equal(204, answer.Status);
            var after = answer.Header("Set-Cookie")!.Split(';')[0];
            Assert.NotEqual(before, after);
            var session = await _host.SendAsync(HttpMethod.Get, "session", prepare: request => request.Headers.Add("Cookie", after));
            Assert.Equal(200, session.Status);
            Assert.NotEqual(known.CsrfToken, session["csrfToken"]);
        }

        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, "session", prepare: request => request.Headers.Add("Cookie", Chosen))).Status);
        var token = known.Cookie.Split('=', 2)[1];
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, $"session?mailplugin={token}&key={_host.Key}&access_token={_host.Key}")).Status);
    }

    [Fact]
    public async Task No_answer_of_page_or_API_may_be_framed_by_another_site()
    {
        var routes = (await RouteTable.OfAsync(_host)).Select(route => (route.Method, Path: $"/api/mail/{route.With("x")}"))
            .Concat(new[] { "", "/", "/index.html", "/config.json", "/nothing", "/js/" }.Select(path => (Method: HttpMethod.Get, Path: $"/mail{path}")))
            .Append((HttpMethod.Get, "/api/mail/nothing")).Append((HttpMethod.Patch, "/api/mail/settings"));
        foreach (var (method, path) in routes)
        {
            foreach (var key in new[] { null, _host.Key })
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Authorization = key is null ? null : new("Bearer", key);
                using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
                Assert.True(policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal), $"{method} {path}: {policy}");
                Assert.True(response.Headers.GetValues("X-Content-Type-Options").Single() == "nosniff", path);
                Assert.True(response.Headers.GetValues("Referrer-Policy").Single() == "no-referrer", path);
            }
        }
    }
}
