using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>What leaves the queue: claims, leases, contents and outcomes.</summary>
internal sealed class DeliveryStore(IDatabase database) : IDeliveryQueue
{
    readonly ClaimWriter _claims = new(database);
    readonly ContentReads _contents = new(database);
    readonly LostClaims _lost = new(database.Dialect);

    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        var attempt = new ClaimAttempt(request);
        try
        {
            return await database.WriteAsync(
                connection =>
                {
                    _lost.Release(connection, request.Now);
                    return _claims.Write(connection, attempt);
                },
                cancellationToken);
        }
        catch (DatabaseUnavailableException)
        {
            _lost.Add(attempt);
            throw;
        }
    }

    public Task<ClaimedMessage?> FindClaimedAsync(string id, Lease lease, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var row = connection.Prepared($"select {ClaimRow.Columns}, lane, stream from messages where id = @id and lease = @token").Set("@id", id).Set("@token", lease.Token).ExecuteReader();
            return row.Read() ? ClaimRow.Read(row, lease, row.GetInt32(ClaimRow.Count), StreamName.Parse(row.GetString(ClaimRow.Count + 1))) : null;
        },
        cancellationToken);

    /// <summary>Where a query is a round trip, together with what others ask for.</summary>
    public Task<MessageContent?> ReadContentAsync(HeldMessage held, CancellationToken cancellationToken) =>
        database.Dialect.IsShared ? _contents.ReadAsync(held, cancellationToken) : database.ReadAsync(connection => ReadContent(connection, held), cancellationToken);

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

    static MessageContent? ReadContent(DbConnection connection, HeldMessage held)
    {
        using var row = connection.Prepared("select c.header, c.body, coalesce(m.lease, 0) = @token from message_contents c join messages m on m.key = c.key where c.key = @key")
            .Set("@key", held.Key).Set("@token", held.Token).ExecuteReader();
        if (!row.Read())
        {
            return null;
        }

        return row.GetBoolean(2) ? new((byte[])row.GetValue(0), (byte[])row.GetValue(1)) : throw ContentReads.Ended();
    }
}
