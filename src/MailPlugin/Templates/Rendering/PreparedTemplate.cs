using MailPlugin.Templates.Scanning;

namespace MailPlugin.Templates.Rendering;

/// <summary>A template that broke no rule. It is compiled when it is first rendered.</summary>
internal sealed class PreparedTemplate
{
    readonly Lazy<CompiledPart> _subject;
    readonly Lazy<CompiledPart>? _text;
    readonly Lazy<CompiledPart>? _html;

    PreparedTemplate(TemplateText source, IReadOnlyDictionary<string, ScannedTemplate> parts, HandlebarsEngine engine)
    {
        Source = source;
        Inferred = parts.Values.SelectMany(part => part.Variables).GroupBy(variable => variable.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Any(variable => variable.Value), StringComparer.Ordinal);
        _subject = Part("subject", isHtml: false)!;
        _text = Part("text", isHtml: false);
        _html = Part("html", isHtml: true);

        Lazy<CompiledPart>? Part(string name, bool isHtml) => parts.TryGetValue(name, out var part) ? new(() => engine.Compile(part, isHtml)) : null;
    }

    public TemplateText Source { get; }

    /// <summary>What the template reads of the model, by path, and whether something is missing in the mail without it.</summary>
    public IReadOnlyDictionary<string, bool> Inferred { get; }

    public CompiledPart Subject => _subject.Value;

    public CompiledPart? Text => _text?.Value;

    public CompiledPart? Html => _html?.Value;

    /// <summary>Compiles all parts now.</summary>
    /// <exception cref="TemplateRefusedException">The engine does not take one.</exception>
    public void Compile()
    {
        _ = Subject;
        _ = Text;
        _ = Html;
    }

    public static (PreparedTemplate? Template, IReadOnlyList<TemplateFault> Faults) Prepare(TemplateText text, HandlebarsEngine engine)
    {
        var parts = new Dictionary<string, ScannedTemplate>(StringComparer.Ordinal);
        var faults = new List<TemplateFault>();
        foreach (var (name, source) in text.Parts)
        {
            var (scanned, found) = TemplateScanner.Scan(name, source);
            faults.AddRange(found);
            if (scanned is not null)
            {
                parts[name] = scanned;
            }
        }

        return faults.Count > 0 ? (null, faults) : (new(text, parts, engine), []);
    }
}
