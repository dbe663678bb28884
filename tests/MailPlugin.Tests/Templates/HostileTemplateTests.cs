using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailPlugin.Templates;
using MailPlugin.Templates.Importing;
using MailPlugin.Templates.Rendering;
using MailPlugin.Templates.Scanning;

namespace MailPlugin.Tests.Templates;

/// <summary>What somebody would write who wants to bring the process down or out.</summary>
public sealed class HostileTemplateTests
{
    static readonly RenderLimits Strict = new(TimeSpan.FromMilliseconds(250), 100_000);

    static readonly string[] Pieces =
    [
        "{{", "}}", "{{{", "}}}", "{{#", "{{/", "{{!--", "--}}", "{{else}}", "{{else if ", "{{^", "~", "{{#if a}}", "{{/if}}", "{{#each list}}", "{{/each}}", "{{#with o}}", "{{/with}}", "{{#unless ", "{{/unless}}",
        "{{#preheader}}", "{{/preheader}}", "{{a}}", "{{{a}}}", "{{this}}", "{{../a}}", "{{@root}}", "{{@index}}", "{{@brand.name}}", "{{lookup o \"a\"}}", "{{constructor}}", "{{a.GetType}}", "{{list.Count}}", "{{__proto__}}",
        "{{default a (eq a \"b\")}}", "(", ")", "[", "]", "\"", "'", "\\", "|", " as |x y|", "=", ".", "/", "@", "a", "list", "o", " ", "\n", "\r\n", "\0", "中", "😀", "\ud800", "<b>", "&amp;", "{", "}", "{{button a \"x\"}}",
        "{{formatDate a \"yyyy\"}}", "{{#each o as |v k|}}", "{{> p}}", "{{* d}}", "{{&a}}", "{{{{raw}}}}", "1", "-", "true", "null", "undefined", "if", "each", "else",
    ];

    static readonly Arbitrary<string> Templates = Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary();

    static readonly IReadOnlyDictionary<string, object?> Model = new Dictionary<string, object?>
    {
        ["a"] = "A<",
        ["list"] = new List<object?> { 1L, "two", null },
        ["o"] = new Dictionary<string, object?> { ["a"] = "inner" },
    };

    [Fact]
    public void Any_template_is_refused_with_a_place_or_renders_within_its_limits() => Prop.ForAll(Templates, template =>
    {
        var (prepared, faults) = Rendered.Workshop.Prepare(new TemplateText(template, template, template));
        if (prepared is null)
        {
            return faults.All(fault => fault is { Line: > 0, Column: > 0 });
        }

        var result = Rendered.Try(prepared, Model);
        return result.Mail is { } mail && mail.Subject.All(letter => !char.IsControl(letter)) && !mail.Html!.Contains("System.", StringComparison.Ordinal) && !mail.Html.Contains("MailPlugin", StringComparison.Ordinal);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(40));

    [Fact]
    public void What_the_scanner_takes_the_engine_takes() => Prop.ForAll(Templates, template =>
    {
        if (TemplateScanner.Scan("html", template).Template is { } scanned)
        {
            new HandlebarsEngine().Compile(scanned, isHtml: true);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(60));

    [Fact]
    public void Templates_by_the_rules_are_taken_and_render() => Prop.ForAll(Block(4).ToArbitrary(), template =>
    {
        var (prepared, faults) = Rendered.Workshop.Prepare(new TemplateText("x", template, template));
        return prepared is not null ? Rendered.Mail(prepared, Model).Html is not null : throw new InvalidOperationException(faults[0].ToString());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(12));

    [Fact]
    public void No_value_gets_out_of_HTML_whatever_it_is() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), value =>
    {
        var clean = ModelConversion.Clean(value ?? "");
        var html = Rendered.Html("<p title=\"{{v}}\">{{v}}</p>", new Dictionary<string, object?> { ["v"] = value });
        return html.AsSpan().Count('<') == 2 && html.AsSpan().Count('"') == 2 && html.Contains($">{Encoded(clean)}</p>", StringComparison.Ordinal) && WebUtility.HtmlDecode(Encoded(clean)) == clean;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Every_character_of_Unicode_comes_through_as_itself_or_encoded()
    {
        var template = Rendered.Prepare("{{v}}", "{{v}}", "{{v}}");
        foreach (var block in Enumerable.Range(0, 0x110000 / 0x1000))
        {
            var text = new StringBuilder();
            foreach (var code in Enumerable.Range(block * 0x1000, 0x1000).Where(Rune.IsValid))
            {
                text.Append(new Rune(code));
            }

            var mail = Rendered.Mail(template, new Dictionary<string, object?> { ["v"] = text.ToString() });
            var clean = ModelConversion.Clean(text.ToString());
            Assert.True(mail.Html!.AsSpan().IndexOfAny("<>\"'") < 0, $"block {block:x}");
            Assert.Equal(clean, WebUtility.HtmlDecode(mail.Html));
            Assert.Equal(clean.TrimEnd(), mail.Text.TrimEnd());
            Assert.DoesNotContain(mail.Subject, letter => char.IsControl(letter) || letter is '\u2028' or '\u2029');
        }
    }

    [Fact]
    public void Eight_billion_empty_steps_are_stopped()
    {
        var model = new Dictionary<string, object?> { ["l"] = Enumerable.Range(0, 2_000).ToList() };

        Assert.Equal(RenderFailure.TooSlow, Rendered.Try(Rendered.Prepare("{{#each l}}{{#each @root.l}}{{#each @root.l}}{{/each}}{{/each}}{{/each}}"), model, Strict).Failure);
        Assert.Equal(RenderFailure.TooSlow, Rendered.Try(Rendered.Prepare("{{#each l}}{{#each @root.l}}{{#each @root.l}}{{#if (eq this 1)}}{{/if}}{{/each}}{{/each}}{{/each}}"), model, Strict).Failure);
    }

    [Fact]
    public void Endless_walks_over_the_keys_of_an_object_are_stopped()
    {
        var map = Enumerable.Range(0, 2_000).ToDictionary(number => $"k{number}", number => (object?)number);

        Assert.Equal(RenderFailure.TooSlow, Rendered.Try(Rendered.Prepare("{{#each o}}{{#each @root.o}}{{#each @root.o}}{{/each}}{{/each}}{{/each}}"), new Dictionary<string, object?> { ["o"] = map }, Strict).Failure);
    }

    [Theory]
    [InlineData("{{#each l}}{{#each @root.l}}some text of some length{{/each}}{{/each}}")]
    [InlineData("{{#preheader}}{{#each l}}{{#each @root.l}}some text of some length{{/each}}{{/each}}{{/preheader}}x")]
    [InlineData("{{#each l}}{{#each @root.l}}{{{@root.big}}}{{/each}}{{/each}}")]
    [InlineData("{{#each l}}{{#each @root.l}}{{button 'https://example.org/' @root.big}}{{/each}}{{/each}}")]
    public void Endless_output_is_stopped(string template)
    {
        var model = new Dictionary<string, object?> { ["l"] = Enumerable.Range(0, 2_000).ToList(), ["big"] = new string('<', 1_000) };
        var limits = Strict with { Time = TimeSpan.FromMinutes(1) };

        Assert.Equal(RenderFailure.TooLarge, Rendered.Try(Rendered.Prepare(template), model, limits).Failure);
        Assert.Equal(RenderFailure.TooLarge, Rendered.Try(Rendered.Prepare(text: template), model, limits).Failure);
        Assert.Equal(RenderFailure.TooLarge, Rendered.Try(Rendered.Prepare(text: "x", subject: template), model, limits).Failure);
    }

    [Fact]
    public void The_limits_hold_for_all_parts_together()
    {
        var part = "{{#each l}}0123456789{{/each}}";
        var template = Rendered.Prepare(part, part, part);
        var model = new Dictionary<string, object?> { ["l"] = Enumerable.Range(0, 4_000).ToList() };

        Assert.Equal(RenderFailure.TooLarge, Rendered.Try(template, model, Strict with { Time = TimeSpan.FromMinutes(1) }).Failure);
        Assert.NotNull(Rendered.Try(template, model).Mail);
    }

    [Fact]
    public void A_deep_model_is_no_danger()
    {
        object? inner = "bottom";
        for (var depth = 0; depth < 30; depth++)
        {
            inner = new Dictionary<string, object?> { ["n"] = inner };
        }

        Assert.Equal("bottom", Rendered.Text("{{" + string.Join('.', Enumerable.Repeat("n", 30)) + "}}", inner));
    }

    [Fact]
    public void The_largest_template_there_may_be_is_compiled_and_rendered()
    {
        var open = string.Concat(Enumerable.Repeat("{{#if a}}{{#each list}}", 16));
        var close = string.Concat(Enumerable.Repeat("{{/each}}{{/if}}", 16));
        var tags = string.Concat(Enumerable.Repeat("{{default a (default o.a (default a \"b\"))}}", 1_400));

        Assert.StartsWith("A&lt;A&lt;", Rendered.Html(tags, Model), StringComparison.Ordinal);
        Assert.NotNull(Rendered.Prepare(open + "x" + close));
    }

    [Fact]
    public void Any_HTML_becomes_text_without_a_fault() => Prop.ForAll(
        Gen.Elements("<", ">", "</", "/>", "<p>", "</p>", "<a href=\"https://example.org\">", "<a href='", "</a>", "<br>", "<li>", "<style>", "</style>", "<!--", "-->", "<script>", "&amp;", "&", "&#0;", "&#xD800;", "\"", "'", "=", "text", " ", "\n", "<img alt=\"x\">", "<td>", "<tr>", "<TITLE", "\0")
            .ListOf().Select(string.Concat).ToArbitrary(),
        html => HtmlToText.Convert(html).Length <= (html.Length * 12) + 100).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(60));

    [Fact]
    public void Any_PHP_becomes_a_draft_that_can_be_saved() => Prop.ForAll(
        Gen.Elements(
            "<?php ", "<?= ", "?>", "<?", "p(", "print_unescaped(", "echo ", "$l->t(", "$l->n(", "'%s and %1$s {link}'", "\"a {$_['x']} $y\"", "array(", "[", "]", "(", ")", "{", "}", ";", ",", ".", "$_['link']", "$_", "$x", "$x['k']",
            "if (", "isset($_['a'])", "!empty(", "else", "elseif (", "endif;", "foreach ($_['items'] as $i)", "foreach (", " as ", "$k => $v", "endforeach;", ":", "=", "===", "''", "str_replace('{link}', ", "$theme->getName()", "$this->inc('x')",
            "/* ", "*/", "// c\n", "# c", "\n", "<b>", "text", "{{", "}}", "{name}", "\\", "\"", "'", "?", "->", "::", "=>", "system('x')", "<table>", "😀")
            .ListOf().Select(string.Concat).ToArbitrary(),
        php =>
        {
            var (draft, report) = OwnCloudImport.Read(php);
            var (template, faults) = Rendered.Workshop.Prepare(draft);
            return template is not null ? Rendered.Try(template, Model).Failure is null : throw new InvalidOperationException($"{faults[0].Message.English} in {draft.Html ?? draft.Text} {report.Warnings.Count}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(60));

    static Gen<string> Path => Gen.Elements("a", "o.a", "this", "this.a", "./a", "../a", "../../o.a", "@root.a", "@index", "@key", "@first", "@brand.name", "o.[a]", "[a]", "list.[0]", "list.1", "missing.deep", "[with blank]");

    static Gen<string> Value(int depth) => depth == 0
        ? Gen.OneOf(Path, Gen.Elements("'text'", "\"q'q\"", "1", "-2.5", "true", "null", "undefined"))
        : Gen.OneOf(Value(0), Value(depth - 1).Two().Select(pair => $"(default {pair.Item1} {pair.Item2})"), Value(depth - 1).Two().Select(pair => $"(eq {pair.Item1}  {pair.Item2} )"), Value(depth - 1).Select(value => $"(lookup o {value})"));

    static Gen<string> Tag => Gen.OneOf(
        Path.Select(path => $"{{{{{path}}}}}"), Path.Select(path => $"{{{{{{{path}}}}}}}"), Path.Select(path => $"{{{{~ {path} ~}}}}"), Value(3).Two().Select(pair => $"{{{{default {pair.Item1} {pair.Item2}}}}}"),
        Value(2).Select(value => $"{{{{formatDate {value} 'date'}}}}"), Value(2).Select(value => $"{{{{formatNumber {value} 2}}}}"), Value(2).Select(value => $"{{{{urlEncode {value}}}}}"),
        Value(1).Select(value => $"{{{{pluralize {value} 'one' 'many'}}}}"), Value(1).Two().Select(pair => $"{{{{button {pair.Item1} {pair.Item2}}}}}"), Gen.Elements("{{! c }}", "{{!-- }} --}}", "text", "\n", "  ", "<b>", "{ a: b } ", " }} "));

    static Gen<string> Block(int depth) => depth == 0
        ? Tag
        : Gen.OneOf(
            Tag, Block(depth - 1).Two().Select(pair => pair.Item1 + " " + pair.Item2),
            Value(2).Zip(Block(depth - 1)).Zip(Block(depth - 1)).Select(all => $"{{{{#if {all.Item1.Item1}}}}}{all.Item1.Item2} {{{{else}}}}{all.Item2} {{{{/if}}}}"),
            Value(2).Zip(Block(depth - 1)).Select(pair => $"{{{{#unless {pair.Item1}}}}}\n{pair.Item2} {{{{^}}}}n{{{{/unless}}}}"),
            Path.Zip(Block(depth - 1)).Select(pair => $"{{{{#each {pair.Item1} as |x y|}}}}{{{{x}}}}{{{{y}}}}{pair.Item2} {{{{/each}}}}"),
            Path.Zip(Block(depth - 1)).Select(pair => $"{{{{#with {pair.Item1}}}}}{pair.Item2} {{{{else if a}}}}b{{{{/with}}}}"),
            Block(depth - 1).Select(inner => $"{{{{#preheader}}}}{inner} {{{{/preheader}}}}"));

    static string Encoded(string text) => Rendered.Html("{{v}}", new Dictionary<string, object?> { ["v"] = text });
}
