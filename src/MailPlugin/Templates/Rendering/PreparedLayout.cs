using MailPlugin.Http;
using MailPlugin.Templates.Scanning;

namespace MailPlugin.Templates.Rendering;

/// <summary>A layout that broke no rule. It is compiled when it is first used.</summary>
internal sealed class PreparedLayout
{
    static readonly LocalizedText NoBody = new("The layout must have {{{body}}}: the mail's own text stands there.", "布局中必须有 {{{body}}}：邮件正文放在该处。");

    readonly Lazy<CompiledPart> _html;
    readonly Lazy<CompiledPart> _text;

    PreparedLayout(TemplateLayout source, TemplateLayout standard, ScannedTemplate html, ScannedTemplate text, HandlebarsEngine engine)
    {
        (Source, HtmlFrame, TextFrame) = (source, source.Html ?? standard.Html!, source.Text ?? standard.Text!);
        Colors = BrandColors.Of(source.Color);
        _html = new(() => engine.Compile(html, isHtml: true));
        _text = new(() => engine.Compile(text, isHtml: false));
    }

    public TemplateLayout Source { get; }

    public BrandColors Colors { get; }

    /// <summary>What stands around the HTML, be it the layout's own or the built-in.</summary>
    public string HtmlFrame { get; }

    public string TextFrame { get; }

    public CompiledPart Html => _html.Value;

    public CompiledPart Text => _text.Value;

    /// <summary>Compiles both frames now.</summary>
    /// <exception cref="TemplateRefusedException">The engine does not take one.</exception>
    public void Compile()
    {
        _ = Html;
        _ = Text;
    }

    /// <param name="layout">What is wanted.</param>
    /// <param name="standard">The frames where the layout has none of its own.</param>
    public static (PreparedLayout? Layout, IReadOnlyList<TemplateFault> Faults) Prepare(TemplateLayout layout, TemplateLayout standard, HandlebarsEngine engine)
    {
        var (html, htmlFaults) = Frame("html", layout.Html ?? standard.Html!);
        var (text, textFaults) = Frame("text", layout.Text ?? standard.Text!);
        return html is null || text is null ? (null, [.. htmlFaults, .. textFaults]) : (new(layout, standard, html, text, engine), []);
    }

    static (ScannedTemplate?, IReadOnlyList<TemplateFault>) Frame(string part, string source)
    {
        var (scanned, faults) = TemplateScanner.Scan(part, source);
        return scanned is null || scanned.Variables.ContainsKey("body") ? (scanned, faults) : (null, [new(part, 1, 1, NoBody)]);
    }
}
