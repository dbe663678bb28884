using MailPlugin.Http.Binding;
using MailPlugin.Templates;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Tests.Templates;

public sealed class RenderingTests
{
    const string Model = """
        { "name": "x<y>&\"'", "n": 3, "price": 1234.5, "yes": true, "no": false, "nothing": null, "list": [1, "two", { "q": "Q" }], "none": [], "o": { "a": "A", "Count": "mine", "Keys": "ours" },
          "__proto__": "p", "constructor": "c", "this": "t", "@root": "r", "../": "u", "length": "l", "if": "I", "a b": "AB", "用户": "甲", "0": "zero", "time": "2026-11-21T08:05:00+08:00" }
        """;

    [Fact]
    public void A_date_outside_the_calendar_of_a_culture_is_said_in_the_common_one()
    {
        const string Template = "{{formatDate a}} | {{formatDate a 'date'}} | {{formatDate a 'short'}}";

        Assert.Contains("2100", Rendered.Text(Template, """{ "a": "2100-01-01T08:00:00Z" }""", "ar-SA"), StringComparison.Ordinal);
        Assert.DoesNotContain("2026", Rendered.Text(Template, """{ "a": "2026-01-01T08:00:00Z" }""", "ar-SA"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_text_costs_a_model_nothing_else()
    {
        using var json = System.Text.Json.JsonDocument.Parse("""{ "\ud800": 1, "b": "B" }""");

        Assert.Equal("B", Rendered.Html("{{a.b}}", new Dictionary<string, object?> { ["a"] = json.RootElement }));
    }

    [Theory]
    [InlineData("{{name}}", "x&lt;y&gt;&amp;&quot;&#x27;")]
    [InlineData("{{{name}}}", "x<y>&\"'")]
    [InlineData("{{yes}} {{no}} {{nothing}} {{missing}} {{n}} {{price}}", "true false   3 1234.5")]
    [InlineData("{{o.a}} {{o/a}} {{o.[a]}} {{list.[1]}} {{list.0}} {{list.2.q}}", "A A A two 1 Q")]
    [InlineData("{{o.Count}} {{o.Keys}} {{[a b]}} {{用户}} {{this.if}}", "mine ours AB 甲 I")]
    [InlineData("{{#each list}}{{@index}}{{#if @first}}first{{/if}}{{#if @last}}last{{/if}} {{/each}}", "0first 1 2last ")]
    [InlineData("{{#each o}}{{@key}}={{this}};{{/each}}", "a=A;Count=mine;Keys=ours;")]
    [InlineData("{{#each o as |v k|}}{{k}}={{v}};{{/each}}", "a=A;Count=mine;Keys=ours;")]
    [InlineData("{{#each none}}x{{else}}none{{/each}}{{#each name}}x{{else}}none{{/each}}{{#each missing}}x{{else}}none{{/each}}", "nonenonenone")]
    [InlineData("{{#if none}}y{{else}}n{{/if}}{{#if missing}}y{{else if yes}}m{{/if}}{{#unless no}}u{{/unless}}", "nmu")]
    [InlineData("{{#if no}}a{{^}}b{{/if}}{{#if yes}}a{{^}}b{{/if}}", "ba")]
    [InlineData("{{#with o}}{{a}}{{../n}}{{@root.n}}{{/with}}", "A33")]
    [InlineData("{{#if yes}}{{../n}}{{n}}{{/if}}", "3")]
    [InlineData("{{lookup o 'a'}}{{lookup list 1}}{{lookup missing 'x'}}", "Atwo")]
    [InlineData("{{list}}{{o}}{{this}}{{@root}}{{@brand}}", "")]
    [InlineData("a{{! c }}b {{~name~}} c", "abx&lt;y&gt;&amp;&quot;&#x27;c")]
    [InlineData("{{__proto__}} {{constructor}} {{length}} {{[0]}}", "p c l zero")]
    [InlineData("@{media} { a{b:c} } { {{n}} }", "@{media} { a{b:c} } { 3 }")]
    public void Handlebars_as_people_know_it(string template, string expected) => Assert.Equal(expected, Rendered.Html(template, Model));

    [Theory]
    [InlineData("{{name.Length}}")]
    [InlineData("{{name.length}}")]
    [InlineData("{{name.Chars}}")]
    [InlineData("{{list.Count}}")]
    [InlineData("{{list.Items}}")]
    [InlineData("{{list.Budget}}")]
    [InlineData("{{list.Capacity}}")]
    [InlineData("{{o.Values}}")]
    [InlineData("{{o.Budget}}")]
    [InlineData("{{o.Comparer}}")]
    [InlineData("{{n.MaxValue}}")]
    [InlineData("{{n.GetType}}")]
    [InlineData("{{price.Scale}}")]
    [InlineData("{{o.GetType}}")]
    [InlineData("{{o.constructor}}")]
    [InlineData("{{o.__proto__}}")]
    [InlineData("{{this.GetHashCode}}")]
    [InlineData("{{this.Values}}")]
    [InlineData("{{@root.Values}}")]
    [InlineData("{{@brand.Values}}")]
    [InlineData("{{@brand.Budget}}")]
    [InlineData("{{lookup name 'Length'}}")]
    [InlineData("{{lookup list 'Count'}}")]
    [InlineData("{{lookup this 'Values'}}")]
    [InlineData("{{#with name}}{{Length}}{{/with}}")]
    [InlineData("{{#each list}}{{Budget}}{{GetType}}{{/each}}")]
    [InlineData("{{#with (lookup o 'a')}}{{Length}}{{Chars}}{{/with}}")]
    [InlineData("{{#each o}}{{Length}}{{/each}}")]
    public void No_member_of_NET_is_in_reach(string template) => Assert.Equal("", Rendered.Text(template, """{ "name": "text", "list": [1, "two"], "o": { "a": "A" }, "n": 3, "price": 1.5 }"""));

    /// <summary>In a loop the engine asks what it learned of one value about the next.</summary>
    [Theory]
    [InlineData("{{#each this}}{{#each this}}{{../a}};{{/each}}{{/each}}", ";;A;A;")]
    [InlineData("{{#each this as |x y|}}{{#each this as |x y|}}{{../[0]}};{{/each}}{{/each}}", "1;1;;;")]
    [InlineData("{{#each this}}{{a}}{{[0]}}{{Length}}{{#with this}}{{a}}{{/with}};{{/each}}", "1;AA;;;;")]
    public void Values_of_several_kinds_stand_in_one_loop(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template, """{ "list": [1, 2], "map": { "a": "A", "b": "B" }, "text": "t", "number": 3, "none": null }"""));

    [Theory]
    [InlineData("{{formatDate time}}", "en", "November 21, 2026 8:05 AM UTC+08:00")]
    [InlineData("{{formatDate time 'date'}}|{{formatDate time 'short'}}|{{formatDate time 'time'}}|{{formatDate time 'long'}}", "en", "November 21, 2026|11/21/2026|8:05 AM|Saturday, November 21, 2026")]
    [InlineData("{{formatDate time 'date'}}", "zh-CN", "2026年11月21日")]
    [InlineData("{{formatDate time 'date'}}", "de-DE", "21. November 2026")]
    [InlineData("{{formatDate time 'yyyy-MM-dd HH:mm'}}|{{formatDate name}}|{{formatDate missing}}|{{formatDate time '%'}}", "en", "2026-11-21 08:05|x<y>&\"'||11/21/2026 8:05 AM")]
    [InlineData("{{formatNumber price}}|{{formatNumber price 2}}|{{formatNumber price 0}}|{{formatNumber name}}|{{formatNumber '12.50'}}|{{formatNumber price 99}}", "en", "1,234.5|1,234.50|1,235|x<y>&\"'|12.5|1,234.5000000000")]
    [InlineData("{{formatNumber price 2}}", "de-DE", "1.234,50")]
    [InlineData("{{pluralize n 'file' 'files'}} {{pluralize 1 'file' 'files'}} {{pluralize list 'item' 'items'}} {{pluralize missing 'file' 'files'}} {{pluralize n '个文件'}}", "en", "files file items files 个文件")]
    [InlineData("{{urlEncode name}}|{{urlEncode '用户/a b'}}", "en", "x%3Cy%3E%26%22%27|%E7%94%A8%E6%88%B7%2Fa%20b")]
    [InlineData("{{default missing 'd'}}{{default nothing 'd'}}{{default '' 'd'}}{{default no 'd'}}{{default n 'd'}}{{default missing other}}", "en", "dddfalse3")]
    [InlineData("{{eq n 3}} {{eq n '3'}} {{eq name 'x'}} {{#if (eq n 3)}}y{{/if}}{{#if (eq list list)}}l{{/if}}{{#if (eq list o)}}w{{/if}}{{#if (eq missing nothing)}}z{{/if}}", "en", "true true false ylz")]
    [InlineData("{{button 'https://example.org/a?b=c&d' 'Go'}}", "en", "Go: https://example.org/a?b=c&d")]
    public void The_helpers_do_what_they_say(string template, string locale, string expected) => Assert.Equal(expected, Rendered.Text(template, Model, locale));

    [Theory]
    [InlineData("https://example.org/?a=1&b=\"2", "<a class=\"mp-button\" href=\"https://example.org/?a=1&amp;b=&quot;2\"")]
    [InlineData("mailto:a@example.org", "href=\"mailto:a@example.org\"")]
    [InlineData("javascript:alert(1)", "<strong>G&lt;o</strong>")]
    [InlineData(" JavaScript:alert(1)", "<strong>G&lt;o</strong>")]
    [InlineData("data:text/html,x", "<strong>G&lt;o</strong>")]
    [InlineData("", "<strong>G&lt;o</strong>")]
    public void A_button_leads_to_the_web_or_to_a_mailbox_and_nowhere_else(string url, string expected)
    {
        var html = Rendered.Html("{{button url 'G<o'}}", new Dictionary<string, object?> { ["url"] = url });

        Assert.Contains(expected, html, StringComparison.Ordinal);
        Assert.DoesNotContain("script:", html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("#ffffff", "#000000")]
    [InlineData("#ffee00", "#000000")]
    [InlineData("#2457d6", "#ffffff")]
    [InlineData("#000000", "#ffffff")]
    public void The_ink_can_be_read_on_the_brand_s_colour(string fill, string ink) => Assert.Equal(ink, BrandColors.Of(fill).Ink);

    [Theory]
    [InlineData("a\r\nBcc: evil@example.org", "a Bcc: evil@example.org")]
    [InlineData("\r\n a \t\u0085\u2028\u2029 b \u007f", "a  b")]
    [InlineData("  plain  ", "plain")]
    [InlineData("\r\n", "Sender mail")]
    public void A_subject_is_one_line(string value, string expected)
    {
        var model = new Dictionary<string, object?> { ["v"] = value };

        Assert.Equal(expected, value == "\r\n" ? Rendered.Subject("{{v}}Sender mail", model) : Rendered.Subject("{{v}}", model));
    }

    [Fact]
    public void The_preheader_is_what_the_template_says_or_how_the_text_begins()
    {
        var layout = Rendered.Workshop.Prepare(new TemplateLayout { Html = "[{{summary}}] {{{body}}}", Text = "{{body}}" }).Layout!;

        Assert.Equal("[a &lt;b&gt; c] rest", Rendered.Mail(Rendered.Prepare("{{#preheader}}\na {{v}} c\n{{/preheader}}rest", "x"), """{ "v": "<b>" }""", layout: layout).Html);
        Assert.Equal("[Hello you.] <p>Hello <b>you</b>.</p>", Rendered.Mail(Rendered.Prepare("<p>Hello <b>you</b>.</p>"), layout: layout).Html);
        Assert.Equal($"[{string.Join(' ', Enumerable.Repeat("word", 28))}] x", Rendered.Mail(Rendered.Prepare("x", string.Join(' ', Enumerable.Repeat("word", 100))), layout: layout).Html);
    }

    [Theory]
    [InlineData("ar", "rtl")]
    [InlineData("he-IL", "rtl")]
    [InlineData("zh-CN", "ltr")]
    public void The_frame_says_language_and_direction(string locale, string direction)
    {
        var html = Rendered.Mail(Rendered.Prepare("<p>x</p>"), null, locale, Rendered.Workshop.StandardLayout).Html!;

        Assert.Contains($"<html lang=\"{locale}\" dir=\"{direction}\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_code_is_taken_apart_and_what_cannot_be_shown_is_named()
    {
        var faults = new Faults();
        var model = ModelConversion.Convert(
            new Dictionary<string, object?>
            {
                ["int"] = 3,
                ["float"] = 1.5f,
                ["ulong"] = ulong.MaxValue,
                ["char"] = 'c',
                ["guid"] = Guid.Empty,
                ["uri"] = new Uri("https://example.org/"),
                ["enum"] = DayOfWeek.Friday,
                ["time"] = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.FromHours(8)),
                ["utc"] = new DateTime(2026, 11, 21, 8, 0, 0, DateTimeKind.Utc),
                ["day"] = new DateOnly(2026, 11, 21),
                ["array"] = new[] { 1, 2 },
                ["map"] = new Dictionary<string, string> { ["k"] = "v" },
                ["half"] = "a\ud800b\0c",
                ["pair"] = "😀",
                ["stream"] = new { Member = Stream.Null },
                ["inner"] = new List<object?> { new object() },
            },
            null, faults).Values;

        Assert.Equal(["model.inner[0]", "model.stream"], faults.ToErrors().Keys.Order());
        Assert.Equal((3L, 1.5, (decimal)ulong.MaxValue, "c", "Friday"), (model["int"], model["float"], model["ulong"], model["char"], model["enum"]));
        Assert.Equal(("2026-11-21T08:00:00+08:00", "2026-11-21T08:00:00Z", "2026-11-21"), (model["time"], model["utc"], model["day"]));
        Assert.Equal(("a\uFFFDb\uFFFDc", "😀", "v"), (model["half"], model["pair"], ((ModelMap)model["map"]!).Values["k"]));
    }

    [Fact]
    public void A_model_that_holds_itself_is_refused()
    {
        var map = new Dictionary<string, object?>();
        map["self"] = map;
        var faults = new Faults();

        ModelConversion.Convert(map, null, faults);

        Assert.Single(faults.ToErrors());
    }

    [Fact]
    public void One_compiled_template_serves_many_at_once()
    {
        var template = Rendered.Prepare("{{#each l}}{{#preheader}}{{../v}}{{/preheader}}{{this}}-{{../v}};{{/each}}", "{{v}}");

        Parallel.For(0, 500, number => Assert.Equal($"1-{number};2-{number};", Rendered.Mail(template, new Dictionary<string, object?> { ["l"] = new[] { 1, 2 }, ["v"] = number }).Html));
    }
}
