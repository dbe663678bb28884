using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.TestMail;

internal sealed class TestModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/test", SendTest.HandleAsync).RequireAuthorization(Scopes.Test);
        app.MapPost("/templates/{name}/test", SendTemplateTest.HandleAsync).RequireAuthorization(Scopes.Admin);
    }
}
