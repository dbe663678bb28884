using System.Security.Claims;
using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Templates.Catalog;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>GET</c> and <c>PUT /templates/{name}/options</c>. If-Match is honoured and not demanded.</summary>
internal static class TemplateOptionsRoutes
{
    const int MaxBody = 64 * 1024;

    public static IResult Get(string name, HttpContext context, TemplateRegister register) =>
        register.Current.Find(name) is { } template ? Ok(context, template) : Problem.NotFound();

    public static async Task<IResult> PutAsync(string name, HttpContext context, ClaimsPrincipal caller, TemplateRegister register, IMailSetup setup, IAuditLog audit)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, MaxBody);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        if (register.Current.Find(name) is not { } template)
        {
            return Problem.NotFound();
        }

        var basedOn = template.OptionsMark?.Version ?? 0;
        if (IfMatch.Check(context, TemplateAnswer.Tag(basedOn)) == IfMatch.Refusal.Stale)
        {
            return Stale(template);
        }

        var faults = new Faults();
        var json = new JsonObjectReader(body.Root, "", faults);
        json.Ignore("version", "updatedAt", "updatedBy");
        var options = TemplateOptionsDocument.Read(json, template.About.KeepContent ?? true);
        json.Complete();
        if (options.Transport is { } transport && !setup.HasTransport(transport) && !json.HasFault("transport"))
        {
            json.Fault("transport", "must be the id of a transport");
        }

        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        if (await register.SaveOptionsAsync(name, options, basedOn, caller.Name(), context.RequestAborted) is not { } saved)
        {
            return Stale(register.Current.Find(name)!);
        }

        await audit.WriteAsync(caller.Name(), "template options saved", name, TemplateOptionsDocument.Write(options).ToJsonString(), context.RequestAborted);
        return Ok(context, saved.Find(name)!);
    }

    static IResult Ok(HttpContext context, NamedTemplate template)
    {
        TemplateAnswer.Mark(context, template.OptionsMark?.Version ?? 0);
        return Results.Ok(Body(template));
    }

    static ProblemResult Stale(NamedTemplate template) => Problem.Of("stale-version") with { Extend = (json, _) => json["current"] = Body(template) };

    static JsonObject Body(NamedTemplate template)
    {
        var json = TemplateOptionsDocument.Write(template.Options);
        json["version"] = template.OptionsMark?.Version ?? 0;
        json["updatedAt"] = template.OptionsMark is { } mark ? TimeText.Of(mark.UpdatedAt) : null;
        json["updatedBy"] = template.OptionsMark?.UpdatedBy;
        return json;
    }
}
