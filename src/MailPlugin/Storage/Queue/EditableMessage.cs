using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>A message's row in the middle of a write: recipients are changed, then status, totals and due follow from them.</summary>
internal sealed class EditableMessage
{
    const string Columns = "key, status, stream, lease, recipients, flags, size, attempts, id, message_id, from_address";

    readonly Recipient[] _recipients;

    EditableMessage(DbDataReader row)
    {
        Key = row.GetInt64(0);
        Status = (MessageStatus)row.GetInt32(1);
        Stream = StreamName.Parse(row.GetString(2));
        IsLeased = !row.IsDBNull(3);
        _recipients = RecipientJson.ReadRecipients(row.GetString(4));
        Flags = (RowFlags)row.GetInt32(5);
        Size = row.GetInt64(6);
        Attempts = RecipientJson.ReadAttempts(row.Text(7));
        Id = row.GetString(8);
        MessageId = MessageIdColumn.Read(row.GetString(9), Id, row.GetString(10));
    }

    public long Key { get; }

    public string Id { get; }

    public string MessageId { get; }

    public MessageStatus Status { get; private set; }

    public StreamName Stream { get; }

    public bool IsLeased { get; }

    public RowFlags Flags { get; set; }

    public long Size { get; }

    public IReadOnlyList<Recipient> Recipients => _recipients;

    public IReadOnlyList<Attempt> Attempts { get; set; }

    public static EditableMessage? Find(DbConnection connection, string id) =>
        Read(connection.Prepared($"select {Columns} from messages where id = @id{connection.Dialect().ForUpdate}").Set("@id", id));

    public static EditableMessage? Find(DbConnection connection, long key) =>
        Read(connection.Prepared($"select {Columns} from messages where key = @key{connection.Dialect().ForUpdate}").Set("@key", key));

    public bool HasContent(DbConnection connection) =>
        connection.Prepared("select 1 from message_contents where key = @key").Set("@key", Key).ExecuteScalar() is not null;

    public void Change(Func<Recipient, Recipient> change)
    {
        for (var i = 0; i < _recipients.Length; i++)
        {
            _recipients[i] = change(_recipients[i]);
        }
    }

    /// <summary>Ends every recipient that is open.</summary>
    /// <returns>Those that were, with their places.</returns>
    public IReadOnlyList<(int Place, Recipient Recipient)> EndOpen(RecipientState state, DateTimeOffset now, CommitTally tally)
    {
        var ended = new List<(int, Recipient)>();
        for (var place = 0; place < _recipients.Length; place++)
        {
            if (_recipients[place].State.IsOpen())
            {
                tally.Count(now, null, state);
                _recipients[place] = _recipients[place] with { State = state, At = now };
                ended.Add((place, _recipients[place]));
            }
        }

        return ended;
    }

    /// <summary>Writes what was changed. What is open is due at once; a lease stays as it is, and with it its due.</summary>
    public void Save(DbConnection connection, DateTimeOffset now, CommitTally tally)
    {
        var status = MessageStatuses.Of(_recipients.Select(recipient => recipient.State));
        connection.Prepared($"""
            update messages set status = @status, recipients = @recipients, attempts = @attempts, flags = @flags,
              due = case when lease is not null then due when @stays_due > 0 then {connection.Dialect().Now} end
            where key = @key
            """)
            .SetNow(now)
            .Set("@key", Key).Set("@status", (int)status).Set("@recipients", RecipientJson.Write(_recipients))
            .Set("@attempts", Attempts.Count == 0 ? null : RecipientJson.Write(Attempts)).Set("@flags", (int)Flags)
            .Set("@stays_due", status.IsOpen() ? 1 : 0)
            .ExecuteNonQuery();
        if (!status.IsOpen() && !IsLeased && Flags.HasFlag(RowFlags.EraseContent))
        {
            connection.Prepared("delete from message_contents where key = @key").Set("@key", Key).ExecuteNonQuery();
        }

        tally.Move(Status, status, Size);
        Status = status;
    }

    static EditableMessage? Read(PreparedStatement command)
    {
        using var row = command.ExecuteReader();
        return row.Read() ? new(row) : null;
    }
}
