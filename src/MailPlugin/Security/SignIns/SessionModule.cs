using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Security.SignIns;

internal sealed class SessionModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/session", OpenSession.HandleAsync).AllowAnonymous();
        app.MapGet("/session", GetSession.Handle).RequireAuthorization(Scopes.Any);
        app.MapDelete("/session", EndSession.HandleAsync).RequireAuthorization(Scopes.Any);
        app.MapGet("/sessions", ListSessions.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapDelete("/sessions/{id}", RemoveSession.HandleAsync).RequireAuthorization(Scopes.Admin);
    }
}
