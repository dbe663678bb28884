using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Settings;

internal sealed class SettingsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var settings = app.MapGroup("/settings").RequireAuthorization(Scopes.Admin);
        settings.MapGet("", GetSettings.Handle);
        settings.MapPut("", UpdateSettings.HandleAsync);
    }
}
