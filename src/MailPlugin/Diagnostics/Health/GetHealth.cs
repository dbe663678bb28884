using MailPlugin.Diagnostics.Debug;
using MailPlugin.Security.Secrets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Health;

/// <summary><c>GET /health</c>: one word for monitors, open to all. Only an unusable store or key ring is unhealthy.</summary>
internal sealed partial class GetHealth(IStateStore store, ISecretProtector protector, ILogger<GetHealth> logger)
{
    const string Purpose = "health";

    public static async Task<IResult> HandleAsync(GetHealth health, CancellationToken cancellationToken) =>
        await health.IsUsableAsync(cancellationToken)
            ? Results.Ok(new { status = "healthy" })
            : Results.Json(new { status = "unhealthy" }, statusCode: StatusCodes.Status503ServiceUnavailable);

    async Task<bool> IsUsableAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.GetAsync(Purpose, cancellationToken);
            return protector.Unprotect(Purpose, protector.Protect(Purpose, [1])) is not null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogUnhealthy(fault.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 1404, Level = LogLevel.Error, Message = "Store or key ring cannot be used: {Reason}")]
    partial void LogUnhealthy(string reason);
}
