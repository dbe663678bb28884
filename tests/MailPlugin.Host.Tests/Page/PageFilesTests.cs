using System.Text.Json;
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

    [Fact]
    public void No_file_of_the_page_names_another_host()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch(AnotherHost(), File.ReadAllText(file));
        }
    }

    static Dictionary<string, string> Texts(string language) => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Folder, "i18n", $"{language}.json")))!;

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

    [GeneratedRegex(@"https?://(?!www\.w3\.org/2000/svg)[a-z0-9]", RegexOptions.IgnoreCase)]
    private static partial Regex AnotherHost();
}
