using Dapper;
using MailPlugin.Diagnostics.Knowledge;

namespace MailPlugin.Storage.Stores;

internal sealed class UnmatchedStore(IDatabase database) : IUnmatchedStore
{
    public Task AddAsync(IReadOnlyList<UnmatchedReply> replies, int most, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            // In one order everywhere: nodes that write the same rows do not wait for each other in a circle.
            foreach (var reply in replies.OrderBy(reply => reply.Id, StringComparer.Ordinal))
            {
                connection.Execute(
                    """
                    insert into unmatched_replies (id, reply, count, first_seen, last_seen, transport, message)
                    values (@Id, @Reply, @Count, @FirstSeen, @LastSeen, @Transport, @Message)
                    on conflict (id) do update set
                      count = unmatched_replies.count + excluded.count, last_seen = excluded.last_seen, transport = excluded.transport, message = excluded.message
                    """,
                    new { reply.Id, reply.Reply, reply.Count, FirstSeen = reply.FirstSeen.ToColumn(), LastSeen = reply.LastSeen.ToColumn(), reply.Transport, reply.Message });
            }

            return connection.Execute(
                "delete from unmatched_replies where id not in (select id from unmatched_replies order by last_seen desc, id desc limit @Most)", new { Most = most });
        },
        cancellationToken);

    public Task<IReadOnlyList<UnmatchedReply>> ListAsync(DateTimeOffset? beforeTime, string? beforeId, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<UnmatchedReply>>(
            connection => [.. connection.Query<Row>(
                """
                select id, reply, count, first_seen as FirstSeen, last_seen as LastSeen, transport, message from unmatched_replies
                where @BeforeTime is null or (last_seen, id) < (@BeforeTime, @BeforeId)
                order by last_seen desc, id desc limit @Limit
                """,
                new { BeforeTime = beforeTime.ToColumn(), BeforeId = beforeId, Limit = limit })
                .Select(row => new UnmatchedReply(row.Id, row.Reply, row.Count, row.FirstSeen.ToTime(), row.LastSeen.ToTime(), row.Transport, row.Message))],
            cancellationToken);

    sealed class Row
    {
        public string Id { get; init; } = "";

        public string Reply { get; init; } = "";

        public long Count { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public string Transport { get; init; } = "";

        public string? Message { get; init; }
    }
}
