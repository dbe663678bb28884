using MailPlugin.Http;

namespace MailPlugin.Templates.Scanning;

/// <summary>The sentences that a person reads who wrote a faulty template.</summary>
internal static class ScanMessages
{
    public static readonly LocalizedText TooManyTags = new(
        $"A template may have at most {TemplateScanner.MaxTags} tags.", $"模板最多可有 {TemplateScanner.MaxTags} 个标签。");

    public static readonly LocalizedText TooDeep = new(
        $"Blocks may stand at most {TemplateScanner.MaxBlockDepth} deep inside each other.", $"块最多可嵌套 {TemplateScanner.MaxBlockDepth} 层。");

    public static readonly LocalizedText TooDeepInside = new(
        $"Parentheses may stand at most {TagParser.MaxDepth} deep inside each other.", $"括号最多可嵌套 {TagParser.MaxDepth} 层。");

    public static readonly LocalizedText NotClosed = new("This tag is not closed: }} is missing.", "此标签没有结束：缺少 }}。");

    public static readonly LocalizedText NotClosedByThree = new("A tag that opens with {{{ closes with }}}.", "以 {{{ 开始的标签必须以 }}} 结束。");

    public static readonly LocalizedText BraceBehind = new("Put a blank between this tag and the } behind it.", "请在此标签与其后的 } 之间加一个空格。");

    public static readonly LocalizedText Backslash = new(
        "A backslash must not stand directly before {{. Put a blank between them.", "{{ 前面不能紧跟反斜杠，请在中间加一个空格。");

    public static readonly LocalizedText RawBlock = new("{{{{ is not supported. Use {{ }} or {{{ }}}.", "不支持 {{{{，请使用 {{ }} 或 {{{ }}}。");

    public static readonly LocalizedText Partial = new(
        "There are no partials here. What all mails share belongs into the layout.", "此处没有子模板（partial）。所有邮件共有的内容请放到布局中。");

    public static readonly LocalizedText Decorator = new("Decorators are not supported.", "不支持装饰器。");

    public static readonly LocalizedText Ampersand = new("Write {{{name}}} instead of {{&name}}.", "请用 {{{name}}} 代替 {{&name}}。");

    public static readonly LocalizedText InverseSection = new("Write {{#unless name}} instead of {{^name}}.", "请用 {{#unless name}} 代替 {{^name}}。");

    public static readonly LocalizedText Empty = new("This tag is empty: the name of a variable is missing.", "此标签为空：缺少变量名。");

    public static readonly LocalizedText ElseOutside = new("{{else}} stands outside of a block.", "{{else}} 不在任何块中。");

    public static readonly LocalizedText ElseTwice = new("This block has a second {{else}}.", "此块中有第二个 {{else}}。");

    public static readonly LocalizedText RawBlockTag = new("Blocks open and close with two braces, not three.", "块的开始和结束用两个花括号，而不是三个。");

    public static readonly LocalizedText NameExpected = new("The name of a variable or helper is expected here.", "此处应为变量名或函数名。");

    public static readonly LocalizedText ValueExpected = new("A value is expected here: a variable, a text in quotation marks or a number.", "此处应为一个值：变量、带引号的文本或数字。");

    public static readonly LocalizedText QuoteOpen = new("This text has no closing quotation mark.", "此文本缺少结束引号。");

    public static readonly LocalizedText QuoteContent = new(
        "A text in quotation marks may not contain braces, backslashes or line breaks.", "引号中的文本不能包含花括号、反斜杠或换行。");

    public static readonly LocalizedText BracketOpen = new("[ is not closed by ].", "[ 没有对应的 ]。");

    public static readonly LocalizedText ParenthesisOpen = new("( is not closed by ).", "( 没有对应的 )。");

    public static readonly LocalizedText BlockParameters = new("Names behind 'as' stand like this: as |item index|", "as 后面的名称应写作：as |item index|");

    public static readonly LocalizedText Data = new("Only @index, @key, @first, @last, @root and @brand can stand behind @.", "@ 后面只能是 index、key、first、last、root 或 brand。");

    public static LocalizedText Unexpected(char letter) => char.IsControl(letter)
        ? new("A control character stands here.", "此处有控制字符。")
        : new($"{letter} cannot stand here.", $"此处不能出现 {letter}。");

    public static LocalizedText UnknownHelper(string name) => new(
        $"There is no helper {name}. There are: {HelperRule.Inline}.", $"没有名为 {name} 的函数。可用的有：{HelperRule.Inline}。");

    public static LocalizedText UnknownBlock(string name) => new(
        $"There is no block {name}. There are: {HelperRule.Blocks}.", $"没有名为 {name} 的块。可用的有：{HelperRule.Blocks}。");

    public static LocalizedText BlockNeeded(string name) => new(
        $"{name} begins a block: write {{{{#{name} …}}}} … {{{{/{name}}}}}.", $"{name} 是一个块：请写作 {{{{#{name} …}}}} … {{{{/{name}}}}}。");

    public static LocalizedText NoBlock(string name) => new(
        $"{name} is no block: write {{{{{name} …}}}} without #.", $"{name} 不是块：请写作 {{{{{name} …}}}}，不带 #。");

    public static LocalizedText WrongCount(HelperRule rule)
    {
        var (least, most) = (rule.Least, rule.Most);
        return least == most
            ? new($"{rule.Name} takes {least} {(least == 1 ? "value" : "values")}.", $"{rule.Name} 需要 {least} 个值。")
            : new($"{rule.Name} takes {least} to {most} values.", $"{rule.Name} 需要 {least} 到 {most} 个值。");
    }

    public static LocalizedText NoHash(string name) => new($"{name} takes no values with names.", $"{name} 不接受带名称的值。");

    public static LocalizedText WrongEnd(string given, string open, int line) => new(
        $"{{{{/{given}}}}} does not fit: the block that is open is {{{{#{open}}}}} of line {line}.", $"{{{{/{given}}}}} 不匹配：当前打开的块是第 {line} 行的 {{{{#{open}}}}}。");

    public static LocalizedText EndWithoutBlock(string given) => new($"{{{{/{given}}}}} closes a block that was never opened.", $"{{{{/{given}}}}} 没有对应的开始块。");

    public static LocalizedText BlockOpen(string name) => new($"{{{{#{name}}}}} is not closed: {{{{/{name}}}}} is missing.", $"{{{{#{name}}}}} 没有结束：缺少 {{{{/{name}}}}}。");
}
