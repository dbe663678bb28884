using MailPlugin.Delivery;
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
    IQueueState store, ISecretProtector protector, KeyRingOptions keyRing, SettingsRegister settings, HostSettings host, TransportLines lines, TransportProbes probes, DiskGauge disk, StoreWatch watch,
    IStatistics statistics, TimeProvider clock, ILogger<HealthCheck> logger) : IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    static readonly TimeSpan JustNow = TimeSpan.FromSeconds(60);

    /// <summary>Mail that nobody takes for so long is a fault, whichever: a pause that was forgotten too.</summary>
    static readonly TimeSpan TooOld = TimeSpan.FromMinutes(15);

    readonly SemaphoreSlim _gate = new(1);
    (DateTimeOffset At, HealthReport Report)? _last;

    public async Task<HealthReport> RunAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || clock.GetUtcNow() - last.At is var age && (age > Fresh || age < TimeSpan.Zero))
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
            await StoreAsync(cancellationToken), KeyRing(), SettingsFromHost(), Disk(), await QueueAsync(cancellationToken),
            .. await Task.WhenAll(settings.Current.Settings.Transports.Where(transport => transport.Enabled).Select(transport => TransportAsync(transport, cancellationToken))),
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
            await store.ProbeAsync(limit.Token);
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

    async Task<HealthFinding> QueueAsync(CancellationToken cancellationToken)
    {
        var age = await AgeAsync(cancellationToken);

        // What the small write of a look does not show: that messages find no room.
        var problem = watch.Trouble is { } trouble ? $"a write failed: {trouble}"
            : age?.OldestQueuedSeconds > TooOld.TotalSeconds ? $"the message that waits longest has been due for {age.OldestQueuedSeconds / 60} minutes" : null;
        return new("queue", problem is null ? HealthStatus.Healthy : HealthStatus.Degraded, problem) { Queue = age };
    }

    /// <summary>Null when the store does not say: that is its own finding.</summary>
    async Task<QueueAge?> AgeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            var now = clock.GetUtcNow();
            var queue = await statistics.NowAsync(now, limit.Token);
            return new(
                queue.Totals.GetValueOrDefault(MessageStatus.Queued) + queue.Totals.GetValueOrDefault(MessageStatus.Deferred),
                queue.OldestDue is { } due ? Math.Max(0, (long)(now - due).TotalSeconds) : 0);
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    async Task<HealthFinding> TransportAsync(TransportSettings transport, CancellationToken cancellationToken)
    {
        var health = lines.Get(transport.Id).Health;
        var report = health.Report();

        // A message that was just taken says more than any look.
        var probe = health.SinceAccepted < JustNow ? null : await probes.LookAsync(transport, cancellationToken);
        var isHealthy = report.Condition == TransportCondition.Healthy && probe is not { Ok: false };
        return new($"transport:{transport.Id}", isHealthy ? HealthStatus.Healthy : HealthStatus.Degraded, report.Reason ?? probe?.Problem)
        {
            LastResult = Last(health.SinceAccepted, report.LastError),
            Probe = probe,
        };
    }

    LastResult? Last(TimeSpan? sinceAccepted, TransportError? error)
    {
        var accepted = sinceAccepted is { } ago ? clock.GetUtcNow() - ago : (DateTimeOffset?)null;
        return accepted is { } at && (error is null || at >= error.At) ? new(at, true, null)
            : error is not null ? new(error.At, false, error.Text) : null;
    }

    [LoggerMessage(EventId = 1320, Level = LogLevel.Error, Message = "The store cannot be written: {Reason}")]
    partial void LogStore(string reason);

    [LoggerMessage(EventId = 1321, Level = LogLevel.Error, Message = "The key ring cannot be used")]
    partial void LogKeyRing(Exception fault);
}
