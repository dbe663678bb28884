using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

internal sealed class MessageActs(IDatabase database) : IMessageActs
{
    const int MaxLooked = 2_000;

    /// <summary>In one commit: mail goes on between them.</summary>
    const int MaxWritten = 200;

    public Task<ActResult> RetryAsync(string id, RetryTerms terms, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => Retry(connection, id, terms, dryRun: false), cancellationToken);

    public Task<int> RetryManyAsync(IReadOnlyCollection<string> ids, RetryTerms terms, bool dryRun, CancellationToken cancellationToken) => database.WriteAsync(
        connection => ids.Count(id => Retry(connection, id, terms, dryRun) == ActResult.Done), cancellationToken);

    public Task<ActResult> CancelAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => Cancel(connection, id, now), cancellationToken);

    public async Task<int> EraseAsync(string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var count = await RecipientEraser.EraseAsync(database, address, now, cancellationToken);
        await TranscriptEraser.EraseAsync(database, address, cancellationToken);
        return count;
    }

    public async Task<ExpiryStep> ExpireAsync(Func<WaitingMessage, bool> isOver, long after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (over, last) = await database.ReadAsync(connection => FindOver(connection, isOver, after), cancellationToken);
        var expired = new List<ExpiredMessage>();
        foreach (var step in over.Chunk(MaxWritten))
        {
            expired.AddRange(await database.WriteAsync(connection => Expire(connection, step, now), cancellationToken));
        }

        return new(last, expired);
    }

    static ActResult Retry(DbConnection connection, string id, RetryTerms terms, bool dryRun)
    {
        if (EditableMessage.Find(connection, id) is not { } message)
        {
            return ActResult.NotFound;
        }

        var reopens = message.Status is MessageStatus.Failed or MessageStatus.Expired or MessageStatus.Partial
            && message.Recipients.Any(recipient => recipient.State is RecipientState.Failed or RecipientState.Expired);
        if (message.IsLeased || !message.HasContent(connection) || !(reopens || message.Status.IsOpen()))
        {
            return ActResult.WrongState;
        }

        if (dryRun)
        {
            return ActResult.Done;
        }

        if (!reopens)
        {
            // Whoever wants it sent no longer wants it canceled.
            connection.Prepared($"update messages set due = {connection.Dialect().Now}, flags = @flags where key = @key")
                .SetNow(terms.Now).Set("@flags", (int)(message.Flags & ~RowFlags.CancelRequested)).Set("@key", message.Key).ExecuteNonQuery();
            return ActResult.Done;
        }

        message.Change(recipient => recipient.State is RecipientState.Failed or RecipientState.Expired ? recipient with { State = RecipientState.Pending, At = terms.Now } : recipient);
        message.Flags &= ~RowFlags.CancelRequested;
        var tally = new CommitTally();
        message.Save(connection, terms.Now, tally);
        tally.Write(connection);
        connection.Prepared("update messages set tries = 0, expires_at = @expires, held_base = @held where key = @key")
            .Set("@expires", terms.ExpiresAt.ToUnixTimeMilliseconds()).Set("@held", (long)terms.HeldTotal(message.Stream.Transport).TotalMilliseconds).Set("@key", message.Key)
            .ExecuteNonQuery();
        return ActResult.Done;
    }

    static ActResult Cancel(DbConnection connection, string id, DateTimeOffset now)
    {
        if (EditableMessage.Find(connection, id) is not { } message)
        {
            return ActResult.NotFound;
        }

        if (!message.Status.IsOpen())
        {
            return ActResult.WrongState;
        }

        if (message.IsLeased)
        {
            connection.Prepared("update messages set flags = flags | @flag where key = @key").Set("@flag", (int)RowFlags.CancelRequested).Set("@key", message.Key).ExecuteNonQuery();
            return ActResult.Requested;
        }

        var tally = new CommitTally();
        message.EndOpen(RecipientState.Canceled, now, tally);
        message.Save(connection, now, tally);
        tally.Write(connection);
        return ActResult.Done;
    }

    static (List<long> Over, long? Last) FindOver(DbConnection connection, Func<WaitingMessage, bool> isOver, long after)
    {
        var over = new List<long>();
        var looked = 0;
        long? last = null;
        using var row = connection.Prepared("select key, stream, expires_at, held_base from messages where key > @after and due is not null and lease is null order by key limit @limit")
            .Set("@after", after).Set("@limit", MaxLooked).ExecuteReader();
        while (row.Read())
        {
            looked++;
            last = row.GetInt64(0);
            if (isOver(new(StreamName.Parse(row.GetString(1)).Transport, row.Time(2), TimeSpan.FromMilliseconds(row.GetInt64(3)))))
            {
                over.Add(last.Value);
            }
        }

        return (over, looked < MaxLooked ? null : last);
    }

    static List<ExpiredMessage> Expire(DbConnection connection, IEnumerable<long> keys, DateTimeOffset now)
    {
        var expired = new List<ExpiredMessage>();
        var tally = new CommitTally();
        foreach (var key in keys)
        {
            if (EditableMessage.Find(connection, key) is { IsLeased: false } message && message.Status.IsOpen())
            {
                expired.Add(new(message.Id, message.MessageId, message.Stream.Source, now, message.Recipients.Count, message.EndOpen(RecipientState.Expired, now, tally)));
                message.Save(connection, now, tally);
            }
        }

        tally.Write(connection);
        return expired;
    }
}
