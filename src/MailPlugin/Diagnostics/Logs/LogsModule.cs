using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Logs;

internal sealed class LogsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/logs", ListLogs.Handle).RequireAuthorization(Scopes.Admin);
}
