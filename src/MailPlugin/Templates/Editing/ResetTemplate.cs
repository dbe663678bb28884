using System.Security.Claims;
using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Templates.Catalog;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>DELETE /templates/{name}</c>: takes an edit back, removes an addition. What nobody edited has nothing to take back.</summary>
internal static class ResetTemplate
{
    public static async Task<IResult> HandleAsync(string name, HttpContext context, ClaimsPrincipal caller, TemplateRegister register, IAuditLog audit)
    {
        var (locale, problem) = TemplateTarget.LocaleOf(context);
        if (locale is null)
        {
            return problem!;
        }

        var (template, variant) = (register.Current.Find(name), register.Current.Find(name)?.Exactly(locale));
        if (variant is null)
        {
            return Problem.NotFound();
        }

        if (variant.Locked is { } origin)
        {
            return TemplateProblems.Locked(origin);
        }

        if (IfMatch.Check(context, TemplateAnswer.Tag(variant.Version)) == IfMatch.Refusal.Stale)
        {
            return TemplateProblems.Stale(template, variant);
        }

        if (variant.Edit is null)
        {
            return Results.NoContent();
        }

        if (await register.ResetAsync(name, locale, variant.Version, caller.Name(), context.RequestAborted) is null)
        {
            return TemplateProblems.Stale(register.Current.Find(name), register.Current.Find(name)?.Exactly(locale));
        }

        await audit.WriteAsync(caller.Name(), variant.Base is null ? "template removed" : "template reset", $"{name} {locale}", null, context.RequestAborted);
        return Results.NoContent();
    }
}
