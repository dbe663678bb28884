using System.Data.Common;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>
/// Claims and outcomes. A claim walks the streams of a lane in turn, from where the last one stopped, and takes each one's due messages by the index
/// alone; a stream that may not leave now (its transport is down, its source has enough in flight) is stepped over however long it is.
/// </summary>
internal sealed class DeliveryStore(IDatabase database) : IDeliveryQueue
{
    /// <summary>Streams looked at in one claim and lane: a source a message cannot make claims slow.</summary>
    const int MaxStreams = 64;

    const string Columns = "key, id, message_id, from_address, from_name, envelope_from, flags, dsn, recipients, created_at, expires_at, held_base, tries, size";

    readonly string _streams = $"""
        with recursive found (stream, n) as (
          select * from (select stream, 1 from messages where due is not null and lane = @lane and stream > @after order by stream limit 1) as first_one
          union all
          select (select m.stream from messages m where m.due is not null and m.lane = @lane and m.stream > found.stream order by m.stream limit 1), n + 1
          from found where stream is not null and n < @limit)
        select stream, (select min(m.due) from messages m where m.due is not null and m.lane = @lane and m.stream = found.stream) - {database.Dialect.Now} from found where stream is not null
        """;

    /// <summary>Chosen once and for all before anything is changed; who claims at the same time chooses something else.</summary>
    readonly string _take = $"""
        with chosen as materialized (
          select key from messages
          where due is not null and lane = @lane and stream = @stream and due <= {database.Dialect.Now} and (lease is null or @leases_end > 0)
          order by due limit @count{database.Dialect.SkipLocked})
        update messages set lease = @token, due = {database.Dialect.Now} + @length where key in (select key from chosen)
        returning {Columns}
        """;

    readonly string[] _lastStream = ["", "", ""];

    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => Claim(connection, request), cancellationToken);

    public Task<ClaimedMessage?> FindClaimedAsync(string id, Lease lease, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var row = connection.Prepared($"select {Columns}, lane, stream from messages where id = @id and lease = @token").Set("@id", id).Set("@token", lease.Token).ExecuteReader();
            return row.Read() ? Read(row, lease, row.GetInt32(14), StreamName.Parse(row.GetString(15))) : null;
        },
        cancellationToken);

    public Task<MessageContent?> ReadContentAsync(HeldMessage held, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var reader = connection.Prepared($"""
                select c.header, c.body, coalesce(m.lease, 0) = @token and ({(database.Dialect.HasClock ? $"m.due > {database.Dialect.Now}" : "true")})
                from message_contents c join messages m on m.key = c.key where c.key = @key
                """).Set("@key", held.Key).Set("@token", held.Token).ExecuteReader();
            if (!reader.Read())
            {
                return null;
            }

            return reader.GetBoolean(2)
                ? new MessageContent((byte[])reader.GetValue(0), (byte[])reader.GetValue(1))
                : throw new DatabaseUnavailableException("The lease has ended: somebody else may have the message.");
        },
        cancellationToken);

    public Task<IReadOnlyList<MessageStatus?>> RecordAsync(IReadOnlyList<MessageOutcome> outcomes, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<MessageStatus?>>(connection => OutcomeWriter.Write(connection, outcomes), cancellationToken);

    public Task ExtendAsync(IReadOnlyCollection<HeldMessage> messages, DateTimeOffset now, TimeSpan length, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                var extend = connection.Prepared($"update messages set due = {database.Dialect.Now} + @length where key = @key and lease = @token")
                    .SetNow(now).Set("@length", (long)length.TotalMilliseconds);
                foreach (var message in messages)
                {
                    extend.Set("@key", message.Key).Set("@token", message.Token).ExecuteLater();
                }

                return messages.Count;
            },
            cancellationToken);

    /// <summary>Where others are at work nothing is freed: their leases hold, and those of a process that died end by themselves.</summary>
    public Task<int> FreeLeasesAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.Dialect.IsShared ? Task.FromResult(0) : database.WriteAsync(
        connection => connection.Prepared("update messages set lease = null, due = case when due < @now then due else @now end where due is not null and lease is not null")
            .SetNow(now).ExecuteNonQuery(),
        cancellationToken);

    /// <summary>What is due by the database's clock does not care for this process's.</summary>
    public Task<int> FollowClockAsync(ClockChange change, CancellationToken cancellationToken) => database.Dialect.HasClock ? Task.FromResult(0) : database.WriteAsync(
        connection => connection.Prepared("update messages set due = @now where due is not null and due > @now and due = created_at and lease is null")
                .SetNow(change.Now).ExecuteNonQuery()
            + connection.Prepared("""
                update messages set due = case when due - @back < @latest then due - @back else @latest end
                where due is not null and due > @now and status = @deferred and lease is null and (@back > 0 or due > @latest)
                """)
                .SetNow(change.Now).Set("@back", (long)change.SetBack.TotalMilliseconds)
                .Set("@latest", (change.Now + change.LongestWait).ToUnixTimeMilliseconds()).Set("@deferred", (int)MessageStatus.Deferred).ExecuteNonQuery(),
        cancellationToken);

    ClaimResult Claim(DbConnection connection, ClaimRequest request)
    {
        var taken = new List<ClaimedMessage>();
        var nextDue = long.MaxValue;
        var waiting = new List<StreamName>[Lane.Count];
        for (var lane = 0; lane < Lane.Count; lane++)
        {
            waiting[lane] = FindStreams(connection, request, lane, ref nextDue);
        }

        // First each lane its share, then whoever still waits takes what is left over.
        var more = false;
        for (var pass = 0; pass < 2; pass++)
        {
            more = false;
            for (var lane = 0; lane < Lane.Count; lane++)
            {
                var room = request.Total - taken.Count;
                var wanted = pass == 0 ? Math.Min(room, request.Shares[lane]) : room;
                more |= TakeFrom(connection, request, lane, waiting[lane], wanted, taken);
            }
        }

        // Something was left behind because there was no room: it is due already.
        return new(taken, more ? request.Now : nextDue < long.MaxValue ? request.Now + TimeSpan.FromMilliseconds(nextDue) : null);
    }

    /// <summary>The streams that have something due and may send it, beginning behind the one that was served last.</summary>
    List<StreamName> FindStreams(DbConnection connection, ClaimRequest request, int lane, ref long nextDue)
    {
        var found = new List<StreamName>();
        var start = _lastStream[lane];
        foreach (var (stream, wait) in Streams(connection, request, lane, start))
        {
            if (wait > 0)
            {
                nextDue = Math.Min(nextDue, wait);
            }
            else if (StreamName.Parse(stream) is var name && request.RoomAt(name.Transport) > 0)
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>Streams in turn with how long until the first of each is due.</summary>
    List<(string Name, long Wait)> Streams(DbConnection connection, ClaimRequest request, int lane, string start)
    {
        var streams = new List<(string, long)>();
        Add(start, end: null);
        if (start.Length > 0 && streams.Count < MaxStreams)
        {
            Add("", start);
        }

        return streams;

        void Add(string after, string? end)
        {
            using var row = connection.Prepared(_streams).SetNow(request.Now).Set("@lane", lane).Set("@after", after).Set("@limit", MaxStreams - streams.Count).ExecuteReader();
            while (row.Read() && (end is null || string.CompareOrdinal(row.GetString(0), end) <= 0))
            {
                streams.Add((row.GetString(0), row.GetInt64(1)));
            }
        }
    }

    /// <summary>Takes up to this many, the same number from each stream as far as it has them. True: there is more.</summary>
    bool TakeFrom(DbConnection connection, ClaimRequest request, int lane, List<StreamName> streams, int wanted, List<ClaimedMessage> taken)
    {
        if (wanted <= 0)
        {
            return streams.Count > 0;
        }

        var command = connection.Prepared(_take).SetNow(request.Now)
            .Set("@token", request.Lease.Token).Set("@length", (long)(request.Lease.Until - request.Now).TotalMilliseconds)
            .Set("@leases_end", database.LeasesEnd ? 1 : 0).Set("@lane", lane);
        var end = taken.Count + wanted;
        while (streams.Count > 0 && taken.Count < end)
        {
            var stream = streams[0];
            streams.RemoveAt(0);
            _lastStream[lane] = stream.ToString();
            var (ofSource, atTransport) = (taken.Count(message => message.Source == stream.Source), taken.Count(message => message.Transport == stream.Transport));
            var room = Math.Min(request.RoomOf(stream.Source) - ofSource, request.RoomAt(stream.Transport) - atTransport);
            var count = Math.Min((end - taken.Count + streams.Count) / (streams.Count + 1), room);
            if (count <= 0)
            {
                continue;
            }

            var before = taken.Count;
            using (var reader = command.Set("@stream", stream.ToString()).Set("@count", count).ExecuteReader())
            {
                while (reader.Read())
                {
                    taken.Add(Read(reader, request.Lease, lane, stream));
                }
            }

            if (taken.Count - before == count)
            {
                // It may have more: once the others have had theirs.
                streams.Add(stream);
            }
        }

        return streams.Count > 0;
    }

    static ClaimedMessage Read(DbDataReader row, Lease lease, int lane, StreamName stream)
    {
        var flags = (RowFlags)row.GetInt32(6);
        return new()
        {
            Key = row.GetInt64(0),
            Id = row.GetString(1),
            MessageId = MessageIdColumn.Read(row.GetString(2), row.GetString(1), row.GetString(3)),
            Lease = lease,
            Lane = lane,
            Source = stream.Source,
            Transport = stream.Transport,
            From = new MailAddress(row.GetString(3), row.Text(4)),
            EnvelopeFrom = row.Text(5),
            NeedsSmtpUtf8 = flags.HasFlag(RowFlags.NeedsSmtpUtf8),
            FromIsDefault = flags.HasFlag(RowFlags.FromIsDefault),
            Dsn = row.Text(7) is { } dsn ? JsonSerializer.Deserialize(dsn, RowJson.Default.DeliveryStatusRequest) : null,
            Recipients = RecipientJson.ReadRecipients(row.GetString(8)),
            CreatedAt = row.Time(9),
            ExpiresAt = row.Time(10),
            HeldBase = TimeSpan.FromMilliseconds(row.GetInt64(11)),
            Tries = row.GetInt32(12),
            Size = row.GetInt64(13),
        };
    }
}
