using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Takes one address out of everything that the queue keeps.</summary>
internal static class RecipientEraser
{
    const string Erased = "erased";

    /// <summary>A commit each: mail goes on between them, however many messages name the address.</summary>
    const int Step = 200;

    /// <returns>How many messages named it.</returns>
    public static async Task<int> EraseAsync(IDatabase database, string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var name = Recipient.KeyOf(address);
        await database.WriteAsync(connection => connection.Prepared("delete from suppressions where address = @address").Set("@address", name).ExecuteNonQuery(), cancellationToken);
        var count = 0;
        int erased;
        do
        {
            erased = await database.WriteAsync(connection => EraseStep(connection, name, now), cancellationToken);
            count += erased;
        }
        while (erased == Step);
        return count;
    }

    static int EraseStep(DbConnection connection, string name, DateTimeOffset now)
    {
        var keys = Keys(connection, name);
        var tally = new CommitTally();
        foreach (var key in keys)
        {
            EraseFrom(connection, key, name, now, tally);
            connection.Prepared("delete from message_recipients where address = @address and key = @key").Set("@address", name).Set("@key", key).ExecuteNonQuery();
        }

        tally.Write(connection);
        return keys.Count;
    }

    static List<long> Keys(DbConnection connection, string name)
    {
        var keys = new List<long>();
        using var row = connection.Prepared("select key from message_recipients where address = @address order by key limit @limit").Set("@address", name).Set("@limit", Step).ExecuteReader();
        while (row.Read())
        {
            keys.Add(row.GetInt64(0));
        }

        return keys;
    }

    static void EraseFrom(DbConnection connection, long key, string name, DateTimeOffset now, CommitTally tally)
    {
        if (EditableMessage.Find(connection, key) is not { } message)
        {
            return;
        }

        // A transcript opened for it may hold the content, in which a person is named in more ways than by the address.
        connection.Prepared("delete from transcripts where message_id = (select id from messages where key = @key)").Set("@key", key).ExecuteNonQuery();
        message.Change(recipient => Recipient.KeyOf(recipient.Address) != name ? recipient with { Reply = Without(recipient.Reply, name) } : Erase(recipient, now, tally));
        message.Attempts = [.. message.Attempts.Select(attempt => attempt with { Reply = Without(attempt.Reply, name) })];
        message.Flags |= RowFlags.EraseContent;
        message.Save(connection, now, tally);
        if (message.Recipients.All(recipient => recipient.Address == Erased))
        {
            // Subject and metadata speak of nobody else.
            connection.Prepared("update messages set subject = '', subject_key = '', metadata = null where key = @key").Set("@key", key).ExecuteNonQuery();
        }
    }

    static Recipient Erase(Recipient recipient, DateTimeOffset now, CommitTally tally)
    {
        recipient = recipient with { Address = Erased, Reply = null };
        if (!recipient.State.IsOpen())
        {
            return recipient;
        }

        tally.Count(now, null, RecipientState.Canceled);
        return recipient with { State = RecipientState.Canceled, At = now };
    }

    static string? Without(string? reply, string name) => reply?.Replace(name, Erased, StringComparison.OrdinalIgnoreCase);
}
