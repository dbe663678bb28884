using System.Globalization;
using System.Text.Json;

namespace MailPlugin.Storage.Moving;

/// <summary>A file beside a database that was moved, or is being moved: whoever opens the database is told, and does not send what the new store sends.</summary>
/// <param name="Id">The move's own, which the new store has too: only the two of them go on together.</param>
/// <param name="To">The new store, for people.</param>
/// <param name="EndedAt">Null while it is being moved.</param>
internal sealed record MoveMark(string Id, string To, DateTimeOffset BegunAt, DateTimeOffset? EndedAt)
{
    public static string FileOf(string database) => database + ".moved";

    /// <exception cref="DatabaseUnavailableException">The database was moved.</exception>
    public static void Refuse(string database)
    {
        if (!File.Exists(FileOf(database)))
        {
            return;
        }

        var mark = Read(database);
        var what = mark switch
        {
            null => "was moved to another store",
            { EndedAt: { } at } => $"was moved to {mark.To} on {at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
            _ => $"is being moved to {mark.To}: run the move again, it goes on where it ended",
        };
        throw new DatabaseUnavailableException(
            $"{database} {what}. MailPlugin:Store is to name that store. To use this file all the same, and send again what the other may have sent, delete {FileOf(database)}.");
    }

    /// <summary>Null where there is none, or none that can be read.</summary>
    public static MoveMark? Read(string database)
    {
        try
        {
            return JsonSerializer.Deserialize<MoveMark>(File.ReadAllText(FileOf(database)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
