using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;

namespace MailPlugin.Tests.Http.Hostile;

/// <summary>Settings as nobody would write them: another type at every place, text that wants to become something else, preconditions that are none.</summary>
public sealed partial class HostileSettingsTests : IAsyncLifetime
{
    /// <summary>Properties that take what others refuse: more lines than one, a list or one text.</summary>
    static readonly string[] OfManyLines = ["caPem", "clientCertificate"], TextOrList = ["scopes"];

    static readonly string Deep = new string('[', 20) + new string(']', 20);

    static readonly Dictionary<string, string> Texts = new()
    {
        ["a line end"] = "\"a\\r\\nBcc: b@example.com\"",
        ["a line feed"] = "\"a\\nb\"",
        ["NUL"] = "\"a\\u0000b\"",
        ["escape"] = "\"a\\u001b[31mb\"",
        ["a line separator"] = "\"a\\u2028b\"",
        ["half a character"] = "\"a\\ud800b\"",
        ["the other half"] = "\"\\udc00\"",
        ["right to left"] = "\"a\\u202egpj.exe\"",
        ["no width"] = "\"a\\u200b\\ufeffb\"",
        ["markup"] = "\"<script>alert(1)</script>{{x}}'\\\"`$(id)\"",
        ["far too long"] = $"\"{new string('x', 100_000)}\"",
        ["nothing but blanks"] = "\"   \\u00a0 \"",
    };

    PluginHost _host = null!;

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task The_example_is_sound_and_leaves_no_property_out()
    {
        var described = EverySetting.Described(TheDocument.Root, TheDocument.Root.GetProperty("components").GetProperty("schemas").GetProperty("SettingsDraft"))
            .Where(path => !path.Contains(".has", StringComparison.Ordinal)).ToHashSet();
        var places = EverySetting.Places(EverySetting.Draft()).Select(place => Index().Replace(place.Path, "[]")).Where(path => !path.EndsWith(']')).ToHashSet();

        Assert.True(described.Count > 70, $"{described.Count}");
        Assert.Equal(described.Order(StringComparer.Ordinal), places.Order(StringComparer.Ordinal));
        var saved = await PutAsync(EverySetting.Draft().ToJsonString());
        Assert.True(saved.Status == 200, saved.Text);
    }

    [Fact]
    public async Task Another_type_at_any_place_is_refused_by_the_name_of_the_place()
    {
        var places = EverySetting.Places(EverySetting.Draft()).ToList();
        foreach (var (path, node) in places)
        {
            foreach (var raw in WrongFor(path, node))
            {
                var answer = await PutAsync(EverySetting.With(path, raw));

                Assert.True(answer.Status == 400, $"{path}: {raw}: {answer.Status} {answer.Text}");
                TheDocument.Answers.Check("PUT", "/settings", 400, answer.Text);
                Assert.True(answer.ErrorPaths.Contains(Told(path, places)), $"{path}: {raw}: {string.Join(", ", answer.ErrorPaths)}");
            }

            var nothing = await PutAsync(EverySetting.With(path, "null"));
            Assert.True(nothing.Status is 200 or 400 or 422, $"{path}: null: {nothing.Status} {nothing.Text}");
        }
    }

    [Fact]
    public async Task Deeper_than_anybody_nests_is_no_JSON_of_ours()
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var answer = await PutAsync(EverySetting.With("transports[id=primary].smtp.host", string.Concat(Enumerable.Repeat(open, 5_000)) + "1" + string.Concat(Enumerable.Repeat(close, 5_000))));

            Assert.Equal((400, "invalid-json"), (answer.Status, answer.Slug));
        }
    }

    [Fact]
    public async Task Text_that_wants_to_be_more_than_text_is_refused_or_harmless()
    {
        foreach (var (path, _) in EverySetting.Places(EverySetting.Draft()).Where(place => place.Node.GetValueKind() == JsonValueKind.String))
        {
            foreach (var (what, raw) in Texts)
            {
                var answer = await PutAsync(EverySetting.With(path, raw));

                Assert.True(answer.Status is 200 or 400 or 422, $"{path} with {what}: {answer.Status} {answer.Text}");
                if (answer.Status == 200)
                {
                    var stored = EverySetting.Places(answer.Json).Where(place => place.Node.GetValueKind() == JsonValueKind.String && !OfManyLines.Any(name => place.Path.EndsWith(name, StringComparison.Ordinal)));
                    Assert.All(stored, place => Assert.DoesNotContain(place.Node.GetValue<string>(), letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' || char.IsSurrogate(letter)));
                }
            }
        }
    }

    [Fact]
    public async Task Where_a_machine_reads_it_nothing_that_hides_is_taken()
    {
        // Who reads a name is a person; who reads these is a resolver, a relay, a shell's neighbour.
        string[] machines =
        [
            "transports[id=primary].id", "transports[id=primary].smtp.host", "transports[id=primary].smtp.ehloName", "transports[id=primary].smtp.localAddress", "transports[id=primary].smtp.proxy.host",
            "transports[id=token].smtp.oauth.tokenUrl", "dkim[0].domain", "dkim[0].selector", "from.address", "envelopeFrom", "adminAddress", "transports[id=kept].capture.redirectTo",
        ];
        foreach (var path in machines)
        {
            foreach (var what in new[] { "right to left", "no width", "half a character", "markup", "a line end", "NUL" })
            {
                var answer = await PutAsync(EverySetting.With(path, Texts[what]));

                // What has no width is no part of a domain name (UTS 46): it is gone, and what is left can be seen.
                Assert.True(answer.Status == 400 || (what == "no width" && answer.Status == 200 && answer.Text.All(letter => letter is not ('\u200b' or '\ufeff'))), $"{path} with {what}: {answer.Status} {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task A_megabyte_of_text_is_too_large_wherever_it_stands()
    {
        foreach (var path in new[] { "subjectPrefix", "transports[id=primary].smtp.password", "dkim[0].privateKey" })
        {
            Assert.Equal((413, "too-large"), await SlugAsync(EverySetting.With(path, $"\"{new string('x', 1024 * 1024)}\"")));
        }
    }

    [Theory]
    [InlineData("*", 200)]
    [InlineData("\"1\"", 200)]
    [InlineData("\"0\", \"1\"", 200)]
    [InlineData("W/\"0\", \"1\"", 200)]
    [InlineData("\"0\"", 412)]
    [InlineData("W/\"1\"", 412)]
    [InlineData("1", 412)]
    [InlineData("\"01\"", 412)]
    [InlineData("\"1", 412)]
    [InlineData("'1'", 412)]
    [InlineData("\"*\"", 412)]
    [InlineData("*, \"0\"", 412)]
    [InlineData(",,,", 412)]
    [InlineData("\"1\"; drop", 412)]
    [InlineData("", 428)]
    [InlineData("   ", 428)]
    [InlineData(null, 428)]
    public async Task A_precondition_is_what_RFC_9110_says_and_nothing_else(string? header, int status)
    {
        await PutAsync("{}");

        foreach (var (method, path) in new[] { (HttpMethod.Put, "settings"), (HttpMethod.Post, "settings/versions/1/restore") })
        {
            var current = (await _host.GetAsync("settings"))["version"];
            var answer = await _host.SendAsync(method, path, null, _host.Key, request =>
            {
                request.Headers.TryAddWithoutValidation("If-Match", header?.Replace("\"1\"", $"\"{current}\"", StringComparison.Ordinal));
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            });
            Assert.True(answer.Status == status, $"{method} {path} if {header}: {answer.Status} {answer.Text}");
        }
    }

    [Fact]
    public async Task A_tag_as_long_as_a_header_can_be_and_two_thousand_of_them_are_stale()
    {
        foreach (var header in new[] { $"\"{new string('7', 20_000)}\"", string.Join(", ", Enumerable.Range(10, 2_000).Select(number => $"\"{number}\"")) })
        {
            Assert.Equal((412, "stale-version"), await SlugAsync("{}", header));
        }
    }

    [Theory]
    [InlineData("{\"address\":\"a@example.com\\u0000\"}")]
    [InlineData("{\"address\":\"a@exa\\ud800mple.com\"}")]
    [InlineData("{\"address\":\"a@\\u202emoc.elpmaxe\"}")]
    [InlineData("{\"address\":\"a@xn--\"}")]
    [InlineData("{\"address\":\"a@-.-\"}")]
    [InlineData("{\"address\":\"a@example..com\"}")]
    [InlineData("{\"address\":\"a@127.0.0.1:25\"}")]
    [InlineData("{\"address\":\"a@[IPv6:::1]\"}")]
    [InlineData("{\"address\":\"a@b@c\"}")]
    [InlineData("{\"address\":{\"address\":\"a@example.com\"}}")]
    [InlineData("{\"address\":[[[[[[[[[[]]]]]]]]]]}")]
    [InlineData("{\"address\":1e400}")]
    [InlineData("[]")]
    [InlineData("\"a@example.com\"")]
    [InlineData("null")]
    public async Task What_no_address_is_is_not_looked_for(string body) => await IsRefusedAsync("settings/discover", body);

    [Theory]
    [InlineData("{\"text\":\"\\ud800\"}")]
    [InlineData("{\"text\":[\"SMTP_HOST=a\"]}")]
    [InlineData("{\"text\":{\"a\":1}}")]
    [InlineData("{\"text\":\"SMTP_HOST=a\",\"format\":\"\\ud800\"}")]
    [InlineData("{\"text\":\"SMTP_HOST=a\",\"format\":7}")]
    [InlineData("{\"text\":\"SMTP_HOST=a\",\"format\":\"../owncloud\"}")]
    [InlineData("{\"text\":\"SMTP_HOST=a\",\"text\":\"SMTP_HOST=b\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task What_no_text_is_is_not_imported(string body) => await IsRefusedAsync("settings/import", body);

    [Theory]
    [InlineData("mailplugin", "{\"settings\":{\"transports\":[{\"id\":\"a\",\"mode\":\"smtp\",\"smtp\":{\"host\":\"a\\r\\nb\",\"port\":1e99,\"password\":[]}}],\"from\":7}}")]
    [InlineData("mailplugin", "{\"settings\":[]}")]
    [InlineData("thingsboard", "{\"jsonValue\":{\"smtpHost\":{\"a\":1},\"smtpPort\":-5,\"timeout\":\"1e400\",\"enableTls\":\"maybe\"}}")]
    [InlineData("env", "SMTP_HOST=${SMTP_HOST}\nSMTP_PORT=$(id)\nSMTP_PASS=`id`\nSMTP_FROM=\0")]
    [InlineData("url", "smtp://%00%0d%0a:%ff@[::1%25eth0]:99999/?security=x")]
    [InlineData("owncloud", "<?php\n\"mail_smtphost\" => system('id'), \"mail_smtpport\" => 0x1F, \"mail_smtppassword\" => \"a\" . \"b\",")]
    [InlineData("msmtprc", "account a\nhost \u202e\neval echo x\npasswordeval rm -rf /\naccount a : a")]
    [InlineData("hyperbdr", "| SMTP Server | a |\n| SMTP Port | 99999999999999999999 |\n| SMTP Password | \u0000 |")]
    public async Task A_draft_of_hostile_text_runs_nothing_and_breaks_no_rule(string format, string text)
    {
        var answer = await _host.PostAsync("settings/import", new JsonObject { ["format"] = format, ["text"] = text }).AsAsync("POST", "settings/import", 200);

        var saved = await PutAsync(answer.Json["settings"]!.ToJsonString());
        Assert.True(saved.Status is 200 or 400, saved.Text);
        Assert.DoesNotContain("uid=", answer.Text, StringComparison.Ordinal);
    }

    async Task IsRefusedAsync(string path, string body)
    {
        var answer = await _host.SendAsync(HttpMethod.Post, path, null, _host.Key, request => request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(answer.Status == 400, $"{body}: {answer.Status} {answer.Text}");
        TheDocument.Answers.Check("POST", "/" + path, 400, answer.Text);
    }

    async Task<(int, string?)> SlugAsync(string body, string ifMatch = "*")
    {
        var answer = await PutAsync(body, ifMatch);
        return (answer.Status, answer.Slug);
    }

    Task<Answer> PutAsync(string body, string ifMatch = "*") => _host.SendAsync(HttpMethod.Put, "settings", null, _host.Key, request =>
    {
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
    });

    static IEnumerable<string> WrongFor(string path, JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.String => ["1", "1.5", "1e400", "true", "[]", "{}", "[null]", Deep],
        JsonValueKind.Number => ["\"1\"", "\"\"", "1.5", "1e400", "-1e400", "99999999999999999999", "-1", "0", "true", "[]", "{}", Deep],
        JsonValueKind.True or JsonValueKind.False => ["\"true\"", "0", "1", "1e400", "[]", "{}", "[true]", Deep],
        JsonValueKind.Object => ["\"x\"", "\"\"", "1", "1e400", "false", "[]", "[{}]", Deep],
        _ => TextOrList.Any(name => path.EndsWith(name, StringComparison.Ordinal)) ? ["1", "true", "{}", "[1]", "[[]]", "[{}]"] : ["\"x\"", "1", "1e400", "true", "{}"],
    };

    /// <summary>The path that a fault there has: what has no valid id is called by its place in the list.</summary>
    static string Told(string path, List<(string Path, JsonNode Node)> places)
    {
        if (OauthScope().Replace(path, "") is var list && list != path)
        {
            return list;
        }

        if (!path.EndsWith("].id", StringComparison.Ordinal) && !path.EndsWith(']'))
        {
            return path;
        }

        var item = path.EndsWith(']') ? path : path[..^3];
        var number = places.Select(place => place.Path).Where(place => ListItem().IsMatch(place)).ToList().IndexOf(item);
        return number < 0 ? path : $"transports[{number}]{path[item.Length..]}";
    }

    [GeneratedRegex(@"\[[^\]]+\]")]
    private static partial Regex Index();

    [GeneratedRegex(@"^transports\[id=[^\]]+\]$")]
    private static partial Regex ListItem();

    /// <summary>Scopes are told as a whole.</summary>
    [GeneratedRegex(@"(?<=\.scopes)\[\d+\]$")]
    private static partial Regex OauthScope();
}
