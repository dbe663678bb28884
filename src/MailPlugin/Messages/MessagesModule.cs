using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Messages;

internal sealed class MessagesModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/messages", ListMessages.HandleAsync).RequireAuthorization(Scopes.Read);

        // Whoever may send sees its own: the handler decides.
        app.MapGet("/messages/{id}", GetMessage.HandleAsync).RequireAuthorization(Scopes.Any);
        app.MapGet("/messages/{id}/content", GetContent.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapGet("/messages/{id}/preview", GetPreview.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapPost("/messages/{id}/retry", ActOnMessage.RetryAsync).RequireAuthorization(Scopes.Admin);
        app.MapPost("/messages/{id}/cancel", ActOnMessage.CancelAsync).RequireAuthorization(Scopes.Admin);
        app.MapPost("/messages/retry", RetryMessages.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapPost("/recipients/{address}/erase", EraseRecipient.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapGet("/suppressions", Suppressions.ListAsync).RequireAuthorization(Scopes.Admin);
        app.MapPut("/suppressions/{address}", Suppressions.PutAsync).RequireAuthorization(Scopes.Admin);
        app.MapDelete("/suppressions/{address}", Suppressions.DeleteAsync).RequireAuthorization(Scopes.Admin);
        app.MapGet("/stats", GetStatistics.HandleAsync).RequireAuthorization(Scopes.Read);
    }
}
