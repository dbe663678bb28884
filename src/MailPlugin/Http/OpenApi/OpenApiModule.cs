using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Http.OpenApi;

internal sealed class OpenApiModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/openapi.json", GetOpenApi.Handle).RequireAuthorization(Scopes.Any);
}
