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
    }
}
