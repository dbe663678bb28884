using System.Security.Claims;
using MailPlugin.Http;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Layouts;

/// <summary><c>DELETE /templates/layout</c>: back to the built-in look.</summary>
internal static class ResetLayout
{
    public static async Task<IResult> HandleAsync(HttpContext context, ClaimsPrincipal caller, TemplateRegister register, IAuditLog audit)
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

        if (current.Edit is null)
        {
            return Results.NoContent();
        }

        if (await register.ResetLayoutAsync(current.Version, caller.Name(), context.RequestAborted) is null)
        {
            return TemplateProblems.StaleLayout(register.Current.Layout);
        }

        await audit.WriteAsync(caller.Name(), "template reset", TemplateName.Layout, null, context.RequestAborted);
        return Results.NoContent();
    }
}
