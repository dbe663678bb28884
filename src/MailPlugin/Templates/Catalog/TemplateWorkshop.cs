using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Rendering;
using MailPlugin.Templates.Scanning;
using MailPlugin.Templates.Sources;

namespace MailPlugin.Templates.Catalog;

/// <summary>Prepares what people and files bring, with the one engine; knows what is built in.</summary>
internal sealed class TemplateWorkshop
{
    readonly HandlebarsEngine _engine = new();

    public TemplateWorkshop()
    {
        BuiltIn = BuiltInTemplates.Read();
        StandardLayout = Must(Prepare(new TemplateLayout()));
    }

    public SourceSet BuiltIn { get; }

    public PreparedLayout StandardLayout { get; }

    public (PreparedTemplate? Template, IReadOnlyList<TemplateFault> Faults) Prepare(TemplateText text) => PreparedTemplate.Prepare(text, _engine);

    public (PreparedLayout? Layout, IReadOnlyList<TemplateFault> Faults) Prepare(TemplateLayout layout) => PreparedLayout.Prepare(layout, BuiltIn.Layout!, _engine);

    /// <summary>A stored document, by the rules of this version; null when it breaks one.</summary>
    public PreparedTemplate? Restore(string document)
    {
        using var json = JsonDocument.Parse(document);
        var text = new TemplateText(Part("subject") ?? "", Part("text"), Part("html"));
        return text.IsTooLarge ? null : Prepare(text).Template;

        string? Part(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    public PreparedLayout? RestoreLayout(string document)
    {
        using var json = JsonDocument.Parse(document);
        var faults = new Faults();
        var layout = LayoutReader.Read(new JsonObjectReader(json.RootElement, "", faults));
        return Prepare(layout).Layout;
    }

    static T Must<T>((T? Value, IReadOnlyList<TemplateFault> Faults) prepared)
        where T : class => prepared.Value ?? throw new InvalidOperationException(prepared.Faults[0].Message.English);
}
