using System.Security.Claims;
using System.Text.Json;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>POST /templates/{name}/versions/{n}/restore</c>: the content of a version as a new one, by the rules of today. One that took an edit back has none.</summary>
internal static class RestoreVersion
{
    public static async Task<IResult> HandleAsync(
        string name, string n, HttpContext context, ClaimsPrincipal caller, ITemplateStore store, TemplateRegister register, TemplateWorkshop workshop, IAuditLog audit)
    {
        if (VersionAnswer.Number(n) is not { } number || await store.FindAsync(name, number, context.RequestAborted) is not { } version)
        {
            return Problem.NotFound();
        }

        if (version.Document is null)
        {
            return Problem.Of("wrong-state");
        }

        using var document = JsonDocument.Parse(version.Document);
        var json = new JsonObjectReader(document.RootElement, "", new Faults());
        var answer = name == TemplateName.Layout
            ? await LayoutAsync(context, caller, json, register, workshop)
            : await TemplateAsync(version, context, caller, json, register, workshop);
        if (answer is not ProblemResult)
        {
            await audit.WriteAsync(caller.Name(), "template restored", $"{name} {version.Locale}".TrimEnd(), $"version {number}", context.RequestAborted);
        }

        return answer;
    }

    static async Task<IResult> TemplateAsync(TemplateVersion version, HttpContext context, ClaimsPrincipal caller, JsonObjectReader json, TemplateRegister register, TemplateWorkshop workshop)
    {
        var locale = LocaleTag.Parse(version.Locale);
        var (template, variant) = (register.Current.Find(version.Name), register.Current.Find(version.Name)?.Exactly(locale));
        if (variant?.Locked is { } origin)
        {
            return TemplateProblems.Locked(origin);
        }

        if (IfMatch.Check(context, TemplateAnswer.Tag(variant?.Version ?? 0)) == IfMatch.Refusal.Stale)
        {
            return TemplateProblems.Stale(template, variant);
        }

        var (text, invalid) = TemplateDraft.Read(json, new());
        if (text is null || TemplateDraft.Prepare(text, workshop) is (null, var faulty) && (invalid = faulty) is not null)
        {
            return invalid!;
        }

        var saved = await register.SaveAsync(version.Name, locale, text, variant?.Version ?? 0, TemplateAct.Restored, caller.Name(), context.RequestAborted);
        return saved?.Find(version.Name) is { } named
            ? TemplateAnswer.Ok(context, named, named.Exactly(locale)!)
            : TemplateProblems.Stale(register.Current.Find(version.Name), register.Current.Find(version.Name)?.Exactly(locale));
    }

    static async Task<IResult> LayoutAsync(HttpContext context, ClaimsPrincipal caller, JsonObjectReader json, TemplateRegister register, TemplateWorkshop workshop)
    {
        var current = register.Current.Layout;
        if (current.Locked is { } origin)
        {
            return TemplateProblems.Locked(origin);
        }

        if (IfMatch.Check(context, TemplateAnswer.Tag(current.Version)) == IfMatch.Refusal.Stale)
        {
            return TemplateProblems.StaleLayout(current);
        }

        var layout = LayoutReader.Read(json);
        if (LayoutDraft.Prepare(layout, workshop) is (null, var problem))
        {
            return problem!;
        }

        var saved = await register.SaveLayoutAsync(layout, current.Version, TemplateAct.Restored, caller.Name(), context.RequestAborted);
        return saved is null ? TemplateProblems.StaleLayout(register.Current.Layout) : LayoutAnswer.Ok(context, saved.Layout);
    }
}
