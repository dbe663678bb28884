using System.Globalization;
using System.Text.RegularExpressions;
using MailPlugin.Http;

namespace MailPlugin.Templates.Importing;

/// <summary>Turns what was read of a PHP mail template into Handlebars, and reports what could not be.</summary>
internal sealed partial class PhpTemplate
{
    const int MaxDepth = 24;

    static readonly LocalizedText NotKnown = new("This PHP is not known here: it was left out.", "不支持这段 PHP，已略去。");
    static readonly LocalizedText OfTheLayout = new("The layout stands for it.", "由布局代替。");
    static readonly LocalizedText TooDeep = new("It is nested too deeply: it was left out.", "嵌套过深，已略去。");
    static readonly LocalizedText ConditionNotKnown = new("This condition is not known here: what depends on it stands there always.", "不支持此条件，其内容将始终出现。");

    static readonly string[] PassedThrough = ["htmlspecialchars", "nl2br", "trim", "ucfirst", "strip_tags", "\\OCP\\Util::sanitizeHTML", "OC_Util::sanitizeHTML", "\\OC_Util::sanitizeHTML", "OCP\\Util::sanitizeHTML"];

    readonly HandlebarsDraft _draft;
    readonly ImportReport _report;
    int _depth;

    PhpTemplate(bool isHtml, ImportReport report) => (_draft, _report) = (new(isHtml), report);

    public static string Write(PhpNode node, bool isHtml, ImportReport report)
    {
        var writer = new PhpTemplate(isHtml, report);
        writer.Statement(node, encodes: false);
        return writer._draft.ToString();
    }

    /// <summary>What stands where something is printed or decided; an expression is printed.</summary>
    void Statement(PhpNode node, bool encodes)
    {
        if (_depth >= MaxDepth)
        {
            _report.Ignore("…", TooDeep);
            return;
        }

        _depth++;
        switch (node)
        {
            case PhpNode.Sequence sequence:
                foreach (var inner in sequence.Nodes)
                {
                    Statement(inner, encodes);
                }

                break;
            case PhpNode.Print print:
                Statement(print.Inner, print.Encodes);
                break;
            case PhpNode.Words words:
                Words(words.Text, encodes);
                break;
            case PhpNode.Value value:
                Value(value);
                break;
            case PhpNode.Choice choice:
                Choice(choice, encodes);
                break;
            case PhpNode.Loop loop:
                Loop(loop);
                break;
            case PhpNode.Call call:
                Call(call, encodes);
                break;
            case PhpNode.Unknown { Source.Length: > 0 } unknown:
                Leave(unknown.Source, unknown.Line);
                break;
        }

        _depth--;
    }

    void Value(PhpNode.Value value)
    {
        if (value.Path.Length > 0)
        {
            _report.Recognise(value.Path);
            _draft.Tag(HandlebarsDraft.PathOf(value.Path));
        }
    }

    /// <summary><c>{link}</c> that nobody replaced is meant to be a variable too.</summary>
    void Words(string text, bool encodes)
    {
        var at = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            _draft.Words(text[at..match.Index], encodes);
            Value(new(match.Groups[1].Value));
            at = match.Index + match.Length;
        }

        _draft.Words(text[at..], encodes);
    }

    void Choice(PhpNode.Choice choice, bool encodes)
    {
        var (path, negated) = PhpIdioms.Condition(choice.Condition);
        if (path is null)
        {
            _report.Ignore("if (…)", ConditionNotKnown);
            Statement(choice.Then, encodes);
            return;
        }

        var block = negated ? "unless" : "if";
        _report.Recognise(path);
        _draft.Tag($"#{block} {HandlebarsDraft.PathOf(path)}");
        Statement(choice.Then, encodes);
        if (choice.Else is not null)
        {
            _draft.Tag("else");
            Statement(choice.Else, encodes);
        }

        _draft.Tag($"/{block}");
    }

    void Loop(PhpNode.Loop loop)
    {
        if (loop.Over is not PhpNode.Value { Path.Length: > 0 } over)
        {
            Leave("foreach (…)", 0);
            return;
        }

        _report.Recognise(over.Path + "[]");
        _draft.Tag($"#each {HandlebarsDraft.PathOf(over.Path)} as |{NameOf(loop.Item)}{(loop.Key is null ? "" : " " + NameOf(loop.Key))}|");
        Statement(loop.Body, encodes: false);
        _draft.Tag("/each");
    }

    void Call(PhpNode.Call call, bool encodes)
    {
        var name = call.Name;
        if (name.EndsWith("->t", StringComparison.Ordinal) && call.Arguments is [var text, ..])
        {
            Format(text, call.Arguments is [_, var values, ..] ? values : null, null, encodes);
        }
        else if (name.EndsWith("->n", StringComparison.Ordinal) && call.Arguments is [var one, var many, var count, ..])
        {
            Plural(one, many, count, call.Arguments is [_, _, _, var values, ..] ? values : null, encodes);
        }
        else if (name is "sprintf" && call.Arguments is [var pattern, ..])
        {
            Format(pattern, new PhpNode.List([.. call.Arguments.Skip(1)]), null, encodes);
        }
        else if (name is "str_replace" or "strtr" && call.Arguments is [var search, var replacement, var subject])
        {
            Statement(Replace(PhpIdioms.Flat(subject), search, replacement), encodes);
        }
        else if (PassedThrough.Contains(name, StringComparer.OrdinalIgnoreCase) && call.Arguments is [var inner, ..])
        {
            Statement(inner, encodes);
        }
        else if (name.StartsWith("$theme->", StringComparison.Ordinal))
        {
            Theme(call);
        }
        else if (name.EndsWith("->inc", StringComparison.Ordinal))
        {
            _report.Ignore($"{name}(…)", OfTheLayout);
        }
        else
        {
            Leave($"{name}(…)", call.Line);
        }
    }

    void Theme(PhpNode.Call call)
    {
        var brand = call.Name["$theme->".Length..] switch
        {
            "getName" or "getTitle" or "getEntity" or "getHTMLName" => "@brand.name",
            "getMailHeaderColor" or "getColorPrimary" => "@brand.color",
            _ => null,
        };
        if (brand is null)
        {
            _report.Ignore($"{call.Name}()", OfTheLayout);
        }
        else
        {
            _report.Recognise($"{call.Name}()");
            _draft.Tag(brand);
        }
    }

    /// <summary><c>%s</c>, <c>%1$s</c>, <c>%d</c>, <c>%n</c> in a translated text.</summary>
    void Format(PhpNode text, PhpNode? values, PhpNode? count, bool encodes)
    {
        foreach (var part in PhpIdioms.Flat(text))
        {
            if (part is not PhpNode.Words words)
            {
                Statement(part, encodes);
                continue;
            }

            var (at, next) = (0, 0);
            foreach (Match match in Directive().Matches(words.Text))
            {
                Words(words.Text[at..match.Index], encodes);
                at = match.Index + match.Length;
                if (match.Value == "%%")
                {
                    _draft.Words("%", encodes: false);
                    continue;
                }

                var index = match.Groups[1].Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1 : next;
                next += match.Groups[1].Success || match.Value == "%n" ? 0 : 1;
                Statement((match.Value == "%n" ? count : PhpIdioms.Argument(values, index)) ?? new PhpNode.Unknown(match.Value, 0), encodes);
            }

            Words(words.Text[at..], encodes);
        }
    }

    void Plural(PhpNode one, PhpNode many, PhpNode count, PhpNode? values, bool encodes)
    {
        if (count is not PhpNode.Value { Path.Length: > 0 } number)
        {
            Format(many, values, count, encodes);
            return;
        }

        _report.Recognise(number.Path);
        _draft.Tag($"#if (eq {HandlebarsDraft.PathOf(number.Path)} 1)");
        Format(one, values, number, encodes);
        _draft.Tag("else");
        Format(many, values, number, encodes);
        _draft.Tag("/if");
    }

    /// <summary>Where a placeholder stands in the words, what it is replaced by.</summary>
    PhpNode.Sequence Replace(IReadOnlyList<PhpNode> subject, PhpNode search, PhpNode replacement)
    {
        var pairs = search is PhpNode.List many
            ? many.Items.Select((item, index) => (item, replacement is PhpNode.List list ? index < list.Items.Count ? list.Items[index] : new PhpNode.Words("") : replacement))
            : [(search, replacement)];
        foreach (var (item, by) in pairs)
        {
            if (PhpIdioms.Flat(item) is not [PhpNode.Words { Text.Length: > 0 } placeholder])
            {
                Leave("str_replace(…)", 0);
                continue;
            }

            subject = [.. subject.SelectMany(node => node is PhpNode.Words words ? PhpIdioms.Split(words.Text, placeholder.Text, by) : [node])];
        }

        return new(subject);
    }

    void Leave(string source, int line)
    {
        if (source is not (")" or "]" or "}" or ";" or ","))
        {
            _report.Ignore(line > 0 ? $"{source} ({line})" : source, NotKnown);
        }
    }

    static string NameOf(string variable) => new([.. variable.Select(letter => char.IsLetterOrDigit(letter) || letter == '_' ? letter : '_')]);

    [GeneratedRegex(@"(?<!\{)\{([A-Za-z_][A-Za-z0-9_]{0,63})\}(?!\})")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"%%|%n|%(?:([1-9][0-9]?)\$)?[sdu]")]
    private static partial Regex Directive();
}
