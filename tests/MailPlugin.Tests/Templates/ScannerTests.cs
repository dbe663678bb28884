using MailPlugin.Templates.Scanning;

namespace MailPlugin.Tests.Templates;

public sealed class ScannerTests
{
    [Theory]
    [InlineData("a\nbc{{x", 2, 3, "This tag is not closed")]
    [InlineData("{{}}", 1, 1, "This tag is empty")]
    [InlineData("{{ }}", 1, 1, "This tag is empty")]
    [InlineData("{{{x}}", 1, 5, "A tag that opens with {{{")]
    [InlineData("{{x}}}", 1, 6, "Put a blank between")]
    [InlineData("{{{{raw}}}}x{{{{/raw}}}}", 1, 1, "{{{{ is not supported")]
    [InlineData("C:\\{{x}}", 1, 3, "A backslash")]
    [InlineData("{{> header}}", 1, 1, "There are no partials")]
    [InlineData("{{#> header}}{{/header}}", 1, 1, "There are no partials")]
    [InlineData("{{* deco}}", 1, 1, "Decorators")]
    [InlineData("{{#*inline 'x'}}{{/inline}}", 1, 1, "Decorators")]
    [InlineData("{{&x}}", 1, 1, "Write {{{name}}}")]
    [InlineData("{{^x}}{{/x}}", 1, 1, "Write {{#unless")]
    [InlineData("{{exec 'rm'}}", 1, 3, "There is no helper exec")]
    [InlineData("{{#items}}{{/items}}", 1, 1, "There is no block items")]
    [InlineData("{{#urlEncode x}}{{/urlEncode}}", 1, 1, "urlEncode is no block")]
    [InlineData("{{if x}}", 1, 3, "if begins a block")]
    [InlineData("{{#if}}{{/if}}", 1, 1, "if takes 1 value.")]
    [InlineData("{{#if a b}}{{/if}}", 1, 1, "if takes 1 value.")]
    [InlineData("{{formatDate}}", 1, 3, "formatDate takes 1 to 2 values.")]
    [InlineData("{{eq a}}", 1, 3, "eq takes 2 values.")]
    [InlineData("{{default a b=1}}", 1, 14, "default takes no values with names.")]
    [InlineData("{{else}}", 1, 1, "{{else}} stands outside")]
    [InlineData("{{#if a}}{{else}}{{else}}{{/if}}", 1, 18, "This block has a second")]
    [InlineData("x\n{{#if a}}", 2, 1, "{{#if}} is not closed")]
    [InlineData("{{#if a}}\n{{/each}}", 2, 1, "{{/each}} does not fit: the block that is open is {{#if}} of line 1.")]
    [InlineData("{{/if}}", 1, 1, "{{/if}} closes a block that was never opened")]
    [InlineData("{{default x \"open}}", 1, 18, "A text in quotation marks may not contain")]
    [InlineData("{{default x \"open", 1, 13, "This text has no closing")]
    [InlineData("{{default x 'a\nb'}}", 1, 15, "A text in quotation marks may not contain")]
    [InlineData("{{default x (eq a b}}", 1, 13, "( is not closed")]
    [InlineData("{{default x (shell a)}}", 1, 14, "There is no helper shell")]
    [InlineData("{{default x (if a)}}", 1, 14, "if begins a block")]
    [InlineData("{{[a}}", 1, 5, "[ is not closed")]
    [InlineData("{{a.[b c}}", 1, 9, "[ is not closed")]
    [InlineData("{{@data}}", 1, 3, "Only @index")]
    [InlineData("{{@state}}", 1, 3, "Only @index")]
    [InlineData("{{\"text\"}}", 1, 3, "The name of a variable")]
    [InlineData("{{3}}", 1, 3, "The name of a variable")]
    [InlineData("{{true}}", 1, 3, "The name of a variable")]
    [InlineData("{{a$b}}", 1, 4, "$ cannot stand here")]
    [InlineData("{{a\u0007}}", 1, 4, "A control character")]
    [InlineData("{{#each a as |x y z|}}{{/each}}", 1, 11, "Names behind 'as'")]
    [InlineData("{{#each a as x}}{{/each}}", 1, 11, "Names behind 'as'")]
    [InlineData("{{{#if a}}}{{/if}}", 1, 1, "Blocks open and close with two")]
    [InlineData("{{!-- never closed }}", 1, 1, "This tag is not closed")]
    public void A_fault_has_its_place_and_a_sentence(string template, int line, int column, string message)
    {
        var fault = Rendered.Fault(template);

        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_found_in_the_order_of_the_text()
    {
        var (_, faults) = TemplateScanner.Scan("html", "{{a b}}\n{{#x}}\n{{y}}\n{{> p}}");

        Assert.Equal([1, 2, 4], faults.Select(fault => fault.Line!.Value));
    }

    [Fact]
    public void Every_sentence_is_there_in_both_languages()
    {
        var fields = typeof(ScanMessages).GetFields().Where(field => field.FieldType == typeof(MailPlugin.Http.LocalizedText)).Select(field => (MailPlugin.Http.LocalizedText)field.GetValue(null)!).ToList();

        Assert.True(fields.Count > 15);
        Assert.All(fields, text => Assert.True(text.English.Length > 10 && text.Chinese.Any(letter => letter > 0x4E00), text.English));
    }

    [Theory]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    public void There_are_at_most_2000_tags(int tags, bool taken) => Assert.Equal(taken, IsTaken(string.Concat(Enumerable.Repeat("{{a}}", tags))));

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Blocks_stand_at_most_32_deep(int depth, bool taken) =>
        Assert.Equal(taken, IsTaken(string.Concat(Enumerable.Repeat("{{#if a}}", depth)) + string.Concat(Enumerable.Repeat("{{/if}}", depth))));

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void Parentheses_stand_at_most_8_deep(int depth, bool taken) =>
        Assert.Equal(taken, IsTaken("{{default x " + string.Concat(Enumerable.Repeat("(default a ", depth)) + "b" + new string(')', depth) + "}}"));

    [Fact]
    public void Sixty_kilobytes_of_nested_parentheses_are_refused_at_the_ninth()
    {
        var fault = Rendered.Fault("{{default x " + string.Concat(Enumerable.Repeat("(default a ", 5_400)) + "b" + new string(')', 5_400) + "}}");

        Assert.Equal((1, 13 + (8 * 11)), (fault.Line, fault.Column));
        Assert.StartsWith("Parentheses may stand", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{link}} {{user.name}}", "link!, user.name!")]
    [InlineData("{{#if a}}{{b}}{{else}}{{c}}{{/if}}", "a, b, c")]
    [InlineData("{{default a b}} {{formatDate d}}", "a, b, d!")]
    [InlineData("{{#each items}}{{title}}{{../top}}{{@root.other}}{{@index}}{{/each}}", "items, items[].title, other, top")]
    [InlineData("{{#each items as |it n|}}{{it.title}}{{n}}{{/each}}", "items, items[].title")]
    [InlineData("{{#with user}}{{name}}{{#each roles}}{{this}}{{../name}}{{/each}}{{/with}}", "user, user.name, user.roles, user.roles[]")]
    [InlineData("{{#each a}}{{else}}{{b}}{{/each}}", "a, b")]
    [InlineData("{{@brand.name}}{{this}}{{! c }}{{#preheader}}{{p}}{{/preheader}}", "p!")]
    [InlineData("{{a}}{{#if a}}{{/if}}", "a!")]
    [InlineData("{{button (default a b) c}}", "a, b, c!")]
    [InlineData("{{[a b].[c]}}{{this.if}}", "a b.c!, if!")]
    [InlineData("{{this.[a b]}}{{[this]}}{{this}}", "a b!, this!")]
    public void Variables_are_inferred_with_what_cannot_be_missing(string template, string expected)
    {
        var (scanned, faults) = TemplateScanner.Scan("text", template);

        Assert.Empty(faults);
        Assert.Equal(expected, string.Join(", ", scanned!.Variables.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => variable.Key + (variable.Value ? "!" : ""))));
    }

    [Theory]
    [InlineData("{{#if   a }}x{{ else  if\tb}}y{{^}}z{{/ if }}", "{{#if a}}x{{else if b}}y{{else}}z{{/if}}")]
    [InlineData("{{~ a ~}}{{{ a }}}{{!-- }} --}}{{! x }}", "{{~a~}}{{{a}}}{{!}}{{!}}")]
    [InlineData("{{#each  a  as  | x  y | }}{{default (lookup x 'k')\n\"v\"}}{{/each}}", "{{#each a as |x y|}}{{default (lookup-entry x 'k') \"v\"}}{{/each}}")]
    [InlineData("{{lookup-entry}}", "{{this.lookup-entry}}")]
    public void What_is_compiled_is_written_anew(string template, string canonical)
    {
        var (scanned, faults) = TemplateScanner.Scan("text", template);

        Assert.Empty(faults);
        Assert.Equal(canonical, scanned!.Source);
    }

    static bool IsTaken(string template) => TemplateScanner.Scan("text", template).Template is not null;
}
