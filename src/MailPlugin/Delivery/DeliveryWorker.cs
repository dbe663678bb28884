using System.Collections.Concurrent;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// Moves messages from the queue to the transports. One loop claims, as many messages as there is room for, and hands each to the line of a transport; lines give outcomes back from their own
/// sessions; outcomes are judged, written, and what is still to be done of a message goes on to its next transaction or transport, or back into the queue.
/// </summary>
/// <remarks>
/// The loop ends by its stop alone: a fault is logged, and it goes on after a pause. Stopping means: nothing more is claimed; what no session has begun with is given back at once; sessions have a grace
/// time; what they do not finish is given back; every outcome that was learnt is written. Only a process that is killed leaves leases behind, and the next start frees them.
/// </remarks>
internal sealed partial class DeliveryWorker : IHostedService, IAsyncDisposable
{
    static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AsideFor = TimeSpan.FromMinutes(5);

    readonly IDeliveryQueue _queue;
    readonly TransportLines _lines;
    readonly ITransportDirectory _directory;
    readonly ISettingsSource _settings;
    readonly DeliverySwitch _switch;
    readonly HoldClock _holds;
    readonly OutcomeJudge _judge;
    readonly OutcomeRecorder _recorder;
    readonly DeliveryReport _report;
    readonly TestMarks _tests;
    readonly QueueGauge _gauge;
    readonly QueueSignal _signal;
    readonly DeliveryOptions _options;
    readonly TimeProvider _clock;
    readonly ILogger<DeliveryWorker> _logger;
    readonly LaneShares _shares = new();
    readonly ConcurrentDictionary<long, DeliveryJob> _inFlight = new();
    readonly ConcurrentDictionary<string, int> _bySource = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _stopping = new();
    bool _disposed;

    Task _loop = Task.CompletedTask;
    Task _renewal = Task.CompletedTask;
    Task? _stop;
    DateTimeOffset _latest;

    public DeliveryWorker(
        IDeliveryQueue queue, TransportLines lines, ITransportDirectory directory, ISettingsSource settings, DeliverySwitch @switch, HoldClock holds, RetrySchedule schedule,
        DeliveryReport report, TestMarks tests, QueueGauge gauge, QueueSignal signal, DeliveryOptions options, TimeProvider clock, ILogger<DeliveryWorker> logger)
    {
        (_queue, _lines, _directory, _settings, _switch, _holds) = (queue, lines, directory, settings, @switch, holds);
        (_report, _tests, _gauge, _signal, _options, _clock, _logger) = (report, tests, gauge, signal, options, clock, logger);
        _judge = new(schedule);
        _recorder = new(queue, clock, logger);
        _lines.Done = OnOutcomeAsync;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _switch.LoadAsync(cancellationToken);
        await _holds.LoadAsync(cancellationToken);
        await _tests.LoadAsync(cancellationToken);
        var freed = await _queue.FreeLeasesAsync(_clock.GetUtcNow(), cancellationToken);
        LogStarted(freed);
        await _queue.PullForwardAsync(_clock.GetUtcNow(), cancellationToken);
        _settings.Changed += OnSettingsChanged;
        _directory.Changed += OnTransportsChanged;
        _switch.Changed += _signal.Raise;
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
        _settings.Changed -= OnSettingsChanged;
        _directory.Changed -= OnTransportsChanged;
        _switch.Changed -= _signal.Raise;
        await _stopping.CancelAsync();
        await _loop;
        foreach (var line in _lines.All)
        {
            foreach (var job in line.TakeBack())
            {
                Release(job);
            }
        }

        await DrainAsync(cancellationToken);
        await _recorder.CompleteAsync(cancellationToken);
        await _renewal;
    }

    public async ValueTask DisposeAsync()
    {
        // A container disposes of what is registered under two types twice.
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            await StopAsync(CancellationToken.None);
            await _recorder.DisposeAsync();
            _stopping.Dispose();
        }
    }

    async Task DrainAsync(CancellationToken cancellationToken)
    {
        var sessions = Task.WhenAll(_lines.All.Select(line => line.DrainAsync()));
        try
        {
            await sessions.WaitAsync(_options.StopGrace, _clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            LogBrokenOff(_inFlight.Count);
            _lines.Abort();
            await sessions;
        }
    }

    async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var wait = await RoundAsync();
                if (wait > TimeSpan.Zero)
                {
                    await _signal.WaitAsync(wait < _options.Patience ? wait : _options.Patience, _stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (DatabaseUnavailableException fault)
            {
                LogQueueUnavailable(fault.Message);
                await PauseAsync();
            }
            catch (Exception fault)
            {
                LogRoundFailed(fault);
                await PauseAsync();
            }
        }
    }

    /// <summary>Claims once and hands on. Gives how long nothing is to be done, as far as is known.</summary>
    async Task<TimeSpan> RoundAsync()
    {
        var now = _clock.GetUtcNow();
        if (now < _latest)
        {
            LogClockSetBack(_latest - now, await _queue.PullForwardAsync(now, _stopping.Token));
        }

        _latest = now;
        var enabled = _lines.Enabled;
        await _holds.UpdateAsync(Holds(enabled), now, _stopping.Token);
        if (!MaySend)
        {
            return _options.Patience;
        }

        var room = enabled.ToDictionary(transport => transport.Id, transport => _lines.Get(transport).Room, StringComparer.Ordinal);
        var total = room.Values.Sum();
        if (total == 0)
        {
            return WhenRoom(enabled, now);
        }

        var lease = new Lease(NewToken(), now + _options.Lease);
        var claimed = await _queue.ClaimAsync(
            new(now, lease, _shares.Divide(total), total, transport => transport.Length == 0 || room.GetValueOrDefault(transport) > 0, RoomOf), _stopping.Token);
        foreach (var message in claimed.Messages)
        {
            Begin(message);
        }

        foreach (var message in claimed.Messages)
        {
            var job = _inFlight[message.Key];
            try
            {
                HandOn(job);
            }
            catch (Exception fault)
            {
                // One bad message: the others of this claim go on, and it is not held for ever.
                LogNotHandedOn(message.Id, fault);
                SetAside(job);
            }
        }

        if (claimed.Messages.Count > 0)
        {
            return TimeSpan.Zero;
        }

        // Something is due that has no room (its source has its share in flight): an outcome will wake the loop.
        return claimed.NextDue is { } due && due > now ? due - now : _options.Patience;
    }

    bool MaySend => _settings.Current.Settings.Enabled && !_switch.IsPaused;

    /// <summary>Which routes stand still through no fault of their messages: then the messages do not age.</summary>
    IEnumerable<string> Holds(IReadOnlyList<TransportSettings> enabled)
    {
        if (!MaySend)
        {
            yield return HoldClock.Everything;
            yield break;
        }

        var suspended = enabled.Where(transport => _lines.Get(transport).Health.Report().Condition == TransportCondition.Suspended).Select(transport => transport.Id).ToList();
        foreach (var id in suspended)
        {
            yield return id;
        }

        if (suspended.Count == enabled.Count)
        {
            yield return HoldClock.AnyTransport;
        }
    }

    TimeSpan WhenRoom(IReadOnlyList<TransportSettings> enabled, DateTimeOffset now)
    {
        var probe = enabled.Select(transport => _lines.Get(transport).Health.ProbeAt).Min();
        var wait = probe is { } at && at > now ? at - now : _options.Patience;
        return enabled.Any(transport => _lines.Get(transport).WaitsForRate) && wait > AfterFault ? AfterFault : wait;
    }

    void Begin(ClaimedMessage message)
    {
        _inFlight[message.Key] = new DeliveryJob(message);
        _gauge.Sending = _inFlight.Count;
        _bySource.AddOrUpdate(message.Source, 1, (_, count) => count + 1);
    }

    int RoomOf(string source) => _options.MaxPerSource - _bySource.GetValueOrDefault(source);

    /// <summary>To the next line, or back into the queue.</summary>
    void HandOn(DeliveryJob job)
    {
        var now = _clock.GetUtcNow();
        if (_holds.Effective(job.Message.ExpiresAt, job.Message.HeldBase, job.Message.Transport, now) <= now)
        {
            foreach (var index in job.Pending.ToList())
            {
                job.Decide(index, RecipientState.Expired, job.Message.Recipients[index].Reply, null);
            }
        }

        if (job.Pending.Count == 0)
        {
            Record(job, isLast: true);
        }
        else if (_stopping.IsCancellationRequested)
        {
            Release(job);
        }
        else if (_lines.Choose(job) is { } line)
        {
            job.Batch = [];
            line.Offer(job);
        }
        else
        {
            foreach (var index in job.Pending.ToList())
            {
                _judge.Defer(job, index, job.LastTrouble ?? job.Message.Recipients[index].Reply ?? NoTransport(job), null, FailureDecision.TryElsewhere, now);
            }

            Record(job, isLast: true);
        }
    }

    ValueTask OnOutcomeAsync(DeliveryJob job, TransportLine line, TransportOutcome outcome)
    {
        try
        {
            Take(job, line, outcome);
        }
        catch (Exception fault)
        {
            // Thrown into the line it would end the session under the other messages of it.
            LogNotHandedOn(job.Message.Id, fault);
            SetAside(job);
        }

        return ValueTask.CompletedTask;
    }

    void Take(DeliveryJob job, TransportLine line, TransportOutcome outcome)
    {
        var now = _clock.GetUtcNow();
        var verdict = _judge.Judge(job, line.Transport, outcome, line.Health.IsProven, now);
        _report.Attempted(line.Transport, outcome, verdict);
        if (verdict.Trouble is { } trouble)
        {
            job.Passed.Add(line.Transport);
            job.LastTrouble = verdict.Reply;
            line.Health.Failed(verdict.Reply, settings: trouble == FailureDecision.Suspend);
            LogTrouble(line.Transport, trouble == FailureDecision.Suspend ? "suspended" : "failing", job.Message.Id, verdict.Reply);
        }
        else if (outcome.Fault is { Kind: TransportFaultKind.Canceled or TransportFaultKind.NotPrepared })
        {
            line.Health.ProbeReleased();
        }
        else if (verdict.Accepted)
        {
            line.Health.Succeeded();
        }
        else if (outcome.Fault is null)
        {
            line.Health.Answered();
        }
        else
        {
            line.Health.Failed(verdict.Reply, settings: false);
        }

        if (job.Pending.Count == 0)
        {
            Record(job, isLast: true);
        }
        else
        {
            // What is known is written before the next transaction begins: a crash then repeats no more than that one.
            if (job.Changes.Count > 0)
            {
                Record(job, isLast: false);
            }

            HandOn(job);
        }
    }

    /// <summary>Back into the queue for a while: what is wrong with it may not be wrong for long, and must not keep the loop busy.</summary>
    void SetAside(DeliveryJob job)
    {
        job.ComeBack(_clock.GetUtcNow() + AsideFor);
        Release(job);
    }

    void Release(DeliveryJob job)
    {
        foreach (var index in job.Pending.ToList())
        {
            job.Leave(index);
        }

        Record(job, isLast: true);
    }

    void Record(DeliveryJob job, bool isLast)
    {
        var outcome = job.TakeOutcome(_clock.GetUtcNow(), isLast);
        _recorder.Add(outcome, status =>
        {
            if (status is not null)
            {
                _report.Written(job.Message, outcome, status.Value);
            }

            if (isLast)
            {
                job.Content = null;
                _inFlight.TryRemove(new(job.Message.Key, job));
                _gauge.Sending = _inFlight.Count;
                _bySource.AddOrUpdate(job.Message.Source, 0, (_, count) => count - 1);
                if (_bySource.GetValueOrDefault(job.Message.Source) == 0)
                {
                    _bySource.TryRemove(new(job.Message.Source, 0));
                }

                _signal.Raise();
            }
        });
    }

    /// <summary>Keeps leases of messages in flight, for as long as it takes.</summary>
    async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.Lease / 3, _clock, _stopping.Token);
                try
                {
                    var held = _inFlight.Values.Select(job => new HeldMessage(job.Message.Key, job.Message.Lease.Token)).ToList();
                    if (held.Count > 0)
                    {
                        await _queue.ExtendAsync(held, _clock.GetUtcNow() + _options.Lease, _stopping.Token);
                    }
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogNotRenewed(fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stop writes what is in flight within the lease that is left.
        }
    }

    async Task PauseAsync()
    {
        try
        {
            await Task.Delay(AfterFault, _clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks itself.
        }
    }

    void OnSettingsChanged(VersionedSettings settings) => _signal.Raise();

    void OnTransportsChanged(IReadOnlyCollection<string> changed)
    {
        _lines.Resume(changed);
        _signal.Raise();
    }

    static string NoTransport(DeliveryJob job) =>
        job.Message.Transport.Length > 0 ? $"the transport {job.Message.Transport} cannot be used now" : "no transport can be used now";

    /// <summary>Unlike any token of a claim before: that is all that fencing needs.</summary>
    internal static long NewToken() => BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) & long.MaxValue;

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "Delivery starts; {Freed} messages were in flight when the last process ended")]
    partial void LogStarted(int freed);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Delivery stops with {Count} messages in flight; they are broken off and stay in the queue")]
    partial void LogBrokenOff(int count);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "The queue cannot be read: {Reason}")]
    partial void LogQueueUnavailable(string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "A round of delivery failed; the next one follows")]
    partial void LogRoundFailed(Exception fault);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Error, Message = "Message {Id} is set aside: what to do with it could not be decided")]
    partial void LogNotHandedOn(string id, Exception fault);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Warning, Message = "The clock was set back by {Time}; {Count} messages no longer wait for the old time")]
    partial void LogClockSetBack(TimeSpan time, int count);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "Leases could not be renewed")]
    partial void LogNotRenewed(Exception fault);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "Transport {Transport} is {State} (message {Id}): {Reason}")]
    partial void LogTrouble(string transport, string state, string id, string? reason);
}
