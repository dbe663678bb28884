using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Security.Keys;

internal sealed class KeysModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/keys").RequireAuthorization(Scopes.Admin);
        keys.MapGet("", ListKeys.HandleAsync);
        keys.MapPost("", CreateKey.HandleAsync);
        keys.MapDelete("/{id}", RevokeKey.HandleAsync);
    }
}
