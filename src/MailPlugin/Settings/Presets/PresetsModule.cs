using Carter;
using MailPlugin.Http.Pipeline;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Settings.Presets;

internal sealed class PresetsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/presets", ListPresets.Handle).RequireAuthorization(Scopes.Read).WithMetadata(new NoSecretWithin());
}
