using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>
/// Writes what attempts came to. Each message is read again under its lease and changed where its recipients changed: what people did meanwhile (erased an
/// address, asked for a cancel) stays. Statuses, totals and statistics follow in the same commit.
/// </summary>
internal static class OutcomeWriter
{
    /// <summary>Older attempts of a message that has been tried this often are dropped.</summary>
    const int MaxAttempts = 100;
    const long MinuteMs = 60_000;

    const string Update = """
        update messages set status = @status, recipients = @recipients, attempts = @attempts, due = @due, lease = @lease, tries = @tries, last_transport = @transport
        where key = @key and lease = @token
        """;

    public static MessageStatus?[] Write(DbConnection connection, IReadOnlyList<MessageOutcome> outcomes)
    {
        var results = new MessageStatus?[outcomes.Count];
        var tally = new Tally();
        for (var i = 0; i < outcomes.Count; i++)
        {
            results[i] = Write(connection, outcomes[i], tally);
        }

        tally.Write(connection);
        return results;
    }

    static MessageStatus? Write(DbConnection connection, MessageOutcome outcome, Tally tally)
    {
        Row? row = null;
        using (var reader = connection.Prepared($"select status, recipients, attempts, flags, size, due, last_transport from messages where key = @key and lease = @token{connection.Dialect().ForUpdate}")
            .Set("@key", outcome.Key).Set("@token", outcome.Token).ExecuteReader())
        {
            if (reader.Read())
            {
                row = new((MessageStatus)reader.GetInt32(0), reader.GetString(1), reader.Text(2), (RowFlags)reader.GetInt32(3), reader.GetInt64(4), reader.GetInt64(5), reader.Text(6));
            }
        }

        if (row is null)
        {
            return null;
        }

        var recipients = RecipientJson.ReadRecipients(row.Recipients);
        foreach (var change in outcome.Changes)
        {
            Apply(recipients, change, outcome.At, tally);
        }

        var keepsLease = outcome.Due is null;
        if (!keepsLease && row.Flags.HasFlag(RowFlags.CancelRequested))
        {
            CancelOpen(recipients, outcome.At);
        }

        var status = MessageStatuses.Of(recipients.Select(recipient => recipient.State));
        var open = status.IsOpen();
        var stays = open && keepsLease;
        connection.Prepared(Update)
            .Set("@key", outcome.Key).Set("@token", outcome.Token)
            .Set("@status", (int)status)
            .Set("@recipients", RecipientJson.Write(recipients))
            .Set("@attempts", Attempts(row.Attempts, outcome.Attempts))
            .Set("@due", !open ? null : stays ? row.Due : outcome.Due!.Value.ToUnixTimeMilliseconds())
            .Set("@lease", stays ? outcome.Token : null)
            .Set("@tries", outcome.Tries)
            .Set("@transport", outcome.Attempts.Count > 0 ? outcome.Attempts[^1].Transport : row.LastTransport)
            .ExecuteNonQuery();
        tally.Move(row.Status, status, row.Size);
        if (!open && row.Flags.HasFlag(RowFlags.EraseContent))
        {
            connection.Prepared("delete from message_contents where key = @key").Set("@key", outcome.Key).ExecuteNonQuery();
        }

        foreach (var suppression in outcome.Suppressions)
        {
            SuppressionStore.Put(connection, suppression);
        }

        return status;
    }

    static void Apply(Recipient[] recipients, RecipientChange change, DateTimeOffset at, Tally tally)
    {
        var recipient = recipients[change.Index];
        if (!recipient.State.IsOpen())
        {
            return;
        }

        recipients[change.Index] = recipient with { State = change.State, Reply = change.Reply, Transport = change.Transport ?? recipient.Transport, At = at };
        tally.Count(at.ToUnixTimeMilliseconds() / MinuteMs * MinuteMs, change.Transport ?? "", change.State);
    }

    static void CancelOpen(Recipient[] recipients, DateTimeOffset at)
    {
        for (var i = 0; i < recipients.Length; i++)
        {
            if (recipients[i].State.IsOpen())
            {
                recipients[i] = recipients[i] with { State = RecipientState.Canceled, At = at };
            }
        }
    }

    static string? Attempts(string? stored, IReadOnlyList<Attempt> added) =>
        added.Count == 0 ? stored : RecipientJson.Write(RecipientJson.ReadAttempts(stored).Concat(added).TakeLast(MaxAttempts));

    sealed record Row(MessageStatus Status, string Recipients, string? Attempts, RowFlags Flags, long Size, long Due, string? LastTransport);

    /// <summary>Sums a commit's changes up, so that a batch costs as many counter rows as it has kinds of outcomes.</summary>
    sealed class Tally
    {
        readonly Dictionary<MessageStatus, (long Count, long Bytes)> _totals = [];
        readonly Dictionary<(long Minute, string Transport, RecipientState State), long> _outcomes = [];

        public void Move(MessageStatus from, MessageStatus to, long bytes)
        {
            if (from != to)
            {
                Add(from, -1, -bytes);
                Add(to, 1, bytes);
            }
        }

        public void Count(long minute, string transport, RecipientState state) =>
            _outcomes[(minute, transport, state)] = _outcomes.GetValueOrDefault((minute, transport, state)) + 1;

        public void Write(DbConnection connection)
        {
            foreach (var (status, (count, bytes)) in _totals)
            {
                QueueTotals.Add(connection, status, count, bytes);
            }

            foreach (var ((minute, transport, state), count) in _outcomes)
            {
                connection.Prepared("""
                    insert into delivery_counts (span, at, transport, outcome, count) values (60, @at, @transport, @outcome, @count)
                    on conflict (span, at, transport, outcome) do update set count = delivery_counts.count + excluded.count
                    """)
                    .Set("@at", minute).Set("@transport", transport).Set("@outcome", (int)state).Set("@count", count).ExecuteNonQuery();
            }
        }

        void Add(MessageStatus status, long count, long bytes)
        {
            var (oldCount, oldBytes) = _totals.GetValueOrDefault(status);
            _totals[status] = (oldCount + count, oldBytes + bytes);
        }
    }
}
