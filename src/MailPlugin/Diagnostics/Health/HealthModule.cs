using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Health;

internal sealed class HealthModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/health", GetHealth.HandleAsync).AllowAnonymous();
        app.MapGet("/version", GetVersion).RequireAuthorization(Scopes.Any);
    }

    static IResult GetVersion() => Results.Ok(new { version = ProductVersion.Text, contract = Abstractions.PluginContract.Version.ToString() });
}
