using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Delivery;

internal sealed class DeliveryModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/transports", ListTransports.HandleAsync).RequireAuthorization(Scopes.Read);
        app.MapPost("/transports/{id}/resume", ResumeTransport.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapGet("/delivery", PauseDelivery.Get).RequireAuthorization(Scopes.Admin);
        app.MapPut("/delivery", PauseDelivery.PutAsync).RequireAuthorization(Scopes.Admin);
    }
}
