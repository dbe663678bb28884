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
        try
        {
            await queue.RefreshAsync(cancellationToken);
        }
        catch (DatabaseUnavailableException)
        {
            // What is counted here is wanted most while the store is away; the queue's figures are the last ones.
        }

        return Results.Content(PrometheusText.Write(collector.Read()), PrometheusText.ContentType);
    }
}
