using System.Security.Claims;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using MailPlugin.Templates.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Layouts;

/// <summary><c>PUT /templates/layout</c>: replaces the whole, if it is still what the caller saw.</summary>
internal static class UpdateLayout
{
    public static async Task<IResult> HandleAsync(HttpContext context, ClaimsPrincipal caller, TemplateRegister register, TemplateWorkshop workshop, IAuditLog audit)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, TemplateDraft.MaxBody);
        using var _ = body;
        if (body is null)
        {
            return unreadable!;
        }

        var current = register.Current.Layout;
        if (current.Locked is { } origin)
        {
            return TemplateProblems.Locked(origin);
        }

        if (IfMatch.Check(context, TemplateAnswer.Tag(current.Version)) is { } refused)
        {
            return refused == IfMatch.Refusal.Missing ? Problem.Of("if-match-needed") : TemplateProblems.StaleLayout(current);
        }

        var faults = new Faults();
        var (layout, problem) = LayoutDraft.Read(new JsonObjectReader(body.Root, "", faults), faults);
        if (layout is null || LayoutDraft.Prepare(layout, workshop) is (null, var faulty) && (problem = faulty) is not null)
        {
            return problem!;
        }

        if (await register.SaveLayoutAsync(layout, current.Version, TemplateAct.Saved, caller.Name(), context.RequestAborted) is not { } saved)
        {
            return TemplateProblems.StaleLayout(register.Current.Layout);
        }

        await audit.WriteAsync(caller.Name(), "template saved", TemplateName.Layout, $"version {saved.Layout.Version}", context.RequestAborted);
        return LayoutAnswer.Ok(context, saved.Layout);
    }
}
