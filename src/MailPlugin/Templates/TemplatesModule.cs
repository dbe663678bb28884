using Carter;
using MailPlugin.Security;
using MailPlugin.Templates.Editing;
using MailPlugin.Templates.Importing;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Previewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Templates;

internal sealed class TemplatesModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var templates = app.MapGroup("/templates").RequireAuthorization(Scopes.Admin);
        templates.MapGet("", ListTemplates.Handle);
        templates.MapPost("/import", (Delegate)ImportTemplate.HandleAsync);
        templates.MapGet("/layout", GetLayout.Handle);
        templates.MapPut("/layout", UpdateLayout.HandleAsync);
        templates.MapDelete("/layout", ResetLayout.HandleAsync);
        templates.MapPost("/layout/preview", PreviewLayout.HandleAsync);
        templates.MapGet("/{name}", GetTemplate.Handle);
        templates.MapPut("/{name}", UpdateTemplate.HandleAsync);
        templates.MapDelete("/{name}", ResetTemplate.HandleAsync);
        templates.MapGet("/{name}/options", TemplateOptionsRoutes.Get);
        templates.MapPut("/{name}/options", TemplateOptionsRoutes.PutAsync);
        templates.MapGet("/{name}/versions", ListVersions.HandleAsync);
        templates.MapGet("/{name}/versions/{n}", GetVersion.HandleAsync);
        templates.MapPost("/{name}/versions/{n}/restore", RestoreVersion.HandleAsync);
        templates.MapPost("/{name}/preview", PreviewTemplate.HandleAsync);
    }
}
