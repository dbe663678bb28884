using System.Security.Claims;
using MailPlugin.Security;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Health;

/// <summary><c>GET /health</c>: the word for everybody, the findings for who may read them.</summary>
internal static class GetHealth
{
    public static async Task<IResult> HandleAsync(ClaimsPrincipal caller, HealthCheck health, CancellationToken cancellationToken)
    {
        var report = await health.RunAsync(cancellationToken);
        var status = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return caller.Has(Scopes.Read)
            ? Results.Json(new { report.Status, report.Checks, Version = ProductVersion.Text, Node = Environment.MachineName }, statusCode: status)
            : Results.Json(new { report.Status }, statusCode: status);
    }
}
