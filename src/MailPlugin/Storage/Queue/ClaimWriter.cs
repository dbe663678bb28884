using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>
/// Writes claims. A claim walks the streams of each lane in turn, from where the last one stopped, and takes their due messages by the index alone; a stream that may not leave now (its transport is
/// down, its source has enough in flight) is stepped over however long it is. Where statements cost round trips it is one that looks at all lanes and mostly one that takes.
/// </summary>
internal sealed class ClaimWriter(IDatabase database)
{
    /// <summary>Streams looked at together in a lane: a source a message cannot make claims slow.</summary>
    const int MaxStreams = 64;

    /// <summary>Where none of them has anything that may leave, the next ones are looked at, so often; then the next claim goes on.</summary>
    const int MaxLooks = 16;

    static readonly TimeSpan LookOn = TimeSpan.FromMilliseconds(200);

    /// <summary>What streams had less than they were asked for is asked of others so often; then the next claim asks.</summary>
    const int MaxRounds = 6;

    /// <summary>Bytes of a message that come along with its claim where another round trip would cost more; what is larger is read when there is room for it.</summary>
    const int MaxSizeAlong = 32 * 1024;

    /// <summary>Of one claim: more would make it slow, and what has not come with it is read for itself.</summary>
    const long MaxAlong = 2 * 1024 * 1024;

    readonly string _look = Streams(database.Dialect, "@lane", "@after", "@until") + " order by n";

    readonly string _lookAtAll = $"""
        select s.stream, s.wait, p.place
        from unnest(@lanes, @afters, @untils) with ordinality as p (lane, after, until, place)
        cross join lateral ({Streams(database.Dialect, "p.lane", "p.after", "p.until")}) s
        order by p.place, s.n
        """;

    readonly string _take = $"""
        update messages set lease = @token, due = {database.Dialect.Now} + @length where key in ({Due(database.Dialect, "@lane", "@stream", "@count")})
        returning {ClaimRow.Columns}
        """;

    /// <summary>
    /// Chosen once and for all before anything is changed; who claims at the same time chooses something else. The keys go to the update as an array: whatever the server thinks of their
    /// number, it looks each up.
    /// </summary>
    readonly string _takeOfAll = $"""
        with chosen as materialized (
          select p.place, m.key, m.due, m.size
          from unnest(@lanes, @streams, @counts) with ordinality as p (lane, stream, count, place)
          cross join lateral ({Due(database.Dialect, "p.lane", "p.stream", "p.count")}) m),
        claimed as (
          update messages set lease = @token, due = {database.Dialect.Now} + @length where key = any(array(select key from chosen))
          returning {ClaimRow.Columns}),
        along as (select key, sum(size) over (order by place, due, key) as bytes from chosen where size <= {MaxSizeAlong}),
        contents as (select key, header, body from message_contents where key = any(array(select key from along where bytes <= @along)))
        select claimed.*, chosen.place, contents.header, contents.body
        from claimed join chosen on chosen.key = claimed.key left join contents on contents.key = claimed.key order by chosen.place, chosen.due, chosen.key
        """;

    readonly string[] _last = ["", "", ""];

    public ClaimResult Write(DbConnection connection, ClaimAttempt attempt)
    {
        var request = attempt.Request;
        var (waiting, nextDue) = Waiting(connection, request);
        var plan = new ClaimPlan(request, waiting);
        var (taken, contents) = (new List<ClaimedMessage>(), new Dictionary<long, MessageContent>());
        for (var round = 0; round < MaxRounds && plan.Next() is { Count: > 0 } portions; round++)
        {
            attempt.Ask(portions);
            Take(connection, request, plan, portions, taken, contents);
        }

        for (var lane = 0; lane < Lane.Count; lane++)
        {
            _last[lane] = plan.Last[lane]?.ToString() ?? _last[lane];
        }

        // Something was left behind because there was no room: it is due already.
        return new(taken, plan.HasMore ? request.Now : nextDue < long.MaxValue ? request.Now + TimeSpan.FromMilliseconds(nextDue) : null) { Contents = contents };
    }

    /// <summary>From stream to stream by the index, with how long until the first of each is due: those behind one, up to another or to the end.</summary>
    static string Streams(Dialect dialect, string lane, string after, string until) => $"""
        with recursive found (stream, n) as (
          select * from (select stream, 1 from messages where due is not null and lane = {lane} and stream > {after} order by stream limit 1) as first_one
          union all
          select (select m.stream from messages m where m.due is not null and m.lane = {lane} and m.stream > found.stream order by m.stream limit 1), n + 1
          from found where stream is not null and n < {MaxStreams} and ({until} is null or stream < {until}))
        select stream, (select min(m.due) from messages m where m.due is not null and m.lane = {lane} and m.stream = found.stream) - {dialect.Now} as wait, n
        from found where stream is not null and ({until} is null or stream <= {until})
        """;

    static string Due(Dialect dialect, string lane, string stream, string count) => $"""
        select key{(dialect.IsShared ? ", due, size" : "")} from messages
        where due is not null and lane = {lane} and stream = {stream} and due <= {dialect.Now} and (lease is null or @leases_end > 0)
        order by due limit {count}{dialect.SkipLocked}
        """;

    /// <summary>By lane the streams that have something due and may send it, beginning behind the one that was served last; and how long until the first of those that have nothing due yet has.</summary>
    (List<StreamName>[] Streams, long NextDue) Waiting(DbConnection connection, ClaimRequest request)
    {
        var waiting = Enumerable.Range(0, Lane.Count).Select(_ => new List<StreamName>()).ToArray();
        var nextDue = long.MaxValue;

        // Once around: what is behind the last one, then what is before it.
        var parts = Enumerable.Range(0, Lane.Count).SelectMany(lane => _last[lane] is { Length: > 0 } last ? [new(lane, last, null), new Part(lane, "", last)] : new[] { new Part(lane, "", null) }).ToList();
        for (var looks = 0; parts.Count > 0 && looks < MaxLooks; looks++)
        {
            var next = new List<Part>();
            foreach (var lane in Look(connection, request, parts).GroupBy(stream => stream.Part.Lane))
            {
                var streams = lane.Take(MaxStreams).ToList();
                var due = streams.Where(stream => stream.Wait <= 0).Select(stream => StreamName.Parse(stream.Name)).Where(stream => request.RoomAt(stream.Transport) > 0).ToList();
                waiting[lane.Key].AddRange(due);
                nextDue = Math.Min(nextDue, streams.Where(stream => stream.Wait > 0).Select(stream => stream.Wait).DefaultIfEmpty(long.MaxValue).Min());
                if (due.Count == 0 && streams.Count == MaxStreams)
                {
                    var (name, _, part) = streams[^1];
                    _last[lane.Key] = name;
                    next.Add(part with { After = name });
                    next.AddRange(parts.Where(other => other.Lane == lane.Key).SkipWhile(other => other != part).Skip(1));
                }
            }

            parts = next;
        }

        return (waiting, parts.Count > 0 ? Math.Min(nextDue, (long)LookOn.TotalMilliseconds) : nextDue);
    }

    List<(string Name, long Wait, Part Part)> Look(DbConnection connection, ClaimRequest request, List<Part> parts)
    {
        var found = new List<(string, long, Part)>();
        if (database.Dialect.IsShared)
        {
            using var row = connection.Prepared(_lookAtAll).SetNow(request.Now)
                .SetAll("@lanes", parts.Select(part => (long?)part.Lane)).SetAll("@afters", parts.Select(part => part.After)).SetAll("@untils", parts.Select(part => part.Until)).ExecuteReader();
            while (row.Read())
            {
                found.Add((row.GetString(0), row.GetInt64(1), parts[row.GetInt32(2) - 1]));
            }

            return found;
        }

        foreach (var part in parts)
        {
            using var row = connection.Prepared(_look).SetNow(request.Now).Set("@lane", part.Lane).Set("@after", part.After).Set("@until", part.Until).ExecuteReader();
            while (row.Read())
            {
                found.Add((row.GetString(0), row.GetInt64(1), part));
            }
        }

        return found;
    }

    void Take(DbConnection connection, ClaimRequest request, ClaimPlan plan, IReadOnlyList<ClaimPortion> portions, List<ClaimedMessage> taken, Dictionary<long, MessageContent> contents)
    {
        var counts = new int[portions.Count];
        if (database.Dialect.IsShared)
        {
            using var row = Lease(connection.Prepared(_takeOfAll), request)
                .SetAll("@lanes", portions.Select(portion => (long?)portion.Lane)).SetAll("@streams", portions.Select(portion => portion.Stream.ToString()))
                .SetAll("@counts", portions.Select(portion => (long?)portion.Count))
                .Set("@along", MaxAlong - contents.Values.Sum(content => (long)content.Header.Length + content.Body.Length)).ExecuteReader();
            while (row.Read())
            {
                Add(row, row.GetInt32(ClaimRow.Count) - 1);
                if (!row.IsDBNull(ClaimRow.Count + 1))
                {
                    contents[taken[^1].Key] = new((byte[])row.GetValue(ClaimRow.Count + 1), (byte[])row.GetValue(ClaimRow.Count + 2));
                }
            }
        }
        else
        {
            var take = Lease(connection.Prepared(_take), request);
            for (var at = 0; at < portions.Count; at++)
            {
                using var row = take.Set("@lane", portions[at].Lane).Set("@stream", portions[at].Stream.ToString()).Set("@count", portions[at].Count).ExecuteReader();
                while (row.Read())
                {
                    Add(row, at);
                }
            }
        }

        for (var at = 0; at < portions.Count; at++)
        {
            plan.Took(portions[at], counts[at]);
        }

        void Add(DbDataReader row, int at)
        {
            taken.Add(ClaimRow.Read(row, request.Lease, portions[at].Lane, portions[at].Stream));
            counts[at]++;
        }
    }

    PreparedStatement Lease(PreparedStatement take, ClaimRequest request) => take.SetNow(request.Now)
        .Set("@token", request.Lease.Token).Set("@length", (long)(request.Lease.Until - request.Now).TotalMilliseconds).Set("@leases_end", database.LeasesEnd ? 1 : 0);

    /// <summary>Streams of a lane that are behind one, up to another; null: to the end.</summary>
    sealed record Part(int Lane, string After, string? Until);
}
