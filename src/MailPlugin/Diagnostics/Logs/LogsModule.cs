using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Logs;

internal sealed class LogsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/logs", ListLogs.Handle).RequireAuthorization(Scopes.Admin);
        app.MapGet("/logs/stream", FollowLog.Handle).RequireAuthorization(Scopes.Admin);
        app.MapGet("/logs/files", ListFiles.Handle).RequireAuthorization(Scopes.Admin);
        app.MapGet("/logs/files/{name}", DownloadFile.Handle).RequireAuthorization(Scopes.Admin);
    }
}
