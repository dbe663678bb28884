using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Debug;

internal sealed class DebugModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/debug", GetDebug.Handle).RequireAuthorization(Scopes.Admin);
        app.MapPut("/debug", UpdateDebug.HandleAsync).RequireAuthorization(Scopes.Admin);

        // The older name of the same.
        app.MapGet("/settings/debug", GetDebug.Handle).RequireAuthorization(Scopes.Admin);
        app.MapPut("/settings/debug", UpdateDebug.HandleAsync).RequireAuthorization(Scopes.Admin);
    }
}
