using MailPlugin.Queue;
using MailPlugin.Transports;

namespace MailPlugin.Delivery;

/// <summary>Turns what a transport says of one transaction into what becomes of its recipients, by the failure policy.</summary>
internal sealed class OutcomeJudge(RetrySchedule schedule)
{
    /// <summary>Transactions of one round that may follow at once; beyond that, a relay that always wants one more has to wait.</summary>
    const int MaxAgain = 50;
    static readonly TimeSpan SuppressedFor = TimeSpan.FromDays(30);
    static readonly TimeSpan ProvenFor = TimeSpan.FromHours(24);

    /// <param name="sinceAccepted">How long ago the transport took other mail; null: it has not.</param>
    public TransactionVerdict Judge(DeliveryJob job, string transport, TransportOutcome outcome, TimeSpan? sinceAccepted, DateTimeOffset now)
    {
        var wantsOther = FailureDecision.Defer;
        var states = new List<RecipientState>();
        var (released, again) = (false, false);
        string? telling = null;
        var accepted = outcome.Recipients.Count(recipient => recipient.Verdict is RecipientVerdict.Accepted or RecipientVerdict.Captured);
        var proven = sinceAccepted < ProvenFor;
        var refused = outcome.Recipients.All(recipient => recipient is { Verdict: RecipientVerdict.Refused, Stage: TransportStage.Rcpt, Reply.IsPermanent: true });
        for (var i = 0; i < job.Batch.Count; i++)
        {
            var index = job.Batch[i];
            var redirect = job.Redirects.GetValueOrDefault(index);
            var recipient = outcome.Recipients[redirect is null || outcome.Recipients.Count == job.Batch.Count ? i : 0];
            if (recipient.Verdict == RecipientVerdict.PassedOn)
            {
                job.PassOn(index, transport, recipient.RedirectTo);
                continue;
            }

            if (recipient.Verdict is RecipientVerdict.Accepted or RecipientVerdict.Captured)
            {
                var state = recipient.Verdict == RecipientVerdict.Accepted && redirect is null ? RecipientState.Accepted : RecipientState.Captured;
                states.Add(state);
                job.Decide(index, state, Redirected(redirect, (recipient.Reply ?? outcome.FinalReply)?.ToString()), transport);
                continue;
            }

            var reply = Redirected(redirect, ReplyOf(recipient, outcome));
            var decision = Decide(job, recipient, outcome, new(accepted > 0, refused, proven, sinceAccepted < now - LastTried(job, index)));
            if (decision is not (FailureDecision.SendAgain or FailureDecision.SendApart or FailureDecision.Release or FailureDecision.LookAgain))
            {
                telling ??= reply;
            }

            switch (decision)
            {
                case FailureDecision.Release or FailureDecision.LookAgain:
                    released = true;
                    job.Leave(index);
                    job.ComeBack(now + schedule.Wait(job.Message.Tries, null, decision));
                    break;
                case FailureDecision.TryElsewhere or FailureDecision.Suspend:
                    wantsOther = wantsOther == FailureDecision.Suspend ? wantsOther : decision;
                    states.Add(RecipientState.Deferred);
                    break;
                case FailureDecision.SendAgain:
                    again = true;
                    break;
                case FailureDecision.SendApart:
                    job.OneByOne = true;
                    break;
                case FailureDecision.Fail or FailureDecision.FailAndSuppress:
                    states.Add(RecipientState.Failed);
                    job.Decide(index, RecipientState.Failed, reply, transport);
                    if (decision == FailureDecision.FailAndSuppress && redirect is null)
                    {
                        job.Suppressions.Add(new(job.AddressOf(index), reply ?? "", "relay", now, now + SuppressedFor));
                    }

                    break;
                default:
                    states.Add(RecipientState.Deferred);
                    Defer(job, index, reply, transport, decision, now);
                    job.WasDeferred = true;
                    break;
            }
        }

        job.Again += again ? 1 : 0;
        var uncertain = outcome.Recipients.Any(recipient => recipient.Verdict == RecipientVerdict.Uncertain);
        released &= accepted == 0;
        if (states.Count > 0 && !released)
        {
            job.Attempts.Add(new(
                now - outcome.Duration, transport, uncertain ? AttemptOutcome.Uncertain : Summary(states), telling ?? (outcome.FinalReply ?? outcome.Recipients[0].Reply)?.ToString(),
                (long)outcome.Duration.TotalMilliseconds, outcome.TranscriptId, job.Why));
        }

        return new(accepted > 0, released, wantsOther is FailureDecision.TryElsewhere or FailureDecision.Suspend ? wantsOther : null, telling);
    }

    /// <summary>It waits for this transport, or for any, and is claimed again when its time has come.</summary>
    public void Defer(DeliveryJob job, int index, string? reply, string? transport, FailureDecision decision, DateTimeOffset now)
    {
        job.Decide(index, RecipientState.Deferred, reply, transport);
        job.ComeBack(now + schedule.Wait(job.Message.Tries, reply, decision));
    }

    static FailureDecision Decide(DeliveryJob job, RecipientOutcome recipient, TransportOutcome outcome, Circumstances around)
    {
        if (recipient.Verdict == RecipientVerdict.Uncertain)
        {
            return FailureDecision.Defer;
        }

        if (recipient.Verdict == RecipientVerdict.NotSent && outcome.Fault is null)
        {
            return job.Again < MaxAgain ? FailureDecision.SendAgain : FailureDecision.Defer;
        }

        var fault = recipient.Verdict == RecipientVerdict.NotSent ? outcome.Fault : null;
        var decision = FailurePolicy.Decide(new(fault?.Kind, fault?.Stage ?? recipient.Stage, fault is null ? recipient.Reply : fault.Reply ?? recipient.Reply)
        {
            OthersAccepted = around.OthersAccepted,
            Shared = outcome.Recipients.Count > 1,
            AllRefused = around.AllRefused,
            Proven = around.Proven,
            Overtaken = around.Overtaken,
            Tries = job.Message.Tries,
        }).Decision;
        return decision == FailureDecision.SendAgain && job.Again >= MaxAgain ? FailureDecision.Defer : decision;
    }

    static string? ReplyOf(RecipientOutcome recipient, TransportOutcome outcome) => recipient.Verdict switch
    {
        RecipientVerdict.Uncertain when outcome.Program is not null => $"{outcome.Fault?.Detail}; it had read the message, which may have arrived",
        RecipientVerdict.Uncertain => "the content was sent and no reply came: it may have arrived",
        RecipientVerdict.NotSent => outcome.Fault?.Reply?.ToString() ?? outcome.Fault?.Detail ?? recipient.Reply?.ToString(),
        _ => (recipient.Reply ?? outcome.FinalReply)?.ToString() ?? outcome.Fault?.Detail,
    };

    static string? Redirected(string? to, string? reply) => to is null ? reply : $"redirected to {to}: {reply}";

    static AttemptOutcome Summary(List<RecipientState> states)
    {
        var first = states[0];
        return states.Exists(state => state != first) && states.Exists(state => state is RecipientState.Accepted or RecipientState.Captured) ? AttemptOutcome.Partial
            : states.Contains(RecipientState.Deferred) ? AttemptOutcome.Deferred
            : first == RecipientState.Accepted ? AttemptOutcome.Accepted
            : first == RecipientState.Captured ? AttemptOutcome.Captured
            : AttemptOutcome.Failed;
    }

    static DateTimeOffset LastTried(DeliveryJob job, int index) =>
        job.Message.Recipients[index] is { State: RecipientState.Deferred, At: { } at } ? at : job.Message.CreatedAt;

    readonly record struct Circumstances(bool OthersAccepted, bool AllRefused, bool Proven, bool Overtaken);
}

/// <param name="Accepted">The relay took it for someone.</param>
/// <param name="Released">Nothing was tried: it is no attempt.</param>
/// <param name="Trouble">Set when it was the transport that failed: <see cref="FailureDecision.TryElsewhere"/> or <see cref="FailureDecision.Suspend"/>.</param>
/// <param name="Reply">The reply or error that says most.</param>
internal sealed record TransactionVerdict(bool Accepted, bool Released, FailureDecision? Trouble, string? Reply);
