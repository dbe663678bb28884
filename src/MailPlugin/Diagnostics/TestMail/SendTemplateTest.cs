using System.Security.Claims;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using MailPlugin.Templates.Previewing;
using MailPlugin.Templates.Rendering;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary><c>POST /templates/{name}/test</c>: what the preview shows, sent as a test mail by exactly one transport.</summary>
internal static class SendTemplateTest
{
    public static async Task<IResult> HandleAsync(
        string name, HttpContext context, ClaimsPrincipal caller, ISettingsSource settings, MailPluginOptions options, TemplateRegister register, TemplateWorkshop workshop,
        TemplateRenderer renderer, TestGate gate, TestRun run, TestJudge judge, IAuditLog audit)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, PreviewRequest.MaxBody);
        using var _ = body;
        if (body is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var json = new JsonObjectReader(body.Root, "", faults);
        var wish = TestTarget.ReadWish(json);
        var (preview, problem) = PreviewRequest.Read(name, json, faults, register.Current, workshop);
        if (preview is null)
        {
            return problem!;
        }

        var (request, refused) = TestRequest.Of(wish, preview.Named?.Options, settings.Current, caller, options.Outbound);
        if (request is null)
        {
            return refused!;
        }

        using var place = await gate.EnterAsync(caller.Name(), cost: 1, context.RequestAborted);
        if (place is null)
        {
            return Problem.RateLimited(TestGate.Wait);
        }

        var rendered = renderer.Render(preview.Template, register.Current.Layout.Layout, preview.Order(request.From.Name), faults);
        if (faults.Any || rendered.Mail is not { } mail)
        {
            return faults.Any ? Problem.Invalid("invalid-request", faults) : TemplateProblems.Failed(rendered.Failure!.Value);
        }

        var result = await run.SendAsync(request, mail, context.RequestAborted);
        return await TestAnswer.OfAsync(context, caller, request, result, judge, audit);
    }
}
