using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

internal sealed class QueueRetention(IDatabase database) : IQueueRetention
{
    const int TidyStep = 1_000;
    const int ShrinkPages = 256;
    const long HourMs = 3_600_000;
    static readonly TimeSpan Remembered = TimeSpan.FromHours(24);
    static readonly TimeSpan MinutesKept = TimeSpan.FromHours(26);
    static readonly TimeSpan HoursKept = TimeSpan.FromDays(40);

    public Task<int> DropContentsAsync(DateTimeOffset olderThan, int limit, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Prepared("""
            delete from message_contents where key in (
              select c.key from message_contents c join messages m on m.key = c.key
              where m.due is null and m.created_at < @before and c.key < coalesce((select n.key from messages n where n.id >= @floor order by n.id limit 1), 9223372036854775807)
              order by c.key limit @limit)
            """)
            .Set("@before", olderThan.ToUnixTimeMilliseconds()).Set("@floor", MessageIdentity.Floor(olderThan)).Set("@limit", limit).ExecuteNonQuery(),
        cancellationToken);

    public Task<int> DropMessagesAsync(DateTimeOffset olderThan, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => DropMessages(connection, olderThan, limit), cancellationToken);

    public Task<int> TidyAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(connection => Tidy(connection, now), cancellationToken);

    /// <summary>PostgreSQL looks after its pages itself.</summary>
    public Task<bool> ShrinkAsync(CancellationToken cancellationToken) =>
        database.Dialect == Dialect.Sqlite ? database.WriteAsync(Shrink, cancellationToken) : Task.FromResult(false);

    public Task SweepAsync(CancellationToken cancellationToken) => database.SweepAsync(cancellationToken);

    public Task<(long Bytes, long Messages)> MeasureAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => (
            database.Dialect == Dialect.Sqlite ? (Pragma(connection, "page_count") - Pragma(connection, "freelist_count")) * Pragma(connection, "page_size") : KeptBytes(connection),
            (long)connection.Prepared("select cast(coalesce(sum(count), 0) as bigint) from queue_totals").ExecuteScalar()!),
        cancellationToken);

    /// <summary>
    /// Where files do not shrink, what is in them is estimated: contents go oldest first, so those of finished messages that are left begin at a key, and all messages are evenly spread over theirs. Two looks
    /// at the ends of an index, and true within the transaction that deletes.
    /// </summary>
    static long KeptBytes(DbConnection connection)
    {
        using var row = connection.Prepared("""
            select cast(coalesce(t.bytes * ((ends.last - kept.first + 1) / cast(ends.last - ends.first + 1 as double precision)), 0) as bigint)
            from (select sum(bytes) as bytes from queue_totals) t,
              (select min(key) as first, max(key) as last from messages) ends,
              (select c.key as first from message_contents c join messages m on m.key = c.key where m.due is null order by c.key limit 1) kept
            """).ExecuteReader();
        return row.Read() ? row.GetInt64(0) : 0;
    }

    static int DropMessages(DbConnection connection, DateTimeOffset olderThan, int limit)
    {
        var old = new List<(long Key, MessageStatus Status, long Size, Recipient[] Recipients)>();
        using (var row = connection.Prepared($"""
            select key, status, size, recipients from messages
            where due is null and created_at < @before and key < coalesce((select n.key from messages n where n.id >= @floor order by n.id limit 1), 9223372036854775807)
            order by key limit @limit{connection.Dialect().SkipLocked}
            """)
            .Set("@before", olderThan.ToUnixTimeMilliseconds()).Set("@floor", MessageIdentity.Floor(olderThan)).Set("@limit", limit).ExecuteReader())
        {
            while (row.Read())
            {
                old.Add((row.GetInt64(0), (MessageStatus)row.GetInt32(1), row.GetInt64(2), RecipientJson.ReadRecipients(row.GetString(3))));
            }
        }

        foreach (var (key, status, size, recipients) in old)
        {
            connection.Prepared("delete from messages where key = @key").Set("@key", key).ExecuteLater();
            connection.Prepared("delete from message_contents where key = @key").Set("@key", key).ExecuteLater();
            foreach (var recipient in recipients)
            {
                connection.Prepared("delete from message_recipients where address = @address and key = @key")
                    .Set("@address", Recipient.KeyOf(recipient.Address)).Set("@key", key).ExecuteLater();
            }

            QueueTotals.Add(connection, status, -1, -size);
        }

        return old.Count;
    }

    static int Tidy(DbConnection connection, DateTimeOffset now)
    {
        // Two nodes that sum up at once would count twice.
        connection.Serialize("tidy");
        var changed = connection.Prepared("""
            delete from idempotency where (scope, name) in (select scope, name from idempotency where created_at <= @before order by created_at limit @limit)
            """)
            .Set("@before", (now - Remembered).ToUnixTimeMilliseconds()).Set("@limit", TidyStep).ExecuteNonQuery();
        changed += connection.Prepared("delete from suppressions where expires_at <= @now").Set("@now", now.ToUnixTimeMilliseconds()).ExecuteNonQuery();

        // Whole hours only: a half would be counted twice.
        var minutesEnd = (now - MinutesKept).ToUnixTimeMilliseconds() / HourMs * HourMs;
        connection.Prepared($"""
            insert into delivery_counts (span, at, transport, outcome, count)
            select 3600, at / {HourMs} * {HourMs}, transport, outcome, sum(count) from delivery_counts where span = 60 and at < @end group by 2, 3, 4
            on conflict (span, at, transport, outcome{connection.Dialect().Slot}) do update set count = delivery_counts.count + excluded.count
            """).Set("@end", minutesEnd).ExecuteNonQuery();
        changed += connection.Prepared("delete from delivery_counts where span = 60 and at < @end").Set("@end", minutesEnd).ExecuteNonQuery();
        changed += connection.Prepared("delete from delivery_counts where span = 3600 and at < @end").Set("@end", (now - HoursKept).ToUnixTimeMilliseconds()).ExecuteNonQuery();
        return changed;
    }

    static bool Shrink(DbConnection connection)
    {
        if (Pragma(connection, "freelist_count") == 0)
        {
            return false;
        }

        using (var row = connection.Prepared($"pragma incremental_vacuum({ShrinkPages})").ExecuteReader())
        {
            while (row.Read())
            {
                // Each row is a page that was given back.
            }
        }

        return Pragma(connection, "freelist_count") > 0;
    }

    static long Pragma(DbConnection connection, string name) => (long)connection.Prepared($"pragma {name}").ExecuteScalar()!;
}
