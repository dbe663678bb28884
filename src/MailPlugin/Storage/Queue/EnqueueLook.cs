using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>What has to be known before messages are stored: how much waits already, and which of their recipients get nothing. Where a query is a round trip both are one.</summary>
/// <param name="Waiting">Messages that are open; looked at only where there is a limit.</param>
/// <param name="Suppressions">By the keys of their addresses.</param>
internal sealed record EnqueueLook(long Waiting, long Bytes, Dictionary<string, Suppression> Suppressions)
{
    const string Both = $"""
        select {SuppressionStore.Columns}, t.count, t.bytes
        from ({QueueTotals.OpenQuery}) t left join suppressions on address = any(@addresses) and {SuppressionStore.InForce}
        """;

    public static EnqueueLook At(DbConnection connection, IEnumerable<string> addresses, bool isLimited, DateTimeOffset now)
    {
        if (!isLimited)
        {
            return new(0, 0, SuppressionStore.Find(connection, addresses, now));
        }

        if (!connection.Dialect().IsShared)
        {
            var (waiting, bytes) = QueueTotals.Open(connection);
            return new(waiting, bytes, SuppressionStore.Find(connection, addresses, now));
        }

        var look = new EnqueueLook(0, 0, new(StringComparer.Ordinal));
        using var row = connection.Prepared(Both).SetAll("@addresses", addresses.Select(Recipient.KeyOf)).Set("@now", now.ToUnixTimeMilliseconds()).ExecuteReader();
        while (row.Read())
        {
            look = look with { Waiting = row.GetInt64(5), Bytes = row.GetInt64(6) };
            if (!row.IsDBNull(0))
            {
                look.Suppressions[row.GetString(0)] = SuppressionStore.Read(row);
            }
        }

        return look;
    }
}
