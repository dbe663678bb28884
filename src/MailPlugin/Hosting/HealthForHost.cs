using MailPlugin.Diagnostics.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using HealthStatus = MailPlugin.Diagnostics.Health.HealthStatus;
using Verdict = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;

namespace MailPlugin.Hosting;

/// <summary>What <c>GET /health</c> says, among the host's own health checks. Only where the host asked for it: a relay that is down would change what it answers to its monitors.</summary>
internal sealed class HealthForHost(PluginRuntime runtime) : IHealthCheck
{
    const string Name = "mail";

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Adds it to what the host has registered, or will: without health checks of its own nothing comes of it.</summary>
    public static void Register(IServiceCollection services) => services.Configure<HealthCheckServiceOptions>(health =>
        health.Registrations.Add(new(Name, host => new HealthForHost(host.GetRequiredService<PluginRuntime>()), null, [Name], Longest)));

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (runtime.Services is not { } services)
        {
            return HealthCheckResult.Unhealthy("the store is not open");
        }

        var report = await services.GetRequiredService<HealthCheck>().RunAsync(cancellationToken);
        var troubles = report.Checks.Where(check => check.Status != HealthStatus.Healthy).Select(check => $"{check.Name}: {check.Detail}").ToList();
        return new(VerdictOf(report.Status), troubles.Count == 0 ? null : string.Join("; ", troubles), null, report.Checks.ToDictionary(check => check.Name, check => (object)VerdictOf(check.Status).ToString()));
    }

    static Verdict VerdictOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => Verdict.Healthy,
        HealthStatus.Degraded => Verdict.Degraded,
        _ => Verdict.Unhealthy,
    };
}
