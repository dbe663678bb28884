using Carter;
using MailPlugin.Delivery;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Metrics;

internal sealed class MetricsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/metrics", GetAsync).RequireAuthorization(Scopes.Read);

    /// <summary><c>GET /metrics</c>: for Prometheus and whoever reads its format.</summary>
    static async Task<IResult> GetAsync(MetricsCollector collector, QueueInstruments queue, CancellationToken cancellationToken)
    {
        await queue.RefreshAsync(cancellationToken);
        return Results.Content(PrometheusText.Write(collector.Read()), PrometheusText.ContentType);
    }
}
