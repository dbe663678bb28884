using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Submission;

internal sealed class SubmissionModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/messages", SubmitMessage.HandleAsync).RequireAuthorization(Scopes.Send);
        app.MapPost("/messages/batch", SubmitBatch.HandleAsync).RequireAuthorization(Scopes.Send);
        app.MapPost("/messages/{id}/resend", ResendMessage.HandleAsync).RequireAuthorization(Scopes.Admin);
    }
}
