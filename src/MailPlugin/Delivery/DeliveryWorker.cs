using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// Moves messages from the queue to the transports. One loop claims, as many messages as there is room for, and hands them to the desk, which sends each to the line of a transport; lines give outcomes
/// back from their own sessions.
/// </summary>
/// <remarks>
/// The loop ends by its stop alone: a fault is logged, and it goes on after a pause. Stopping means: nothing more is claimed; what no session has begun with is given back at once; sessions have a grace
/// time; what they do not finish is given back; every outcome that was learnt is written. Only a process that is killed leaves leases behind, and the next start frees them.
/// </remarks>
internal sealed partial class DeliveryWorker(
    QueueClaims claims, DeliveryDesk desk, TransportLines lines, ITransportDirectory directory, ISettingsSource settings, DeliverySwitch @switch, HoldClock holds, OutcomeRecorder recorder,
    InFlight inFlight, TestMarks tests, QueueSignal signal, QueueOutage outage, DeliveryOptions options, TimeProvider clock, ILogger<DeliveryWorker> logger) : IHostedService, IAsyncDisposable
{
    static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _stopping = new();
    readonly CancellationTokenSource _drained = new();
    bool _disposed;

    Task _loop = Task.CompletedTask;
    Task _renewal = Task.CompletedTask;
    Task? _stop;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await @switch.LoadAsync(cancellationToken);
        await holds.LoadAsync(cancellationToken);
        await tests.LoadAsync(cancellationToken);
        var freed = await claims.TakeOverAsync(cancellationToken);
        LogStarted(freed);
        settings.Changed += OnSettingsChanged;
        directory.Changed += OnTransportsChanged;
        @switch.Changed += signal.Raise;
        _loop = Task.Run(RunAsync, CancellationToken.None);
        _renewal = Task.Run(RenewAsync, CancellationToken.None);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // Whoever stops it a second time, such as its disposal, waits for the first to be through.
        lock (_stopping)
        {
            return _stop ??= StopOnceAsync(cancellationToken);
        }
    }

    async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        settings.Changed -= OnSettingsChanged;
        directory.Changed -= OnTransportsChanged;
        @switch.Changed -= signal.Raise;
        desk.Close();
        await _stopping.CancelAsync();
        await _loop;
        foreach (var line in lines.All)
        {
            foreach (var job in line.TakeBack())
            {
                desk.Release(job);
            }
        }

        await DrainAsync(cancellationToken);
        await recorder.CompleteAsync(cancellationToken);

        // Until here: a lease may be shorter than the grace.
        await _drained.CancelAsync();
        await _renewal;
    }

    public async ValueTask DisposeAsync()
    {
        // A container disposes of what is registered under two types twice.
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            await StopAsync(CancellationToken.None);
            _stopping.Dispose();
            _drained.Dispose();
        }
    }

    async Task DrainAsync(CancellationToken cancellationToken)
    {
        var sessions = Task.WhenAll(lines.All.Select(line => line.DrainAsync()));
        try
        {
            await sessions.WaitAsync(options.StopGrace, clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            LogBrokenOff(inFlight.Count);
            lines.Abort();
            await sessions;
        }
    }

    async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var (jobs, wait) = await claims.NextAsync(_stopping.Token);
                foreach (var job in jobs)
                {
                    desk.Begin(job);
                }

                if (jobs.Count == 0)
                {
                    await signal.WaitAsync(wait < options.Patience ? wait : options.Patience, _stopping.Token);
                }
                else if (options.Gather > TimeSpan.Zero)
                {
                    await Task.Delay(options.Gather, clock, _stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (DatabaseUnavailableException fault)
            {
                outage.Failed(fault.Message);
                await PauseAsync();
            }
            catch (Exception fault)
            {
                LogRoundFailed(fault);
                await PauseAsync();
            }
        }
    }

    /// <summary>Keeps leases of messages in flight, for as long as it takes.</summary>
    async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(inFlight.RenewEvery, clock, _drained.Token);
                try
                {
                    await inFlight.RenewAsync(_drained.Token);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogNotRenewed(fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing is in flight any more.
        }
    }

    async Task PauseAsync()
    {
        try
        {
            await Task.Delay(AfterFault, clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks itself.
        }
    }

    void OnSettingsChanged(VersionedSettings settings) => signal.Raise();

    void OnTransportsChanged(IReadOnlyCollection<string> changed)
    {
        lines.Resume(changed);
        signal.Raise();
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "Delivery starts; {Freed} messages were in flight when the last process ended")]
    partial void LogStarted(int freed);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Delivery stops with {Count} messages in flight; they are broken off and stay in the queue")]
    partial void LogBrokenOff(int count);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "A round of delivery failed; the next one follows")]
    partial void LogRoundFailed(Exception fault);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "Leases could not be renewed")]
    partial void LogNotRenewed(Exception fault);
}
