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

    const string Columns = "key, lease, status, recipients, attempts, flags, size, due, last_transport";

    public static MessageStatus?[] Write(DbConnection connection, IReadOnlyList<MessageOutcome> outcomes)
    {
        var results = new MessageStatus?[outcomes.Count];
        var tally = new CommitTally();
        var rows = Read(connection, outcomes);
        var written = new Dictionary<long, OutcomeRow>();
        for (var i = 0; i < outcomes.Count; i++)
        {
            var outcome = outcomes[i];
            if (rows.GetValueOrDefault(outcome.Key) is { } row && row.Lease == outcome.Token)
            {
                // What comes next of the same message begins where this one ended.
                written[outcome.Key] = rows[outcome.Key] = row = Write(connection, outcome, row, tally);
                results[i] = row.Status;
            }
        }

        OutcomeUpdate.Write(connection, written.Values);
        tally.Write(connection);
        return results;
    }

    static Dictionary<long, OutcomeRow> Read(DbConnection connection, IReadOnlyList<MessageOutcome> outcomes)
    {
        var rows = new Dictionary<long, OutcomeRow>();
        var dialect = connection.Dialect();
        if (dialect.IsShared)
        {
            ReadInto(rows, connection.Prepared($"select {Columns} from messages where key = any(@keys) order by key{dialect.ForUpdate}").SetAll("@keys", outcomes.Select(outcome => (long?)outcome.Key)));
            return rows;
        }

        var one = connection.Prepared($"select {Columns} from messages where key = @key");
        foreach (var outcome in outcomes)
        {
            ReadInto(rows, one.Set("@key", outcome.Key));
        }

        return rows;
    }

    static void ReadInto(Dictionary<long, OutcomeRow> rows, PreparedStatement command)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows[reader.GetInt64(0)] = new(
                reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1), (MessageStatus)reader.GetInt32(2), reader.GetString(3), reader.Text(4), (RowFlags)reader.GetInt32(5),
                reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.GetInt64(7), reader.Text(8));
        }
    }

    static OutcomeRow Write(DbConnection connection, MessageOutcome outcome, OutcomeRow row, CommitTally tally)
    {
        var recipients = RecipientJson.ReadRecipients(row.Recipients);
        foreach (var change in outcome.Changes)
        {
            Apply(recipients, change, outcome.At, tally);
        }

        var keepsLease = outcome.Due is null;
        if (!keepsLease && row.Flags.HasFlag(RowFlags.CancelRequested))
        {
            CancelOpen(recipients, outcome.At, tally);
        }

        var status = MessageStatuses.Of(recipients.Select(recipient => recipient.State));
        var open = status.IsOpen();
        var stays = open && keepsLease;
        var written = row with
        {
            Lease = stays ? outcome.Token : null,
            Status = status,
            Recipients = RecipientJson.Write(recipients),
            Attempts = Attempts(row.Attempts, outcome.Attempts),
            Due = stays ? row.Due : null,
            LastTransport = outcome.Attempts.Count > 0 ? outcome.Attempts[^1].Transport : row.LastTransport,
            Token = outcome.Token,
            Tries = outcome.Tries,
            Wait = open && !stays ? (long)(outcome.Due!.Value - outcome.At).TotalMilliseconds : null,
            At = outcome.At,
        };
        tally.Move(row.Status, status, row.Size);
        if (!open && row.Flags.HasFlag(RowFlags.EraseContent))
        {
            connection.Prepared("delete from message_contents where key = @key").Set("@key", outcome.Key).ExecuteLater();
        }

        foreach (var suppression in outcome.Suppressions)
        {
            SuppressionStore.Put(connection, suppression);
        }

        return written;
    }

    static void Apply(Recipient[] recipients, RecipientChange change, DateTimeOffset at, CommitTally tally)
    {
        var recipient = recipients[change.Index];
        if (!recipient.State.IsOpen())
        {
            return;
        }

        recipients[change.Index] = recipient with { State = change.State, Reply = change.Reply, Transport = change.Transport ?? recipient.Transport, At = at };
        tally.Count(at, change.Transport, change.State);
    }

    static void CancelOpen(Recipient[] recipients, DateTimeOffset at, CommitTally tally)
    {
        for (var i = 0; i < recipients.Length; i++)
        {
            if (recipients[i].State.IsOpen())
            {
                recipients[i] = recipients[i] with { State = RecipientState.Canceled, At = at };
                tally.Count(at, null, RecipientState.Canceled);
            }
        }
    }

    static string? Attempts(string? stored, IReadOnlyList<Attempt> added) =>
        added.Count == 0 ? stored : RecipientJson.Write(RecipientJson.ReadAttempts(stored).Concat(added).TakeLast(MaxAttempts));
}
