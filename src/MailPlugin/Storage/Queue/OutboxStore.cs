using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>
/// Enqueues: a message's row, its bytes, its recipients for the search, its idempotency mark and the totals in one commit. Suppressions and the quota are looked up in the same commit: no time
/// lies between the question and the answer.
/// </summary>
internal sealed class OutboxStore(IDatabase database) : IOutbox
{
    static readonly GroupWrite<Submission, IReadOnlyList<EnqueueAnswer>> Write = new(Enqueue);

    public Task<IReadOnlyList<EnqueueAnswer>> EnqueueAsync(IReadOnlyList<NewMessage> messages, QueueQuota quota, CancellationToken cancellationToken)
    {
        // What can be computed beforehand is not computed on the few threads that write.
        var recipients = messages.Select(message => RecipientJson.Write(message.Recipients)).ToArray();
        return database.WriteAsync(Write, new(messages, recipients, quota), cancellationToken);
    }

    public Task<EnqueueAnswer?> FindAnswerAsync(IdempotencyMark mark, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => IdempotencyMarks.Find(connection, mark, now), cancellationToken);

    static IReadOnlyList<IReadOnlyList<EnqueueAnswer>> Enqueue(DbConnection connection, IReadOnlyList<Submission> submissions)
    {
        var look = EnqueueLook.At(
            connection, submissions.SelectMany(submission => submission.Open), submissions.Any(submission => submission.Quota != QueueQuota.None),
            submissions.SelectMany(submission => submission.Messages).FirstOrDefault()?.CreatedAt ?? default);
        var (taken, suppressions) = (WithinQuota(submissions, look), look.Suppressions);
        var rows = taken.SelectMany(submission => submission.Messages.Select((message, place) => Row(message, submission.Recipients[place], suppressions))).ToList();
        var own = IdempotencyMarks.Remember(connection, [.. rows.Where(row => row.Message.Idempotency is not null)]);
        var (added, known) = (rows.FindAll(IsOwn), rows.FindAll(row => !IsOwn(row)));
        MessageInsert.Write(connection, added);
        var tally = new CommitTally();
        foreach (var row in added)
        {
            tally.Add(row.Status, 1, row.Message.Size);
            foreach (var recipient in row.Message.Recipients.Where(recipient => recipient.State == RecipientState.Suppressed))
            {
                tally.Count(row.Message.CreatedAt, null, recipient.State);
            }
        }

        tally.Write(connection);

        foreach (var (message, original) in added.Where(row => row.Message.ResentFrom is not null).Select(row => (row.Message.Id, row.Message.ResentFrom)))
        {
            connection.Prepared("update messages set resent_to = @id where id = @original").Set("@id", message).Set("@original", original).ExecuteLater();
        }

        var answers = added.ToDictionary(row => row.Message.Id, row => row.Answer, StringComparer.Ordinal);
        foreach (var row in known)
        {
            answers[row.Message.Id] = IdempotencyMarks.Find(connection, row.Message.Idempotency!, row.Message.CreatedAt)
                ?? throw new InvalidOperationException("An idempotency mark is neither new nor known.");
        }

        // Replays are looked up before; whoever comes here with one meanwhile stored, and finds no room, tries again and is answered.
        return [.. submissions.Select(submission => (IReadOnlyList<EnqueueAnswer>)[.. submission.Messages.Select(message => answers.GetValueOrDefault(message.Id) ?? Full)])];

        bool IsOwn(StoredMessage row) => row.Message.Idempotency is null || own.Contains(row.Message.Id);
    }

    static EnqueueAnswer Full { get; } = new(EnqueueResult.QueueFull, "", "", MessageStatus.Queued, null);

    /// <summary>Each submission whole or not at all.</summary>
    static List<Submission> WithinQuota(IReadOnlyList<Submission> submissions, EnqueueLook look)
    {
        var (waiting, bytes) = (look.Waiting, look.Bytes);
        var taken = new List<Submission>();
        foreach (var submission in submissions)
        {
            var (count, size) = (submission.Messages.Count, submission.Messages.Sum(message => message.Size));
            if (submission.Quota == QueueQuota.None || (waiting + count <= submission.Quota.Messages && bytes + size <= submission.Quota.Bytes))
            {
                (waiting, bytes) = (waiting + count, bytes + size);
                taken.Add(submission);
            }
        }

        return taken;
    }

    static StoredMessage Row(NewMessage message, string recipients, Dictionary<string, Suppression> suppressions)
    {
        var suppressed = new List<Recipient>();
        if (suppressions.Count > 0 && !IsTest(message))
        {
            var before = message;
            message = message with { Recipients = [.. message.Recipients.Select(recipient => Suppress(recipient, before.CreatedAt, suppressions, suppressed))] };
            recipients = suppressed.Count > 0 ? RecipientJson.Write(message.Recipients) : recipients;
        }

        var status = MessageStatuses.Of(message.Recipients.Select(recipient => recipient.State));
        var reason = message.Reason ?? (suppressed.Count == message.Recipients.Count ? "every recipient is suppressed" : null);
        return new(message, status, recipients, new(EnqueueResult.Stored, message.Id, message.MessageId, status, reason) { Suppressed = suppressed });
    }

    /// <summary>Stored as claimed: somebody waits to see what becomes of it, and asked for this address by name.</summary>
    static bool IsTest(NewMessage message) => message.Lease is not null;

    static Recipient Suppress(Recipient recipient, DateTimeOffset at, Dictionary<string, Suppression> suppressions, List<Recipient> suppressed)
    {
        if (!recipient.State.IsOpen() || suppressions.GetValueOrDefault(Recipient.KeyOf(recipient.Address)) is not { } why)
        {
            return recipient;
        }

        var changed = recipient with { State = RecipientState.Suppressed, Reply = why.Reason, At = at };
        suppressed.Add(changed);
        return changed;
    }

    sealed record Submission(IReadOnlyList<NewMessage> Messages, string[] Recipients, QueueQuota Quota)
    {
        public IEnumerable<string> Open => Messages.SelectMany(message => message.Recipients).Where(recipient => recipient.State.IsOpen()).Select(recipient => recipient.Address);
    }
}
