using Carter;
using MailPlugin.Security;
using MailPlugin.Settings.Discovery;
using MailPlugin.Settings.Transfer;
using MailPlugin.Settings.Versions;
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
        settings.MapGet("/versions", ListVersions.HandleAsync);
        settings.MapGet("/versions/{n}", GetVersion.HandleAsync);
        settings.MapPost("/versions/{n}/restore", RestoreVersion.HandleAsync);
        settings.MapGet("/export", ExportSettings.Handle);
        settings.MapPost("/import", ImportSettings.HandleAsync);
        settings.MapPost("/discover", DiscoverSettings.HandleAsync);
    }
}
