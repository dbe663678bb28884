using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Takes one address out of everything that the queue keeps.</summary>
internal static class RecipientEraser
{
    const string Erased = "erased";

    public static int Erase(DbConnection connection, string address, DateTimeOffset now)
    {
        var name = Recipient.KeyOf(address);
        var keys = Keys(connection, name);
        foreach (var key in keys)
        {
            EraseFrom(connection, key, name, now);
        }

        connection.Prepared("delete from message_recipients where address = @address").Set("@address", name).ExecuteNonQuery();
        connection.Prepared("delete from suppressions where address = @address").Set("@address", name).ExecuteNonQuery();
        return keys.Count;
    }

    static List<long> Keys(DbConnection connection, string name)
    {
        var keys = new List<long>();
        using var row = connection.Prepared("select key from message_recipients where address = @address").Set("@address", name).ExecuteReader();
        while (row.Read())
        {
            keys.Add(row.GetInt64(0));
        }

        return keys;
    }

    static void EraseFrom(DbConnection connection, long key, string name, DateTimeOffset now)
    {
        if (EditableMessage.Find(connection, key) is not { } message)
        {
            return;
        }

        // A transcript opened for it may hold the content, in which a person is named in more ways than by the address.
        connection.Prepared("delete from transcripts where message_id = (select id from messages where key = @key)").Set("@key", key).ExecuteNonQuery();
        message.Change(recipient => Recipient.KeyOf(recipient.Address) != name ? recipient with { Reply = Without(recipient.Reply, name) } : recipient with
        {
            Address = Erased,
            Reply = null,
            State = recipient.State.IsOpen() ? RecipientState.Canceled : recipient.State,
            At = recipient.State.IsOpen() ? now : recipient.At,
        });
        message.Attempts = [.. message.Attempts.Select(attempt => attempt with { Reply = Without(attempt.Reply, name) })];
        message.Flags |= RowFlags.EraseContent;
        message.Save(connection, now);
        if (message.Recipients.All(recipient => recipient.Address == Erased))
        {
            // Subject and metadata speak of nobody else.
            connection.Prepared("update messages set subject = '', subject_key = '', metadata = null where key = @key").Set("@key", key).ExecuteNonQuery();
        }
    }

    static string? Without(string? reply, string name) => reply?.Replace(name, Erased, StringComparison.OrdinalIgnoreCase);
}
