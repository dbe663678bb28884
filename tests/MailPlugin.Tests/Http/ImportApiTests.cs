using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Settings.Transfer;

namespace MailPlugin.Tests.Http;

public sealed class ImportApiTests : IAsyncLifetime
{
    const string Canary = "c4nary-p4ssword";
    const string Letters = "\"'\\{}[]()=>:;,|\t\r\n\0é\u2028\ud83d\udc00 0%@#$&-";

    PluginHost _host = null!;

    public static TheoryData<string> Whole => new(Texts);

    static string[] Texts { get; } =
        [Pasted.OwncloudSmtp, Pasted.OwncloudLogin, Pasted.Hyperbdr, Pasted.Dce, Pasted.Thingsboard, Pasted.Laravel, Pasted.Msmtprc, "smtps://u:p@smtp.example.com"];

    public async Task InitializeAsync() => _host = await PluginHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task A_draft_passes_PUT_as_it_stands(string text)
    {
        await _host.SaveAsync(Bodies.Full());
        var draft = await ImportAsync(text).AsAsync("POST", "settings/import", 200);
        Assert.Equal("1", (await _host.GetAsync("settings"))["version"]);

        var saved = await _host.SaveAsync(draft.Json["settings"]!).AsAsync("PUT", "settings", 200);

        // What the text does not speak of stays.
        Assert.Equal("admin@example.com", saved["adminAddress"]);
        Assert.Equal(draft.Json["settings"]!["transports"]!.AsArray().Count, saved.Json["transports"]!.AsArray().Count);
        Assert.Contains("removes the transports primary, second", draft.Json["warnings"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_comes_back_with_the_secrets_that_may_stay()
    {
        await _host.SaveAsync(Bodies.Full());
        var export = (await _host.GetAsync("settings/export")).Text;

        var draft = await ImportAsync(export).AsAsync("POST", "settings/import", 200);
        Assert.Equal("mailplugin", draft["format"]);
        var saved = await _host.SaveAsync(draft.Json["settings"]!).AsAsync("PUT", "settings", 200);

        Assert.True(saved.Json["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
        Assert.Equal(JsonNode.Parse(export)!["settings"]!.ToJsonString(), (await _host.GetAsync("settings/export")).Json["settings"]!.ToJsonString());
    }

    [Fact]
    public async Task A_stored_password_does_not_move_to_an_imported_relay()
    {
        await _host.SaveAsync(Bodies.Smtp(smtp => smtp["password"] = Canary));
        var export = (await _host.GetAsync("settings/export")).Json;
        export["settings"]!["transports"]![0]!["smtp"]!["host"] = "elsewhere.example";

        var draft = await ImportAsync(export.ToJsonString()).AsAsync("POST", "settings/import", 200);
        var saved = await _host.SaveAsync(draft.Json["settings"]!).AsAsync("PUT", "settings", 200);

        Assert.False(saved.Json["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
        Assert.Contains("another relay", draft.Json["warnings"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_host_decides_is_left_out_of_a_draft_and_told()
    {
        await using var host = await PluginHost.StartAsync(new() { ["Settings:SubjectPrefix"] = "[Host]", ["Settings:Transports:smtp-qq-com:Smtp:Host"] = "relay.example" });

        var draft = await host.PostAsync("settings/import", new JsonObject { ["text"] = Pasted.Hyperbdr }).AsAsync("POST", "settings/import", 200);
        var saved = await host.SaveAsync(draft.Json["settings"]!).AsAsync("PUT", "settings", 200);

        Assert.Contains(draft.Json["ignored"]!.AsArray(), ignored => ignored!["name"]!.ToString() == "subjectPrefix");
        Assert.Equal("[Host]", saved["subjectPrefix"]);
        Assert.Equal(["smtp-qq-com-2", "smtp-qq-com"], saved.Json["transports"]!.AsArray().Select(transport => transport!["id"]!.ToString()));
    }

    [Fact]
    public async Task A_password_is_in_the_draft_and_nowhere_else()
    {
        var answer = await ImportAsync(Pasted.OwncloudLogin.Replace("\"password\"", $"\"{Canary}\"", StringComparison.Ordinal));

        Assert.Equal(Canary, answer.Json["settings"]!["transports"]![0]!["smtp"]!["password"]!.ToString());
        foreach (var part in new[] { "recognised", "ignored", "warnings" })
        {
            Assert.DoesNotContain(Canary, answer.Json[part]!.ToJsonString(), StringComparison.Ordinal);
        }

        foreach (var path in new[] { "settings", "audit", "logs", "settings/versions" })
        {
            Assert.DoesNotContain(Canary, (await _host.GetAsync(path)).Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(_host.Log.Entries, entry => entry.Text.Contains(Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_request_is_held_to_its_rules()
    {
        Assert.Equal(["text"], (await _host.PostAsync("settings/import", new JsonObject()).AsAsync("POST", "settings/import", 400)).ErrorPaths);
        Assert.Equal(
            ["extra", "format", "text"],
            (await _host.PostAsync("settings/import", new JsonObject { ["format"] = "xml", ["text"] = 1, ["extra"] = 1 }).AsAsync("POST", "settings/import", 400)).ErrorPaths.Order(StringComparer.Ordinal));
        await ImportAsync(new string('x', 256 * 1024)).AsAsync("POST", "settings/import", 200);
        await ImportAsync(new string('x', (256 * 1024) + 1)).AsAsync("POST", "settings/import", 413);
        await ImportAsync(new string('é', 128 * 1024) + "x").AsAsync("POST", "settings/import", 413);
        await ImportAsync(new string('"', 2_000_000)).AsAsync("POST", "settings/import", 413);
        await _host.PostAsync("settings/import", new JsonObject { ["text"] = "x" }, await _host.NewKeyAsync("read", "test", "send")).AsAsync("POST", "settings/import", 403);
        var chinese = await _host.SendAsync(HttpMethod.Post, "settings/import", new JsonObject { ["text"] = "x" }, _host.Key, request => request.Headers.AcceptLanguage.ParseAdd("zh-CN"));
        Assert.Contains("未在文本中识别到", chinese.Text, StringComparison.Ordinal);
    }

    /// <summary>Bits of every format, cut and mixed: an answer each, and a draft that PUT takes unless something is missing.</summary>
    [Fact]
    public async Task Two_thousand_strange_texts_get_an_answer_each()
    {
        var random = new Random(20261121);
        string[] seeds = [.. Texts, Bodies.Full().ToJsonString(), Pasted.OwncloudProgram("sendmail"), "failover(smtp://a:b@c smtps://d)", "SMTP_URL=smtp://x"];
        for (var number = 0; number < 2_000; number++)
        {
            var text = Strange(random, seeds);
            var format = random.Next(3) > 0 ? "auto" : new[] { "owncloud", "thingsboard", "hyperbdr", "dce", "env", "url", "msmtprc", "mailplugin" }[random.Next(8)];
            var answer = await _host.PostAsync("settings/import", new JsonObject { ["format"] = format, ["text"] = text });
            Assert.True(answer.Status is 200 or 400 or 413, $"case {number}: {answer.Status} {answer.Text}\n{format}: {text}");
            if (answer.Status == 200 && number % 5 == 0)
            {
                var saved = await _host.SaveAsync(answer.Json["settings"]!);
                Assert.True(saved.Status == 200 || (saved.Status == 400 && saved.ErrorPaths.All(path => answer.Json["warnings"]!.ToJsonString().Contains(path, StringComparison.Ordinal))),
                    $"case {number}: {saved.Text}\n{answer.Text}\n{format}: {text}");
            }
        }
    }

    /// <summary>Texts of the full size that would take long if anything in the reading grew faster than they do.</summary>
    [Theory]
    [MemberData(nameof(Large))]
    public async Task A_large_text_is_no_burden(string what)
    {
        var answer = await _host.PostAsync("settings/import", new JsonObject { ["text"] = Largest(what) });

        Assert.True(answer.Status == 200, $"{what}: {answer.Text[..Math.Min(answer.Text.Length, 500)]}");
    }

    public static TheoryData<string> Large => new(Repeated.Keys);

    static Dictionary<string, (string Before, Func<int, string> Each)> Repeated { get; } = new()
    {
        ["servers of ownCloud"] = ("'mail_smtpmode' => 'smtp', 'mail_smtphost' => '", number => $"h{number}.example;"),
        ["open brackets of PHP"] = ("'mail_smtphost' => ", _ => "("),
        ["open values of PHP"] = ("'mail_smtphost' => ", _ => "'a' => ["),
        ["quotes"] = ("mail_smtp =>", _ => "\"'"),
        ["addresses"] = ("", number => $"smtp://h{number} "),
        ["accounts of msmtp"] = ("account a\nhost h\n", number => $"account a{number} : a,a,a\nhost h{number}\n"),
        ["variables"] = ("SMTP_HOST=h\n", number => $"SMTP_{number}=x\n"),
        ["properties"] = ("{\"transports\":[{\"id\":\"a\",", number => $"\"p{number}\":1,"),
        ["strange properties"] = ("{\"transports\":[{\"id\":\"a\",\"smtp\":{", number => $"\"-{number}\":1,"),
        ["transports"] = ("{\"transports\":[", _ => "{},"),
        ["fields"] = ("SMTP Server: h\nSMTP Port: 1\nSMTP SSL: Enable\n", number => $"| {number} | x |\n"),
        ["columns"] = ("SMTP Server: h\nSMTP Port: 1\nSMTP SSL: Enable\n", _ => "|"),
    };

    static string Largest(string what)
    {
        var (before, each) = Repeated[what];
        var text = new StringBuilder(before);
        for (var number = 0; text.Length < 250_000; number++)
        {
            text.Append(each(number));
        }

        return before.StartsWith('{') ? text.ToString().TrimEnd(',') + string.Concat(before.Reverse().Select(letter => letter switch { '{' => "}", '[' => "]", _ => "" })) : text.ToString();
    }

    static string Strange(Random random, string[] seeds)
    {
        var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
        for (var times = random.Next(1, 12); times > 0 && text.Length > 0; times--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 40), text.Length - at);
            switch (random.Next(6))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 2:
                    var other = seeds[random.Next(seeds.Length)];
                    var from = random.Next(other.Length);
                    text.Insert(at, other.AsSpan(from, Math.Min(random.Next(1, 200), other.Length - from)));
                    break;
                case 3:
                    text[at] = Letters[random.Next(Letters.Length)];
                    break;
                case 4:
                    text.Insert(at, new string("({['\"*|:="[random.Next(9)], random.Next(1, 2_000)));
                    break;
                default:
                    text.Insert(at, new[] { "\n", "=>", "mail_smtphost", "smtp://", "99999999999999999999", "null", "account x\nhost y\n", "\"transports\":[", "\ufeff", "${A}", "\\x", "0x1F" }[random.Next(12)]);
                    break;
            }
        }

        return text.ToString();
    }

    Task<Answer> ImportAsync(string text) => _host.PostAsync("settings/import", new JsonObject { ["text"] = text });
}
