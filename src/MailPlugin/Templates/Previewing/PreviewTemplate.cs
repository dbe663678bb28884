using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using MailPlugin.Templates.Rendering;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Previewing;

/// <summary><c>POST /templates/{name}/preview</c>: the mail as it would be, and what deserves a word. Sends and saves nothing.</summary>
internal static class PreviewTemplate
{
    public static async Task<IResult> HandleAsync(string name, HttpContext context, TemplateRegister register, TemplateWorkshop workshop, TemplateRenderer renderer, IMailSetup setup)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, PreviewRequest.MaxBody);
        using var _ = body;
        if (body is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var (request, problem) = PreviewRequest.Read(name, new JsonObjectReader(body.Root, "", faults), faults, register.Current, workshop);
        if (request is null)
        {
            return problem!;
        }

        var layout = register.Current.Layout.Layout;
        var result = renderer.Render(request.Template, layout, request.Order(setup.SenderName), faults);
        return faults.Any ? Problem.Invalid("invalid-request", faults)
            : result.Mail is { } mail ? Results.Ok(PreviewAnswer.Body(request, mail, RequestLanguage.Of(context)))
            : TemplateProblems.Failed(result.Failure!.Value);
    }
}
