using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>A message's row as it was read, or as it is to be written: then the second line says how.</summary>
internal sealed record OutcomeRow(
    long Key, long? Lease, MessageStatus Status, string Recipients, string? Attempts, RowFlags Flags, long Size, long? Due, string? LastTransport)
{
    /// <summary>The lease under which it is written.</summary>
    public long Token { get; init; }

    public int Tries { get; init; }

    /// <summary>Milliseconds until it may be claimed again; null: as <see cref="Due"/> says.</summary>
    public long? Wait { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>Writes outcomes into their rows: one by one where statements cost nothing but themselves; else all of them in one.</summary>
internal static class OutcomeUpdate
{
    static readonly string One = $"""
        update messages set status = @status, recipients = @recipients, attempts = @attempts, due = coalesce(@due, {Dialect.Sqlite.Now} + @wait), lease = @lease, tries = @tries,
          last_transport = @transport
        where key = @key and lease = @token
        """;

    static readonly string Many = ManyAt(Dialect.DatabaseNow);

    public static void Write(DbConnection connection, IReadOnlyCollection<OutcomeRow> rows)
    {
        if (connection.Dialect().IsShared)
        {
            WriteAll(connection, rows);
            return;
        }

        foreach (var row in rows)
        {
            connection.Prepared(One).SetNow(row.At)
                .Set("@key", row.Key).Set("@token", row.Token).Set("@status", (int)row.Status).Set("@recipients", row.Recipients).Set("@attempts", row.Attempts)
                .Set("@due", row.Due).Set("@wait", row.Wait).Set("@lease", row.Lease).Set("@tries", row.Tries).Set("@transport", row.LastTransport)
                .ExecuteNonQuery();
        }
    }

    static void WriteAll(DbConnection connection, IReadOnlyCollection<OutcomeRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        connection.Prepared(connection.Dialect().HasClock ? Many : ManyAt(Dialect.PostgresAtCallersTime.Now))
            .SetNow(rows.First().At)
            .SetAll("@keys", rows.Select(row => (long?)row.Key)).SetAll("@tokens", rows.Select(row => (long?)row.Token)).SetAll("@statuses", rows.Select(row => (long?)row.Status))
            .SetAll("@recipients", rows.Select(row => row.Recipients)).SetAll("@attempts", rows.Select(row => row.Attempts))
            .SetAll("@dues", rows.Select(row => row.Due)).SetAll("@waits", rows.Select(row => row.Wait)).SetAll("@leases", rows.Select(row => row.Lease))
            .SetAll("@tries", rows.Select(row => (long?)row.Tries)).SetAll("@transports", rows.Select(row => row.LastTransport))
            .ExecuteLater();
    }

    static string ManyAt(string now) => $"""
        update messages m set status = r.status, recipients = r.recipients, attempts = r.attempts, due = coalesce(r.due, {now} + r.wait), lease = r.lease,
          tries = r.tries, last_transport = r.transport
        from unnest(@keys, @tokens, @statuses, @recipients, @attempts, @dues, @waits, @leases, @tries, @transports)
          as r (key, token, status, recipients, attempts, due, wait, lease, tries, transport)
        where m.key = any(@keys) and m.key = r.key and m.lease = r.token
        """;
}
