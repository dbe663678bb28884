using System.Buffers;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Nodes;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Submission;

/// <summary>Takes submissions from every door: checks, composes once, stores in one commit, wakes delivery. What it accepted is on disk.</summary>
internal sealed class Submitter(
    IOutbox outbox, SubmissionRules rules, ISettingsSource settings, HoldClock holds, DiskGauge disk, SubmissionLimits limits,
    StoreWatch watch, QueueSignal signal, IStoreChanges nodes, MailEvents events, TimeProvider clock)
{
    const string SwitchedOff = "the template is switched off";

    static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(60);

    readonly MessageComposer _composer = new(clock);

    /// <returns>One result for each submission, in order. A refusal that concerns the queue (503) or all of mail (409 <c>mail-disabled</c>) is the result of every one, and nothing was kept.</returns>
    public async Task<IReadOnlyList<SubmissionResult>> SubmitAsync(IReadOnlyList<SubmissionRequest> requests, SubmissionCaller caller, CancellationToken cancellationToken)
    {
        var results = new SubmissionResult[requests.Count];
        try
        {
            // A replay is answered whatever has happened since.
            var now = clock.GetUtcNow();
            await FindReplaysAsync(requests, results, now, cancellationToken);
            if (Gate() is { } closed)
            {
                FillEmpty(results, closed);
                return results;
            }

            var messages = new List<NewMessage>();
            var places = new List<int>();
            for (var i = 0; i < requests.Count; i++)
            {
                if (results[i] is null && Compose(requests[i], caller, now) is var (message, problem))
                {
                    results[i] = problem!;
                    if (message is not null)
                    {
                        messages.Add(message);
                        places.Add(i);
                    }
                }
            }

            if (messages.Count > 0)
            {
                await StoreAsync(messages, places, results, cancellationToken);
            }
        }
        catch (DatabaseUnavailableException)
        {
            Array.Fill(results, new(null, Problem.QueueUnavailable()));
        }

        return results;
    }

    /// <summary>Stores a message that was composed before. Its end and what held it are set here.</summary>
    public async Task<SubmissionResult> EnqueueAsync(NewMessage message, CancellationToken cancellationToken)
    {
        if (Gate() is { } closed)
        {
            return new(null, closed);
        }

        var now = clock.GetUtcNow();
        var results = new SubmissionResult[1];
        try
        {
            await StoreAsync([message with { ExpiresAt = now + limits.Expiry, HeldBase = holds.Total(message.Transport, now) }], [0], results, cancellationToken);
            return results[0];
        }
        catch (DatabaseUnavailableException)
        {
            return new(null, Problem.QueueUnavailable());
        }
    }

    async Task FindReplaysAsync(IReadOnlyList<SubmissionRequest> requests, SubmissionResult[] results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var i = 0; i < requests.Count; i++)
        {
            if (requests[i].Mark is { } mark && await outbox.FindAnswerAsync(mark, now, cancellationToken) is { } answer)
            {
                results[i] = ResultOf(answer);
            }
        }
    }

    ProblemResult? Gate() =>
        !settings.Current.Settings.Enabled ? Problem.Of("mail-disabled")
        : disk.IsLow ? Problem.Of("disk-low") with { RetryAfter = FullRetry }
        : null;

    (NewMessage? Message, SubmissionResult? Problem) Compose(SubmissionRequest request, SubmissionCaller caller, DateTimeOffset now)
    {
        var snapshot = settings.Current.Settings;
        var valid = rules.Check(request.Submission, snapshot, caller, now, request.Faults);
        if (valid is null)
        {
            return (null, new(null, Problem.Invalid("invalid-message", request.Faults)));
        }

        var id = MessageIdentity.New(now);
        var submission = valid.Submission;
        using var composed = _composer.Compose(valid.Draft with { MessageId = MessageIdentity.Header(id, valid.Draft.From.Domain), Date = now });
        if (composed.Size > limits.MessageBytes)
        {
            return (null, new(null, Problem.TooLarge((int)Math.Min(limits.MessageBytes, int.MaxValue))));
        }

        var transport = valid.Transport;
        return (new NewMessage
        {
            Id = id,
            MessageId = composed.MessageId,
            CreatedAt = now,
            ExpiresAt = submission.ExpiresAt ?? now + limits.Expiry,
            NotBefore = submission.NotBefore,
            HeldBase = holds.Total(transport, now),
            Priority = valid.Priority,
            Source = submission.Source ?? "",
            Transport = transport,
            Owner = caller.Owner,
            Subject = valid.Draft.Subject,
            From = new(valid.Draft.From.Address, valid.Draft.From.DisplayName),
            FromIsDefault = valid.FromIsDefault,
            EnvelopeFrom = valid.EnvelopeFrom,
            Recipients = valid.IsSwitchedOff ? [.. valid.Recipients.Select(recipient => recipient with { State = RecipientState.Suppressed, Reply = SwitchedOff, At = now })] : valid.Recipients,
            Reason = valid.IsSwitchedOff ? SwitchedOff : null,
            ForgetsContent = !valid.KeepsContent,
            Header = composed.Header.ToArray(),
            Body = composed.Body.ToArray(),
            NeedsSmtpUtf8 = composed.NeedsSmtpUtf8 || valid.Recipients.Any(recipient => !System.Text.Ascii.IsValid(recipient.Address)),
            Dsn = submission.Dsn,
            Template = submission.Template,
            Metadata = submission.Metadata,
            Idempotency = request.Mark,
        }, null);
    }

    async Task StoreAsync(List<NewMessage> messages, List<int> places, SubmissionResult[] results, CancellationToken cancellationToken)
    {
        var answers = await CommitAsync(messages, cancellationToken);
        if (answers[0].Result == EnqueueResult.QueueFull)
        {
            Array.Fill(results, ResultOf(answers[0]));
            return;
        }

        for (var i = 0; i < answers.Count; i++)
        {
            results[places[i]] = ResultOf(answers[i]);
            TellSuppressed(messages[i], answers[i]);
        }

        signal.Raise();
        nodes.WakeOthers();
    }

    async Task<IReadOnlyList<EnqueueAnswer>> CommitAsync(List<NewMessage> messages, CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(limits.CommitWait);
        var bytes = messages.Sum(message => message.Size);
        try
        {
            var answers = await outbox.EnqueueAsync(messages, new(limits.QueueMessages, limits.QueueBytes), wait.Token);
            watch.Succeeded(bytes);
            return answers;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            watch.Failed(0, "the commit did not begin in time");
            throw new DatabaseUnavailableException("The commit did not begin in time.");
        }
        catch (DatabaseUnavailableException fault)
        {
            watch.Failed(fault.MayBeOfSize ? bytes : 0, fault.Message);
            throw;
        }
    }

    void TellSuppressed(NewMessage message, EnqueueAnswer answer)
    {
        if (!events.HasHandlers)
        {
            return;
        }

        foreach (var recipient in answer.Suppressed)
        {
            events.Publish(new(
                MailEventKind.Suppressed, message.Id, message.MessageId, recipient.Address, message.CreatedAt, null, recipient.Reply, message.Source.Length == 0 ? null : message.Source));
        }
    }

    static SubmissionResult ResultOf(EnqueueAnswer answer) => answer.Result switch
    {
        EnqueueResult.Conflict => new(null, Problem.Of("idempotency-conflict")),
        EnqueueResult.QueueFull => new(null, Problem.Of("queue-full") with { RetryAfter = FullRetry }),
        _ => new(new(answer.Id, answer.MessageId, EnumText.Of(answer.Status), answer.Reason, answer.Result == EnqueueResult.Replayed), null),
    };

    static void FillEmpty(SubmissionResult?[] results, ProblemResult problem)
    {
        for (var i = 0; i < results.Length; i++)
        {
            results[i] ??= new(null, problem);
        }
    }
}

/// <param name="Faults">What binding already found; the rules add theirs.</param>
/// <param name="Mark">The caller's idempotency key with the hash of what came with it.</param>
internal sealed record SubmissionRequest(MailSubmission Submission, Faults Faults, IdempotencyMark? Mark);

/// <summary>Either a receipt or the problem that answers instead.</summary>
internal sealed record SubmissionResult(SubmissionReceipt? Receipt, ProblemResult? Problem);
