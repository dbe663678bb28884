using System.Diagnostics.CodeAnalysis;

namespace MailPlugin.Smtp;

/// <summary>Outcomes of transactions that are done, in the order in which they ended, until the caller takes them.</summary>
internal sealed class TransactionOutcomes(TimeProvider time)
{
    readonly Queue<SmtpOutcome> _outcomes = new();

    internal int Count => _outcomes.Count;

    internal bool TryTake([NotNullWhen(true)] out SmtpOutcome? outcome) => _outcomes.TryDequeue(out outcome);

    /// <summary>One part of a job is done; with the last one the job has its outcome.</summary>
    internal void ClosePart(TransactionJob job)
    {
        if (job.ClosePart())
        {
            var outcome = job.ToOutcome(time);
            SmtpTelemetry.Sent(outcome, job.Activity);
            _outcomes.Enqueue(outcome);
        }
    }
}
