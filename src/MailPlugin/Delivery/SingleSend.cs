using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// Sends one message now through exactly one transport, be it one that is not saved: no failover, no retry, no circuit breaker. The message is stored as claimed, so that the worker never touches it, and
/// its outcome is recorded as any other; what a worker would defer ends as failed, because nobody comes back to it.
/// </summary>
internal sealed partial class SingleSend(
    IOutbox outbox, IDeliveryQueue queue, RetrySchedule schedule, MessagePreparation preparation, ISettingsSource saved, TransportResumes resumes, TestMarks tests, DeliveryReport report,
    InFlight inFlight, TimeProvider clock, ILogger<SingleSend> logger)
{
    /// <summary>If the process dies meanwhile, the next start must not send it: by then the row has expired.</summary>
    static readonly TimeSpan LeaseFor = TimeSpan.FromMinutes(15);

    readonly OutcomeJudge _judge = new(schedule);

    /// <param name="message">The message; its lease and its end are set here.</param>
    /// <param name="transport">The way out. It stays the caller's.</param>
    /// <param name="transportSettings">The settings that it was made from.</param>
    /// <param name="settings">The settings around it, a draft's or those in force.</param>
    /// <param name="redirectTo">Where it goes instead, when the mode that was asked for redirects; null: to its recipients.</param>
    /// <exception cref="DatabaseUnavailableException">Nothing was stored, nothing was sent.</exception>
    public async Task<TransportOutcome> SendNowAsync(
        NewMessage message, ITransport transport, TransportSettings transportSettings, MailSettings settings, string? redirectTo, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lease = new Lease(Lease.NewToken(), now + LeaseFor);
        var stored = message with { Lease = lease, Transport = transport.Id, ExpiresAt = now };
        await outbox.EnqueueAsync([stored], QueueQuota.None, cancellationToken);
        var claimed = await queue.FindClaimedAsync(stored.Id, lease, cancellationToken) ?? throw new DatabaseUnavailableException("The message that was just stored is gone.");
        inFlight.Add(claimed);
        try
        {
            var job = new DeliveryJob(claimed) { Why = "asked for" };
            job.Batch = job.Pending;
            if (redirectTo is not null)
            {
                job.Redirects[0] = redirectTo;
            }

            var outcome = await SendAsync(stored, job, transport, transportSettings, settings, cancellationToken);
            try
            {
                await ConcludeAsync(job, transportSettings, outcome);
            }
            catch (Exception fault)
            {
                // What became of the mail is known: whoever was told otherwise would send it again.
                LogNotRecorded(stored.Id, fault);
            }

            return outcome;
        }
        finally
        {
            inFlight.Remove(claimed);
        }
    }

    async Task ConcludeAsync(DeliveryJob job, TransportSettings transport, TransportOutcome outcome)
    {
        var accepted = await RecordAsync(job, transport.Id, outcome);
        await tests.SetAsync(transport, accepted, clock.GetUtcNow(), CancellationToken.None);
        if (accepted && saved.Current.Settings.Transport(transport.Id) == transport)
        {
            // What was suspended has just been seen to work.
            await resumes.ResumeAsync(transport.Id, CancellationToken.None);
        }
    }

    async Task<TransportOutcome> SendAsync(NewMessage message, DeliveryJob job, ITransport transport, TransportSettings transportSettings, MailSettings settings, CancellationToken cancellationToken)
    {
        var outgoing = preparation.Finish(job, new(message.Header, message.Body), job.Redirects.GetValueOrDefault(0), settings, transportSettings);
        try
        {
            await foreach (var outcome in transport.SendAsync(One(outgoing), cancellationToken))
            {
                return outcome;
            }
        }
        catch (OperationCanceledException)
        {
            // The transport owes an outcome; this is it.
        }

        var fault = new TransportFault(TransportStage.Connect, TransportFaultKind.Canceled, "The wait for this send is over.");
        return new(outgoing, [.. outgoing.Recipients.Select(address => new RecipientOutcome(address, RecipientVerdict.NotSent, fault.Stage, null))]) { Fault = fault };
    }

    async Task<bool> RecordAsync(DeliveryJob job, string transport, TransportOutcome outcome)
    {
        var now = clock.GetUtcNow();
        var verdict = _judge.Judge(job, transport, outcome, sinceAccepted: null, now);
        report.Attempted(transport, outcome, verdict);
        foreach (var index in job.Message.Recipients.Select((_, index) => index).Where(index => !job.Changes.Exists(change => change.Index == index)))
        {
            job.Decide(index, RecipientState.Failed, verdict.Reply ?? outcome.Fault?.Detail, transport);
        }

        var recorded = job.TakeOutcome(now, isLast: true);
        recorded = recorded with
        {
            // A test proves the way, not the address: it suppresses nobody.
            Suppressions = [],
            Changes = [.. recorded.Changes.Select(change => change.State == RecipientState.Deferred ? change with { State = RecipientState.Failed } : change)],
            Attempts = recorded.Attempts.Count > 0
                ? recorded.Attempts
                : [new(now - outcome.Duration, transport, AttemptOutcome.Failed, verdict.Reply ?? outcome.Fault?.Detail, (long)outcome.Duration.TotalMilliseconds, outcome.TranscriptId, job.Why)],
        };
        var status = (await queue.RecordAsync([recorded], CancellationToken.None))[0];
        if (status is { } written)
        {
            report.Written(job.Message, recorded, written);
        }

        return verdict.Accepted;
    }

    [LoggerMessage(EventId = 2027, Level = LogLevel.Error, Message = "What became of message {MessageId}, sent on request, could not be recorded")]
    partial void LogNotRecorded(string messageId, Exception fault);

#pragma warning disable CS1998 // A stream of one needs no waiting.
    static async IAsyncEnumerable<OutgoingMessage> One(OutgoingMessage message)
#pragma warning restore CS1998
    {
        yield return message;
    }
}
