using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>What was answered under a caller's key, for a day.</summary>
internal static class IdempotencyMarks
{
    static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    const string Change = """
        on conflict (scope, name) do update set hash = excluded.hash, created_at = excluded.created_at, id = excluded.id, message_id = excluded.message_id,
          status = excluded.status, reason = excluded.reason
        where idempotency.created_at <= @since
        """;

    const string Columns = "scope, name, hash, created_at, id, message_id, status, reason";

    public static EnqueueAnswer? Find(DbConnection connection, IdempotencyMark mark, DateTimeOffset now)
    {
        using var reader = connection.Prepared("select hash, id, message_id, status, reason from idempotency where scope = @scope and name = @name and created_at > @since")
            .Set("@scope", mark.Scope).Set("@name", mark.Key).Set("@since", (now - Remembered).ToUnixTimeMilliseconds()).ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var same = ((byte[])reader.GetValue(0)).AsSpan().SequenceEqual(mark.Hash.Span);
        return new(
            same ? EnqueueResult.Replayed : EnqueueResult.Conflict,
            reader.GetString(1), reader.GetString(2), (MessageStatus)reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetString(4));
    }

    /// <summary>
    /// Writes the marks of these messages; gives the ids of those whose mark is theirs. Before the messages themselves: who brings the same mark to another node at the same time waits here for
    /// the first one's commit.
    /// </summary>
    public static HashSet<string> Remember(DbConnection connection, IReadOnlyList<StoredMessage> rows)
    {
        var own = new HashSet<string>(StringComparer.Ordinal);
        if (rows.Count == 0)
        {
            return own;
        }

        if (connection.Dialect().IsShared)
        {
            RememberAll(connection, rows, own);
            return own;
        }

        foreach (var row in rows.Where(row => RememberOne(connection, row)))
        {
            own.Add(row.Message.Id);
        }

        return own;
    }

    static bool RememberOne(DbConnection connection, StoredMessage row)
    {
        var (mark, answer, at) = (row.Message.Idempotency!, row.Answer, row.Message.CreatedAt);
        return connection.Prepared($"insert into idempotency ({Columns}) values (@scope, @name, @hash, @at, @id, @message_id, @status, @reason) {Change}")
            .Set("@scope", mark.Scope).Set("@name", mark.Key).Set("@hash", mark.Hash.ToArray()).Set("@at", at.ToUnixTimeMilliseconds())
            .Set("@since", (at - Remembered).ToUnixTimeMilliseconds())
            .Set("@id", answer.Id).Set("@message_id", answer.MessageId).Set("@status", (int)answer.Status).Set("@reason", answer.Reason).ExecuteNonQuery() == 1;
    }

    /// <summary>In one order everywhere: nodes that bring the same marks do not wait for each other in a circle. A statement may change a row once: twins come later.</summary>
    static void RememberAll(DbConnection connection, IReadOnlyList<StoredMessage> rows, HashSet<string> own)
    {
        var sorted = rows.DistinctBy(row => (row.Message.Idempotency!.Scope, row.Message.Idempotency.Key))
            .OrderBy(row => row.Message.Idempotency!.Scope, StringComparer.Ordinal).ThenBy(row => row.Message.Idempotency!.Key, StringComparer.Ordinal).ToList();
        using var row = connection.Prepared($"""
            insert into idempotency ({Columns}) select * from unnest(@scopes, @names, @hashes, @ats, @ids, @message_ids, @statuses, @reasons) {Change} returning id
            """)
            .SetAll("@scopes", sorted.Select(row => row.Message.Idempotency!.Scope)).SetAll("@names", sorted.Select(row => row.Message.Idempotency!.Key))
            .SetAll("@hashes", sorted.Select(row => row.Message.Idempotency!.Hash.ToArray()))
            .SetAll("@ats", sorted.Select(row => (long?)row.Message.CreatedAt.ToUnixTimeMilliseconds()))
            .SetAll("@ids", sorted.Select(row => row.Answer.Id)).SetAll("@message_ids", sorted.Select(row => row.Answer.MessageId))
            .SetAll("@statuses", sorted.Select(row => (long?)row.Answer.Status)).SetAll("@reasons", sorted.Select(row => row.Answer.Reason))
            .Set("@since", (sorted[0].Message.CreatedAt - Remembered).ToUnixTimeMilliseconds()).ExecuteReader();
        while (row.Read())
        {
            own.Add(row.GetString(0));
        }
    }
}
