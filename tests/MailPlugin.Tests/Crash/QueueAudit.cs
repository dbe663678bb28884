using System.Data.Common;
using System.Globalization;
using MailPlugin.Queue;
using MailPlugin.Storage;
using MailPlugin.Storage.Queue;
using MailPlugin.Tests.Delivery;

namespace MailPlugin.Tests.Crash;

/// <summary>Whether what the queue keeps in several places agrees: nothing is there by half.</summary>
internal static class QueueAudit
{
    public static Task CheckAsync(QueueRig rig) => rig.Get<IDatabase>().ReadAsync(
        connection =>
        {
            Check(connection);
            return 0;
        },
        CancellationToken.None);

    static void Check(DbConnection connection)
    {
        Assert.Empty(Rows(connection, "select id from messages where key not in (select key from message_contents)"));
        Assert.Empty(Rows(connection, "select key from message_contents where key not in (select key from messages)"));
        Assert.Empty(Rows(connection, "select i.name from idempotency i where not exists (select 1 from messages m where m.id = i.id)"));
        Assert.Empty(Rows(connection, "select key from messages where (due is null) <> (status not in (0, 2))"));

        var recipients = new List<Recipient>();
        var indexed = new List<string>();
        foreach (var row in Rows(connection, "select key, status, recipients from messages"))
        {
            var own = RecipientJson.ReadRecipients(row[2]);
            Assert.Equal(int.Parse(row[1], CultureInfo.InvariantCulture), (int)MessageStatuses.Of(own.Select(recipient => recipient.State)));
            recipients.AddRange(own);
            indexed.AddRange(own.Select(recipient => $"{row[0]} {Recipient.KeyOf(recipient.Address)}"));
        }

        Assert.Equal(indexed.Order(StringComparer.Ordinal), Rows(connection, "select key, address from message_recipients").Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));
        Assert.Equal(
            Rows(connection, "select status, count(*), sum(size) from messages group by status order by status").Select(Line),
            Rows(connection, "select status, count, bytes from queue_totals where count <> 0 or bytes <> 0 order by status").Select(Line));

        // Counted in the commit that decided, at the door too.
        var decided = recipients.Where(recipient => recipient.State is not (RecipientState.Pending or RecipientState.Sending))
            .GroupBy(recipient => recipient.State).ToDictionary(group => (int)group.Key, group => (long)group.Count());
        Assert.Equal(
            decided.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"),
            Rows(connection, "select outcome, sum(count) from delivery_counts group by outcome order by outcome").Select(Line));
        Assert.Equal(
            recipients.Where(recipient => recipient.State == RecipientState.Failed).Select(recipient => recipient.Address),
            Rows(connection, "select address from suppressions where source = 'relay'").Select(row => row[0]));
    }

    static string Line(string[] row) => string.Join(' ', row);

    static List<string[]> Rows(DbConnection connection, string sql)
    {
        var rows = new List<string[]>();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }
}
