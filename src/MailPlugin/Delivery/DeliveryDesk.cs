using MailPlugin.Queue;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// Where every message in flight comes by between its steps: to the line of a transport, from there with an outcome, and on to its next transaction or transport, or back into the queue with what is known of it.
/// </summary>
internal sealed partial class DeliveryDesk
{
    static readonly TimeSpan AsideFor = TimeSpan.FromMinutes(5);

    readonly TransportLines _lines;
    readonly HoldClock _holds;
    readonly OutcomeJudge _judge;
    readonly OutcomeRecorder _recorder;
    readonly DeliveryReport _report;
    readonly RefusalAudit _refusals;
    readonly InFlight _inFlight;
    readonly QueueSignal _signal;
    readonly TimeProvider _clock;
    readonly ILogger<DeliveryDesk> _logger;
    volatile bool _closed;

    public DeliveryDesk(
        TransportLines lines, HoldClock holds, RetrySchedule schedule, OutcomeRecorder recorder, DeliveryReport report, RefusalAudit refusals, InFlight inFlight, QueueSignal signal,
        TimeProvider clock, ILogger<DeliveryDesk> logger)
    {
        (_lines, _holds, _judge, _recorder, _report) = (lines, holds, new(schedule), recorder, report);
        (_refusals, _inFlight, _signal, _clock, _logger) = (refusals, inFlight, signal, clock, logger);
        _lines.Done = OnOutcomeAsync;
    }

    /// <summary>From now on nothing begins: what comes by is given back.</summary>
    public void Close() => _closed = true;

    /// <summary>Takes a message that was just claimed.</summary>
    public void Begin(DeliveryJob job)
    {
        try
        {
            HandOn(job);
        }
        catch (Exception fault)
        {
            // One bad message: the others of its claim go on, and it is not held for ever.
            LogNotHandedOn(job.Message.Id, fault);
            SetAside(job);
        }
    }

    /// <summary>As if it had never been claimed.</summary>
    public void Release(DeliveryJob job)
    {
        foreach (var index in job.Pending.ToList())
        {
            job.Leave(index);
        }

        Record(job, isLast: true);
    }

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
        else if (_closed || job.Message.CancelRequested)
        {
            // What is given back with a cancel pending is canceled by that.
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
        var verdict = _judge.Judge(job, line.Transport, outcome, line.Health.SinceAccepted, _clock.GetUtcNow());
        if (!verdict.Released)
        {
            _report.Attempted(line.Transport, outcome, verdict);
        }

        Credit(job, line, outcome, verdict);
        if (line.Health.Access != TransportAccess.Open)
        {
            SendElsewhere(line);
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

    /// <summary>What the outcome says of the transport.</summary>
    void Credit(DeliveryJob job, TransportLine line, TransportOutcome outcome, TransactionVerdict verdict)
    {
        if (verdict.Trouble is { } trouble)
        {
            job.Passed.Add(line.Transport);
            job.LastTrouble = verdict.Reply;
            line.Health.Failed(verdict.Reply, settings: trouble == FailureDecision.Suspend, job.IsProbe);
            if (outcome.Fault is { Kind: TransportFaultKind.DestinationNotAllowed } forbidden)
            {
                _refusals.Note(line.Transport, forbidden.Detail);
            }

            LogTrouble(line.Transport, trouble == FailureDecision.Suspend ? "suspended" : "failing", job.Message.Id, verdict.Reply);
        }
        else if (verdict.Accepted)
        {
            line.Health.Succeeded();
        }
        else if (verdict.Released || outcome.Fault is { Kind: TransportFaultKind.NotPrepared })
        {
            if (job.IsProbe)
            {
                line.Health.ProbeReleased();
            }
        }
        else if (outcome.Fault is null)
        {
            line.Health.Answered();
        }
        else
        {
            line.Health.Failed(verdict.Reply, settings: false, job.IsProbe);
        }
    }

    /// <summary>What no session has begun with would only find out once more that the transport cannot be used. Its probe is to find out whether it can be again.</summary>
    void SendElsewhere(TransportLine line)
    {
        foreach (var job in line.TakeBack().ToList())
        {
            if (job.IsProbe)
            {
                line.Offer(job);
            }
            else
            {
                Begin(job);
            }
        }
    }

    /// <summary>Back into the queue for a while: what is wrong with it may not be wrong for long, and must not keep the loop busy.</summary>
    void SetAside(DeliveryJob job)
    {
        job.ComeBack(_clock.GetUtcNow() + AsideFor);
        Release(job);
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
                _inFlight.Remove(job.Message);
                _signal.Raise();
            }
        });
    }

    static string NoTransport(DeliveryJob job) =>
        job.PassedOnBy is { } before ? $"no transport behind {before} can be used now"
        : job.Message.Transport.Length > 0 ? $"the transport {job.Message.Transport} cannot be used now" : "no transport can be used now";

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "Transport {Transport} is {State} (message {MessageId}): {Reason}")]
    partial void LogTrouble(string transport, string state, string messageId, string? reason);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Error, Message = "Message {MessageId} is set aside: what to do with it could not be decided")]
    partial void LogNotHandedOn(string messageId, Exception fault);
}
