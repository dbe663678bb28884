using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MailPlugin.Host.Tests.Support;

namespace MailPlugin.Host.Tests.Page;

/// <summary>What can be seen of the page's files without a browser.</summary>
public sealed partial class PageFilesTests
{
    static readonly string Folder = Path.Combine(Repository.Root, "wwwroot", "mail");

    public static TheoryData<string> Modules => [.. Directory.EnumerateFiles(Path.Combine(Folder, "js"), "*.js", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order()];

    [Theory]
    [MemberData(nameof(Modules))]
    public void No_module_makes_markup_or_code_of_text_and_each_stays_small(string module)
    {
        var text = File.ReadAllText(Path.Combine(Folder, module));

        Assert.DoesNotMatch(MakesMarkup(), text);
        Assert.InRange(text.Split('\n').Length, 1, 200);
        Assert.True(!text.Contains("fetch(", StringComparison.Ordinal) || module == Path.Combine("js", "api.js"), "Only api.js fetches.");
    }

    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_places()
    {
        var (english, chinese) = (Texts("en"), Texts("zh-CN"));

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.True(Places(text.Value).IsSupersetOf(Places(chinese[text.Key])), $"{text.Key} has places in Chinese that it has not in English."));
        Assert.All(chinese.Values, text => Assert.NotEmpty(text));
    }

    [Fact]
    public void Each_text_is_used_and_each_that_is_used_is_there()
    {
        var source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Folder, "js"), "*.js", SearchOption.AllDirectories).Select(File.ReadAllText));
        var texts = Texts("en").Keys.Select(key => PluralForm().Replace(key, "")).ToHashSet();
        var words = Quoted().Matches(source).Select(match => match.Groups["text"].Value).ToHashSet();

        // `state.${name}` is any text of its shape; word("status", …) any of its group.
        var shapes = Pieced().Matches(source).Select(match => match.Groups["text"].Value).Where(text => Placed().IsMatch(text))
            .Select(text => new Regex($"^{string.Join("(.*)", Placed().Split(text).Select(Regex.Escape))}$")).ToList();
        var groups = Grouped().Matches(source).Select(match => match.Groups["text"].Value + ".").ToHashSet();
        Assert.All(texts, text => Assert.True(words.Contains(text) || groups.Any(group => text.StartsWith(group, StringComparison.Ordinal)) || shapes.Any(shape => shape.IsMatch(text)), $"{text} is used nowhere."));
        Assert.All(Asked().Matches(source).Select(match => match.Groups["text"].Value), text => Assert.Contains(text, texts));
    }

    /// <summary>By group of texts where the contract names their words; a schema, or one of its properties.</summary>
    public static TheoryData<string, string[], string[]> Words => new()
    {
        { "status", ["MessageStatus"], [] },
        { "outcome", ["RecipientState", "Attempt.outcome"], ["refused", "notSent", "passedOn", "ok", "running"] },
        { "state", ["TransportState.state"], ["unknown", "unsaved", "noTest", "testPassed", "testFailed", "testChanged", "waiting", "not reachable"] },
        { "stage", ["TestStage"], [] },
        { "step", ["DiagnosisStep.step"], [] },
        { "doctor.outcome", ["StepOutcome"], [] },
        { "doctor.confidence", ["Verdict.confidence"], [] },
        { "who", ["FailureCause.who"], [] },
        { "log.level", ["LogLevel"], ["all"] },
        { "debug.content", ["TranscriptContent"], [] },
        { "discover.source", ["Discovered.candidates.source"], [] },
        { "mode", ["TransportMode"], ["unknown"] },
        { "o.smtp.security", ["SmtpSecurity"], [] },
        { "o.smtp.security.short", ["SmtpSecurity"], [] },
        { "o.smtp.auth", ["SmtpAuth"], ["oauth"] },
        { "o.smtp.oauth.flow", ["OAuthFlow"], [] },
        { "o.smtp.certificate.trust", ["CertificateTrust"], [] },
        { "o.smtp.proxy.type", ["ProxyType"], [""] },
        { "o.sendmail.style", ["SendmailStyle"], [] },
        { "o.priority", ["Priority"], [""] },
        { "import.format", ["ImportRequest.format"], [] },
        { "templates.origin", ["Template.origin"], [] },
        { "versions.act", ["TemplateVersion.act"], [] },
        { "difference", ["TemplateVersion.diff.op"], ["none", "title"] },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void Each_word_that_the_server_may_say_has_a_text_and_no_text_is_left_over(string group, string[] schemas, string[] own)
    {
        // What begins a list of steps and what stayed the same is not shown.
        var said = schemas.SelectMany(Enumerated).Where(word => (group, word) is not ("step", "start") and not ("difference", "same")).ToHashSet();
        var texts = Texts("en").Keys.Select(key => PluralForm().Replace(key, "")).Where(key => key.StartsWith($"{group}.", StringComparison.Ordinal)).Select(key => key[(group.Length + 1)..]).Where(word => !word.StartsWith("short.", StringComparison.Ordinal)).ToHashSet();

        Assert.NotEmpty(said);
        Assert.Equal(said.Concat(own).Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_check_of_health_has_a_text_and_no_text_is_left_over()
    {
        // Transports have items of their own.
        var checks = Named(HealthFinding(), "Diagnostics", "Health");
        var texts = Texts("en").Keys.Where(key => key.StartsWith("health.", StringComparison.Ordinal)).Select(key => key.Split('.')[1]);

        Assert.Equal(checks, texts.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_act_of_the_audit_has_a_text_and_no_text_is_left_over()
    {
        var acts = Named(AuditAct()).SelectMany(act => Literal().Matches(act)).Select(match => match.Groups["text"].Value).Distinct()
            .SelectMany(act => act == "message {act}" ? (string[])["message retry", "message cancel"] : [act]);
        var texts = Texts("en").Keys.Where(key => key.StartsWith("audit.act.", StringComparison.Ordinal)).Select(key => key["audit.act.".Length..]);

        Assert.Equal(acts.Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_file_of_the_page_names_another_host()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch(AnotherHost(), File.ReadAllText(file));
        }
    }

    static Dictionary<string, string> Texts(string language) => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Folder, "i18n", $"{language}.json")))!;

    /// <summary>The words of a schema of the contract, such as <c>Attempt.outcome</c>: answers are held to it by tests.</summary>
    static IEnumerable<string> Enumerated(string schema)
    {
        var path = schema.Split('.');
        var place = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "MailPlugin", "Http", "OpenApi", "Fragments"))
            .Select(file => JsonNode.Parse(File.ReadAllText(file))?["components"]?["schemas"]?[path[0]]).Single(found => found is not null)!;
        foreach (var name in path[1..])
        {
            place = Inner(place)["properties"]![name]!;
        }

        return Inner(place)["enum"]!.AsArray().Where(word => word is not null).Select(word => word!.GetValue<string>());
    }

    /// <summary>What a list holds, what a map holds, or the thing itself.</summary>
    static JsonNode Inner(JsonNode place) => place["items"] is { } item ? Inner(item) : place["additionalProperties"] is JsonObject value ? Inner(value) : place;

    static List<string> Named(Regex pattern, params string[] folder) =>
        [.. Directory.EnumerateFiles(Path.Combine([Repository.Root, "src", "MailPlugin", .. folder]), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => pattern.Matches(File.ReadAllText(file))).SelectMany(match => match.Groups["text"].Captures).Select(capture => capture.Value).Distinct().Order(StringComparer.Ordinal)];

    static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTMLUnsafe|srcdoc")]
    private static partial Regex MakesMarkup();

    [GeneratedRegex(@"(?<!\{)\{\w+\}(?!\})")]
    private static partial Regex Place();

    [GeneratedRegex(@"\.(one|other)$")]
    private static partial Regex PluralForm();

    [GeneratedRegex("\"(?<text>[a-z][\\w.-]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("`(?<text>[a-z]\\w*\\.(\\$\\{[^}`]*\\}|[\\w.])*)`")]
    private static partial Regex Pieced();

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex Placed();

    [GeneratedRegex("\\bword\\(\"(?<text>[\\w.]+)\"")]
    private static partial Regex Grouped();

    [GeneratedRegex("\\bt\\(\"(?<text>[\\w.]+)\"[,)]")]
    private static partial Regex Asked();

    [GeneratedRegex("new\\(\"(?<text>\\w+)\", (HealthStatus|fault|problem)")]
    private static partial Regex HealthFinding();

    /// <summary>The second argument: what was done, also where one of two acts is chosen.</summary>
    [GeneratedRegex(@"audit\.WriteAsync\(\s*[^,]+,(?<text>[^,]+),")]
    private static partial Regex AuditAct();

    [GeneratedRegex("\"(?<text>[^\"]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"https?://(?!www\.w3\.org/2000/svg)[a-z0-9]", RegexOptions.IgnoreCase)]
    private static partial Regex AnotherHost();
}
