using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Rendering;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Previewing;

/// <summary><c>POST /templates/layout/preview</c>: a template's sample in the layout, saved or typed.</summary>
internal static class PreviewLayout
{
    const string Sample = "activity-notification";

    public static async Task<IResult> HandleAsync(HttpContext context, TemplateRegister register, TemplateWorkshop workshop, TemplateRenderer renderer, IMailSetup setup)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, PreviewRequest.MaxBody);
        using var _ = body;
        if (body is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var (localeText, name, draft) = Read(new JsonObjectReader(body.Root, "", faults));
        var locale = LocaleTag.Default;
        if (!string.IsNullOrEmpty(localeText) && !LocaleTag.TryParse(localeText, out locale))
        {
            faults.Add("locale", LocaleTag.Rule);
        }

        var catalog = register.Current;
        if (catalog.Find(name ?? Sample) is not { } named)
        {
            faults.Add("template", "must be the name of a template");
            return Problem.Invalid("invalid-request", faults);
        }

        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        var (layout, problem) = draft is null ? (catalog.Layout.Layout, null) : Prepare(draft, faults, workshop);
        if (layout is null)
        {
            return problem!;
        }

        var variant = named.BestFor(locale!);
        var request = new PreviewRequest(named, variant.Template, locale!, variant.Locale, named.About.SampleFor(variant.Locale));
        var result = renderer.Render(request.Template, layout, request.Order(setup.SenderName), faults);
        return result.Mail is { } mail ? Results.Ok(PreviewAnswer.Body(request, mail, RequestLanguage.Of(context))) : TemplateProblems.Failed(result.Failure!.Value);
    }

    static (string? Locale, string? Template, JsonObjectReader? Draft) Read(JsonObjectReader json)
    {
        var read = (json.Text("locale", 256), json.Text("template", 64), json.Object("draft"));
        json.Complete();
        return read;
    }

    static (PreparedLayout?, ProblemResult?) Prepare(JsonObjectReader draft, Faults faults, TemplateWorkshop workshop)
    {
        var (layout, problem) = LayoutDraft.Read(draft, faults);
        return layout is null ? (null, problem) : LayoutDraft.Prepare(layout, workshop, "draft.");
    }
}
