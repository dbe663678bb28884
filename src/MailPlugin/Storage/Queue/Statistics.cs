using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

internal sealed class Statistics(IDatabase database) : IStatistics
{
    public Task<QueueStatistics> ReadAsync(DateTimeOffset since, TimeSpan step, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => Read(connection, since, step, now), cancellationToken);

    public Task<QueueNow> NowAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => new QueueNow(QueueTotals.Read(connection), OldestDue(connection, now)), cancellationToken);

    public Task<IReadOnlyDictionary<string, TransportFigures>> ByTransportAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, TransportFigures>>(connection => ByTransport(connection, since), cancellationToken);

    static QueueStatistics Read(DbConnection connection, DateTimeOffset since, TimeSpan step, DateTimeOffset now)
    {
        var stepMs = (long)step.TotalMilliseconds;
        var from = since.ToUnixTimeMilliseconds() / stepMs * stepMs;
        var outcomes = new Dictionary<(string Transport, RecipientState State), long>();
        var series = new SortedDictionary<long, Dictionary<RecipientState, long>>();
        for (var at = from; at <= now.ToUnixTimeMilliseconds(); at += stepMs)
        {
            series[at] = [];
        }

        using (var row = connection.Prepared("select at, transport, outcome, cast(sum(count) as bigint) from delivery_counts where span in (60, 3600) and at >= @from group by at, transport, outcome")
            .Set("@from", from).ExecuteReader())
        {
            while (row.Read())
            {
                var (transport, state, count) = (row.GetString(1), (RecipientState)row.GetInt32(2), row.GetInt64(3));
                outcomes[(transport, state)] = outcomes.GetValueOrDefault((transport, state)) + count;
                if (series.TryGetValue(row.GetInt64(0) / stepMs * stepMs, out var counts))
                {
                    counts[state] = counts.GetValueOrDefault(state) + count;
                }
            }
        }

        return new(
            QueueTotals.Read(connection), OldestDue(connection, now), [.. outcomes.Select(pair => new OutcomeCount(pair.Key.Transport, pair.Key.State, pair.Value))],
            [.. series.Select(pair => new StatisticsStep(DateTimeOffset.FromUnixTimeMilliseconds(pair.Key), pair.Value))]);
    }

    /// <summary>The first of each stream, not a scan: a step a stream and lane.</summary>
    static DateTimeOffset? OldestDue(DbConnection connection, DateTimeOffset now)
    {
        const int MaxStreams = 200;
        var oldest = long.MaxValue;
        var command = connection.Prepared("select stream, due from messages where due is not null and lane = @lane and stream > @after order by stream, due limit 1");
        for (var lane = 0; lane < Lane.Count; lane++)
        {
            var after = "";
            for (var looked = 0; looked < MaxStreams; looked++)
            {
                using var row = command.Set("@lane", lane).Set("@after", after).ExecuteReader();
                if (!row.Read())
                {
                    break;
                }

                after = row.GetString(0);
                oldest = Math.Min(oldest, row.GetInt64(1));
            }
        }

        return oldest <= now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(oldest) : null;
    }

    static Dictionary<string, TransportFigures> ByTransport(DbConnection connection, DateTimeOffset since)
    {
        // Counting what waits is bounded: beyond it the figure says "at least".
        const int MaxCounted = 20_000;
        var figures = new Dictionary<string, TransportFigures>(StringComparer.Ordinal);
        using (var row = connection.Prepared("select transport, cast(sum(count) as bigint) from delivery_counts where span in (60, 3600) and at >= @since and outcome = @accepted group by transport")
            .Set("@since", since.ToUnixTimeMilliseconds()).Set("@accepted", (int)RecipientState.Accepted).ExecuteReader())
        {
            while (row.Read())
            {
                figures[row.GetString(0)] = new(row.GetInt64(1), 0);
            }
        }

        using var waiting = connection.Prepared("select stream, last_transport from messages where due is not null limit @limit").Set("@limit", MaxCounted).ExecuteReader();
        while (waiting.Read())
        {
            var bound = StreamName.Parse(waiting.GetString(0)).Transport;
            var transport = bound.Length > 0 ? bound : waiting.Text(1);
            if (transport is not null)
            {
                var known = figures.GetValueOrDefault(transport) ?? new(0, 0);
                figures[transport] = known with { Waiting = known.Waiting + 1 };
            }
        }

        return figures;
    }
}
