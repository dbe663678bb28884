using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.OAuth;

internal sealed class OAuthModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/oauth", ListProviders.Handle).RequireAuthorization(Scopes.Admin);
        app.MapGet("/oauth/callback", FinishAuthorization.HandleAsync).AllowAnonymous();
        app.MapGet("/oauth/{transport}", GetOAuth.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapPost("/oauth/{transport}/authorize", StartAuthorization.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapPost("/oauth/{transport}/device", StartDevice.HandleAsync).RequireAuthorization(Scopes.Admin);
        app.MapPost("/oauth/{transport}/revoke", RevokeTokens.HandleAsync).RequireAuthorization(Scopes.Admin);
    }
}
