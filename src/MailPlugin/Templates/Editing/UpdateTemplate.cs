using System.Security.Claims;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>PUT /templates/{name}</c>: an edit of what is brought along, a translation, or an addition.</summary>
internal static class UpdateTemplate
{
    /// <summary>Templates in all their locales, so that nobody fills the memory.</summary>
    const int MaxVariants = 1_000;

    public static async Task<IResult> HandleAsync(string name, HttpContext context, ClaimsPrincipal caller, TemplateRegister register, TemplateWorkshop workshop, IAuditLog audit)
    {
        var (locale, problem) = TemplateTarget.LocaleOf(context);
        if (locale is null || !TemplateName.IsValid(name))
        {
            return problem ?? TemplateProblems.InvalidName();
        }

        var (body, unreadable) = await RequestBody.ReadAsync(context, TemplateDraft.MaxBody);
        using var _ = body;
        if (body is null)
        {
            return unreadable!;
        }

        var current = register.Current;
        var (template, variant) = (current.Find(name), current.Find(name)?.Exactly(locale));
        if (variant?.Locked is { } origin)
        {
            return TemplateProblems.Locked(origin);
        }

        var basedOn = variant?.Version ?? 0;
        if (IfMatch.Check(context, TemplateAnswer.Tag(basedOn)) is { } refused)
        {
            return refused == IfMatch.Refusal.Missing ? Problem.Of("if-match-needed") : TemplateProblems.Stale(template, variant);
        }

        var faults = new Faults();
        if (variant is null && current.Templates.Values.Sum(named => named.Variants.Count) >= MaxVariants)
        {
            faults.Add("", $"must not make more than {MaxVariants} templates, each locale counted");
        }

        var (text, invalid) = TemplateDraft.Read(new JsonObjectReader(body.Root, "", faults), faults);
        if (text is null || TemplateDraft.Prepare(text, workshop) is (null, var faulty) && (invalid = faulty) is not null)
        {
            return invalid!;
        }

        if (await register.SaveAsync(name, locale, text, basedOn, TemplateAct.Saved, caller.Name(), context.RequestAborted) is not { } saved)
        {
            return TemplateProblems.Stale(register.Current.Find(name), register.Current.Find(name)?.Exactly(locale));
        }

        var (named, now) = (saved.Find(name)!, saved.Find(name)!.Exactly(locale)!);
        await audit.WriteAsync(caller.Name(), "template saved", $"{name} {locale}", $"version {now.Version}", context.RequestAborted);
        return TemplateAnswer.Ok(context, named, now);
    }
}
