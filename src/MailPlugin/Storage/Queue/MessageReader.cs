using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>
/// Lists messages newest first. Where an index knows the candidates they are taken from it; else the table is walked backwards. Either way a page
/// looks at a bounded number of rows and says so, because nobody waits for a scan of a million.
/// </summary>
internal sealed class MessageReader(IDatabase database) : IMessageReader
{
    const int MaxLooked = 20_000;
    const int MaxPrefix = 5_000;

    /// <summary>Rows asked for at once.</summary>
    const int MaxStep = 2_000;

    /// <summary>Keys follow commits and ids the clock: within this they may be in another order.</summary>
    static readonly TimeSpan Disorder = TimeSpan.FromMinutes(1);

    public Task<MessagePage> ListAsync(MessageFilter filter, long? before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => List(connection, filter, before ?? long.MaxValue, limit), cancellationToken);

    public Task<MessageRecord?> FindAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var row = connection.Prepared($"""
                select {MessageRow.Columns}, m.attempts, exists (select 1 from message_contents c where c.key = m.key) from messages m where m.id = @id
                """).Set("@id", id).ExecuteReader();
            return row.Read() ? MessageRow.Read(row) with { Attempts = RecipientJson.ReadAttempts(row.Text(25)), HasContent = row.GetBoolean(26) } : null;
        },
        cancellationToken);

    public Task<MessageContent?> ReadContentAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var row = connection.Prepared("select c.header, c.body from messages m join message_contents c on c.key = m.key where m.id = @id").Set("@id", id).ExecuteReader();
            return row.Read() ? new MessageContent((byte[])row.GetValue(0), (byte[])row.GetValue(1)) : null;
        },
        cancellationToken);

    static MessagePage List(DbConnection connection, MessageFilter filter, long before, int limit)
    {
        if (filter.Text is { } text && ExactId(text) is { } id)
        {
            return ById(connection, filter, id, before);
        }

        var (keys, complete) = Candidates(connection, filter, before);
        return keys is null ? Walk(connection, filter, before, limit) : Pick(connection, filter, keys, complete, limit);
    }

    static string? ExactId(string text) => MessageIdentity.IsId(text) ? text : MessageIdentity.TryFromHeader(text, out var id) ? id : null;

    static MessagePage ById(DbConnection connection, MessageFilter filter, string id, long before)
    {
        using var row = connection.Prepared($"select {MessageRow.Columns} from messages m where m.id = @id and m.key < @before").Set("@id", id).Set("@before", before).ExecuteReader();
        return row.Read() && MessageRow.Matches(row, filter) ? new([MessageRow.Read(row)], null, Partial: false) : new([], null, Partial: false);
    }

    /// <summary>Keys that an index gives, newest first; null where only walking helps.</summary>
    static (List<long>? Keys, bool Complete) Candidates(DbConnection connection, MessageFilter filter, long before)
    {
        if (filter.Recipient is { } recipient)
        {
            return Keys(connection.Prepared("select key from message_recipients where address = @address and key < @before order by key desc limit @limit")
                .Set("@address", Recipient.KeyOf(recipient)).Set("@before", before), MaxLooked);
        }

        if (filter.Text is { } text)
        {
            var (byAddress, allAddresses) = Prefix(connection, "select key from message_recipients where address >= @from and address < @to and key < @before limit @limit", Recipient.KeyOf(text), before);
            var (bySubject, allSubjects) = Prefix(connection, "select key from messages where subject_key >= @from and subject_key < @to and key < @before limit @limit", MessageColumn.SubjectKey(text), before);
            return ([.. byAddress.Concat(bySubject).Distinct().OrderDescending()], allAddresses && allSubjects);
        }

        if (filter.Status is { } status and not (MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Sent))
        {
            return Keys(connection.Prepared("select key from messages where status = @status and status not in (0, 3) and key < @before order by key desc limit @limit")
                .Set("@status", (int)status).Set("@before", before), MaxLooked);
        }

        if (filter.Status is MessageStatus.Queued or MessageStatus.Sending && QueueTotals.Open(connection).Messages <= MaxLooked)
        {
            var (keys, complete) = Keys(connection.Prepared("select key from messages where due is not null and key < @before limit @limit").Set("@before", before), MaxLooked);
            keys.Sort((left, right) => right.CompareTo(left));
            return (keys, complete);
        }

        return (null, true);
    }

    static (List<long> Keys, bool Complete) Prefix(DbConnection connection, string sql, string prefix, long before) =>
        Keys(connection.Prepared(sql).Set("@from", prefix).Set("@to", prefix + '\uffff').Set("@before", before), MaxPrefix);

    static (List<long> Keys, bool Complete) Keys(PreparedStatement command, int limit)
    {
        var keys = new List<long>();
        using var row = command.Set("@limit", limit + 1).ExecuteReader();
        while (row.Read())
        {
            keys.Add(row.GetInt64(0));
        }

        var complete = keys.Count <= limit;
        if (!complete)
        {
            keys.RemoveAt(limit);
        }

        return (keys, complete);
    }

    static MessagePage Pick(DbConnection connection, MessageFilter filter, List<long> keys, bool complete, int limit)
    {
        var items = new List<MessageRecord>();
        long last = 0;
        foreach (var some in keys.Chunk(limit + 1))
        {
            var matching = Matching(connection, filter, some);
            foreach (var key in some.Where(matching.ContainsKey))
            {
                if (items.Count == limit)
                {
                    return new(items, last, Partial: !complete);
                }

                items.Add(matching[key]);
                last = key;
            }
        }

        return new(items, complete || keys.Count == 0 ? null : keys[^1], Partial: !complete);
    }

    /// <summary>Those of these that are meant, by their keys.</summary>
    static Dictionary<long, MessageRecord> Matching(DbConnection connection, MessageFilter filter, long[] keys)
    {
        var matching = new Dictionary<long, MessageRecord>();
        if (connection.Dialect().IsShared)
        {
            ReadInto(connection.Prepared($"select {MessageRow.Columns} from messages m where m.key = any(@keys)").SetAll("@keys", keys.Select(key => (long?)key)));
            return matching;
        }

        var one = connection.Prepared($"select {MessageRow.Columns} from messages m where m.key = @key");
        foreach (var key in keys)
        {
            ReadInto(one.Set("@key", key));
        }

        return matching;

        void ReadInto(PreparedStatement command)
        {
            using var row = command.ExecuteReader();
            while (row.Read())
            {
                if (MessageRow.Matches(row, filter))
                {
                    matching[MessageRow.Key(row)] = MessageRow.Read(row);
                }
            }
        }
    }

    /// <summary>
    /// Backwards, at first a page of rows and then more and more of them: a server that is asked for all that might be looked at sends all of it.
    /// </summary>
    static MessagePage Walk(DbConnection connection, MessageFilter filter, long before, int limit)
    {
        var start = filter.Until is { } until ? Math.Min(before, KeyAt(connection, until + Disorder) ?? before) : before;
        var floor = filter.Since is { } since ? KeyAt(connection, since - Disorder) ?? long.MaxValue : 0;
        var items = new List<MessageRecord>();
        var walk = connection.Prepared($"select {MessageRow.Columns} from messages m where m.key < @before and m.key >= @floor order by m.key desc limit @limit").Set("@floor", floor);
        var (looked, last) = (0, start);
        for (var step = limit + 1; looked < MaxLooked; step = Math.Min(step * 4, MaxStep))
        {
            var asked = Math.Min(step, MaxLooked - looked);
            var came = 0;
            using var row = walk.Set("@before", last).Set("@limit", asked).ExecuteReader();
            while (row.Read())
            {
                came++;
                if (MessageRow.Matches(row, filter))
                {
                    if (items.Count == limit)
                    {
                        return new(items, last, Partial: false);
                    }

                    items.Add(MessageRow.Read(row));
                }

                last = MessageRow.Key(row);
            }

            if (came < asked)
            {
                return new(items, null, Partial: false);
            }

            looked += came;
        }

        return new(items, last, Partial: true);
    }

    /// <summary>About the first key of this time or later; ids sort by time.</summary>
    static long? KeyAt(DbConnection connection, DateTimeOffset time) =>
        (long?)connection.Prepared("select key from messages where id >= @id order by id limit 1").Set("@id", MessageIdentity.Floor(time)).ExecuteScalar();
}
