using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Writes new messages: rows, bytes, and recipients for the search. One by one where statements cost nothing but themselves; else all of them in one.</summary>
internal static class MessageInsert
{
    /// <summary>Of one statement, so that neither side holds more than this in one piece.</summary>
    const long MaxBytes = 8 * 1024 * 1024;

    static readonly string Names = string.Join(", ", MessageColumn.All.Select(column => column.Name));

    static readonly string Parameters = string.Join(", ", MessageColumn.All.Select(column => column.Parameter));

    static readonly string One = $"insert into messages ({Names}, due) values ({Parameters}, {Dialect.Sqlite.Now} + @wait)";

    static readonly string Many = ManyAt(Dialect.DatabaseNow);

    public static void Write(DbConnection connection, IReadOnlyList<StoredMessage> rows)
    {
        if (!connection.Dialect().IsShared)
        {
            foreach (var row in rows)
            {
                WriteOne(connection, row);
            }

            return;
        }

        var part = new List<StoredMessage>();
        var bytes = 0L;
        foreach (var row in rows)
        {
            if (part.Count > 0 && bytes + row.Message.Size > MaxBytes)
            {
                WriteAll(connection, part);
                part.Clear();
                bytes = 0;
            }

            part.Add(row);
            bytes += row.Message.Size;
        }

        if (part.Count > 0)
        {
            WriteAll(connection, part);
        }
    }

    static void WriteOne(DbConnection connection, StoredMessage row)
    {
        var insert = connection.Prepared(One).SetNow(row.Message.CreatedAt).Set("@wait", MessageColumn.Wait(row));
        foreach (var column in MessageColumn.All)
        {
            _ = column.Text is { } text ? insert.Set(column.Parameter, text(row)) : insert.Set(column.Parameter, column.Number!(row));
        }

        insert.ExecuteNonQuery();
        if (row.KeepsContent)
        {
            connection.Prepared("insert into message_contents (key, header, body) values (last_insert_rowid(), @header, @body)")
                .Set("@header", Blob.Of(row.Message.Header)).Set("@body", Blob.Of(row.Message.Body)).ExecuteNonQuery();
        }

        var index = connection.Prepared("insert into message_recipients (address, key) values (@address, last_insert_rowid()) on conflict do nothing");
        foreach (var recipient in row.Message.Recipients)
        {
            index.Set("@address", Recipient.KeyOf(recipient.Address)).ExecuteNonQuery();
        }
    }

    static void WriteAll(DbConnection connection, List<StoredMessage> rows)
    {
        var insert = connection.Prepared(connection.Dialect().HasClock ? Many : ManyAt(Dialect.PostgresAtCallersTime.Now)).SetNow(rows[0].Message.CreatedAt).SetAll("@waits", rows.Select(MessageColumn.Wait));
        foreach (var column in MessageColumn.All)
        {
            _ = column.Text is { } text ? insert.SetAll(column.Parameter, rows.Select(text)) : insert.SetAll(column.Parameter, rows.Select(column.Number!));
        }

        var kept = rows.Where(row => row.KeepsContent).Select(row => row.Message).ToList();
        var recipients = rows.SelectMany(row => row.Message.Recipients.Select(recipient => (row.Message.Id, Key: Recipient.KeyOf(recipient.Address)))).Distinct().ToList();
        insert.SetAll("@content_ids", kept.Select(message => message.Id))
            .SetAll("@headers", kept.Select(message => Blob.Of(message.Header))).SetAll("@bodies", kept.Select(message => Blob.Of(message.Body)))
            .SetAll("@recipient_ids", recipients.Select(recipient => recipient.Id)).SetAll("@addresses", recipients.Select(recipient => recipient.Key))
            .ExecuteLater();
    }

    /// <summary>The arrays come apart into rows in their order, so that keys follow it.</summary>
    static string ManyAt(string now) => $"""
        with added as (
          insert into messages ({Names}, due)
          select {Names}, {now} + wait from unnest({Parameters}, @waits) as r ({Names}, wait)
          returning key, id),
        contents as (
          insert into message_contents (key, header, body)
          select added.key, c.header, c.body from unnest(@content_ids, @headers, @bodies) as c (id, header, body) join added on added.id = c.id)
        insert into message_recipients (address, key)
        select r.address, added.key from unnest(@recipient_ids, @addresses) as r (id, address) join added on added.id = r.id
        """;
}
