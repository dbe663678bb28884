using MailPlugin.Delivery;
using MailPlugin.Diagnostics.Debug;
using MailPlugin.Queue;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Store;
using MailPlugin.Submission;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Health;

/// <summary>
/// Is mail leaving, and can more be taken? A relay that is down is no reason to restart a host: only a store or key ring that cannot be
/// used makes the whole unhealthy. Asked by monitors every few seconds, so an answer is kept for a moment.
/// </summary>
internal sealed partial class HealthCheck(
    IStateStore store, ISecretProtector protector, KeyRingOptions keyRing, SettingsRegister settings, HostSettings host, TransportLines lines, DiskGauge disk, StoreWatch watch, TimeProvider clock,
    ILogger<HealthCheck> logger) : IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _gate = new(1);
    (DateTimeOffset At, HealthReport Report)? _last;

    public async Task<HealthReport> RunAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || clock.GetUtcNow() - last.At > Fresh)
            {
                // From its end on: whoever waited for a slow look has its answer.
                var report = await LookAsync(cancellationToken);
                _last = last = (clock.GetUtcNow(), report);
            }

            return last.Report;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    async Task<HealthReport> LookAsync(CancellationToken cancellationToken)
    {
        List<HealthFinding> findings =
        [
            await StoreAsync(cancellationToken), KeyRing(), SettingsFromHost(), Disk(), Queue(),
            .. settings.Current.Settings.Transports.Where(transport => transport.Enabled).Select(Transport),
        ];
        return new(findings.Max(finding => finding.Status), findings);
    }

    /// <summary>A write, because a disk that is full still reads.</summary>
    async Task<HealthFinding> StoreAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            await store.SetAsync("health", "written", limit.Token);
            return new("store", HealthStatus.Healthy, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new("store", HealthStatus.Unhealthy, "does not answer");
        }
        catch (DatabaseUnavailableException fault)
        {
            LogStore(fault.Message);
            return new("store", HealthStatus.Unhealthy, "cannot be written");
        }
    }

    HealthFinding KeyRing()
    {
        byte[] probe = [1];
        try
        {
            var works = protector.Unprotect("health", protector.Protect("health", probe)) is [1];
            return works && settings.SecretsAreReadable
                ? Sealed()
                : new("keyRing", HealthStatus.Unhealthy, "stored secrets cannot be read: type them again and save");
        }
        catch (Exception fault)
        {
            LogKeyRing(fault);
            return new("keyRing", HealthStatus.Unhealthy, "cannot be used");
        }
    }

    HealthFinding Sealed() => keyRing.LiesOpen
        ? new("keyRing", HealthStatus.Degraded, "its keys lie open in the database, beside what they protect: configure KeyRing:CertificateFile or KeyRing:KeyFile")
        : new("keyRing", HealthStatus.Healthy, null);

    /// <summary>A configuration that cannot be read keeps what was, and one that makes a transport useless stops only that.</summary>
    HealthFinding SettingsFromHost()
    {
        var fault = host.Fault ?? settings.Current.Notices.Where(notice => notice.IsFault).Select(notice => $"{notice.Path}: {notice.Text.English}").FirstOrDefault();
        return new("hostSettings", fault is null ? HealthStatus.Healthy : HealthStatus.Degraded, fault);
    }

    HealthFinding Disk() => disk.IsLow ? new("disk", HealthStatus.Degraded, "nearly full: no new mail is taken") : new("disk", HealthStatus.Healthy, null);

    /// <summary>What the small write of a look does not show: that messages find no room.</summary>
    HealthFinding Queue() => watch.Trouble is { } trouble ? new("queue", HealthStatus.Degraded, $"a write failed: {trouble}") : new("queue", HealthStatus.Healthy, null);

    HealthFinding Transport(TransportSettings transport)
    {
        var report = lines.Get(transport.Id).Health.Report();
        return new($"transport:{transport.Id}", report.Condition == TransportCondition.Healthy ? HealthStatus.Healthy : HealthStatus.Degraded, report.Reason);
    }

    [LoggerMessage(EventId = 1320, Level = LogLevel.Error, Message = "The store cannot be written: {Reason}")]
    partial void LogStore(string reason);

    [LoggerMessage(EventId = 1321, Level = LogLevel.Error, Message = "The key ring cannot be used")]
    partial void LogKeyRing(Exception fault);
}
