using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>How many messages there are in each status: changed by the commits that change messages, so that nobody ever counts the table.</summary>
internal static class QueueTotals
{
    /// <summary>What still waits, claimed messages included.</summary>
    public const string OpenQuery = "select cast(coalesce(sum(count), 0) as bigint) as count, cast(coalesce(sum(bytes), 0) as bigint) as bytes from queue_totals where status in (0, 2)";

    static string Change(Dialect dialect) => $"""
        insert into queue_totals (status, count, bytes{dialect.Slot}) values (@status, @count, @bytes{dialect.SlotValue})
        on conflict (status{dialect.Slot}) do update set count = queue_totals.count + excluded.count, bytes = queue_totals.bytes + excluded.bytes
        """;

    public static void Add(DbConnection connection, MessageStatus status, long count, long bytes)
    {
        if (count != 0 || bytes != 0)
        {
            connection.Prepared(Change(connection.Dialect())).SetSlot().Set("@status", (int)status).Set("@count", count).Set("@bytes", bytes).ExecuteLater();
        }
    }

    public static (long Messages, long Bytes) Open(DbConnection connection)
    {
        using var reader = connection.Prepared(OpenQuery).ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    public static Dictionary<MessageStatus, long> Read(DbConnection connection)
    {
        var totals = new Dictionary<MessageStatus, long>();
        using var reader = connection.Prepared("select status, cast(sum(count) as bigint) from queue_totals group by status").ExecuteReader();
        while (reader.Read())
        {
            totals[(MessageStatus)reader.GetInt32(0)] = reader.GetInt64(1);
        }

        return totals;
    }
}
