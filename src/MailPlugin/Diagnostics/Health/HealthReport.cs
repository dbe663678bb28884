namespace MailPlugin.Diagnostics.Health;

/// <summary>The worst of the findings, and all of them.</summary>
internal sealed record HealthReport(HealthStatus Status, IReadOnlyList<HealthFinding> Checks);

/// <param name="Name">What was looked at.</param>
/// <param name="Detail">What is wrong; null when nothing is.</param>
internal sealed record HealthFinding(string Name, HealthStatus Status, string? Detail);

/// <summary>From good to bad.</summary>
internal enum HealthStatus
{
    Healthy,
    Degraded,
    Unhealthy,
}
