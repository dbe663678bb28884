using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Metrics;

internal sealed class MetricsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/metrics", Get).RequireAuthorization(Scopes.Read);

    /// <summary><c>GET /metrics</c>: for Prometheus and whoever reads its format.</summary>
    static IResult Get(MetricsCollector collector) => Results.Content(PrometheusText.Write(collector.Read()), PrometheusText.ContentType);
}
