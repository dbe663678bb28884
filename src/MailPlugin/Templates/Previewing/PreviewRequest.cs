using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Previewing;

/// <summary>A template, saved or typed, with a model, typed or the sample, in a locale.</summary>
/// <param name="Named">Null for a draft whose name nobody has yet.</param>
/// <param name="Wanted">The locale that was asked for.</param>
/// <param name="Locale">The locale of the text.</param>
internal sealed record PreviewRequest(NamedTemplate? Named, PreparedTemplate Template, LocaleTag Wanted, LocaleTag Locale, IReadOnlyDictionary<string, object?> Model)
{
    public const int MaxBody = 4 * 1024 * 1024;

    public RenderOrder Order(string? sender) => RenderOrder.For(Locale, Wanted, Model, sender);

    /// <summary>Reads its own properties; the caller has read those beside them before.</summary>
    public static (PreviewRequest? Request, ProblemResult? Problem) Read(string name, JsonObjectReader json, Faults faults, TemplateCatalog catalog, TemplateWorkshop workshop)
    {
        var localeText = json.Text("locale", 256);
        var model = ModelReader.Read(json, "model");
        var draft = json.Object("draft");
        json.Complete();
        var wanted = LocaleTag.Default;
        if (!string.IsNullOrEmpty(localeText) && !LocaleTag.TryParse(localeText, out wanted))
        {
            json.Fault("locale", LocaleTag.Rule);
        }

        if (faults.Any)
        {
            return (null, Problem.Invalid("invalid-request", faults));
        }

        var named = catalog.Find(name);
        if (draft is not null && TemplateName.IsValid(name))
        {
            return Draft(named, wanted!, model, draft, workshop);
        }

        return named?.BestFor(wanted!) is { } variant
            ? (new(named, variant.Template, wanted!, variant.Locale, model ?? named.About.SampleFor(variant.Locale)), null)
            : (null, Problem.NotFound());
    }

    static (PreviewRequest?, ProblemResult?) Draft(NamedTemplate? named, LocaleTag wanted, IReadOnlyDictionary<string, object?>? model, JsonObjectReader json, TemplateWorkshop workshop)
    {
        var faults = new Faults();
        var (text, problem) = TemplateDraft.Read(json, faults);
        if (text is null)
        {
            return (null, problem);
        }

        var (template, faulty) = TemplateDraft.Prepare(text, workshop, "draft.");
        return template is null ? (null, faulty) : (new(named, template, wanted, wanted, model ?? named?.About.SampleFor(wanted) ?? new Dictionary<string, object?>()), null);
    }
}
