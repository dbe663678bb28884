using System.Data.Common;
using MailPlugin.Storage.Stores;

namespace MailPlugin.Storage.Queue;

/// <summary>
/// Takes one address out of the transcripts of other messages' sessions, which it shared. Lines are packed, so each transcript is looked into; a few at a time, so that nobody waits for it.
/// </summary>
internal static class TranscriptEraser
{
    const int Step = 20;
    const string Erased = "erased";

    public static async Task EraseAsync(IDatabase database, string address, CancellationToken cancellationToken)
    {
        var after = "";
        while (true)
        {
            var (looked, named) = await database.ReadAsync(connection => Find(connection, after, address), cancellationToken);
            if (named.Count > 0)
            {
                await database.WriteAsync(connection => named.Sum(transcript => Rewrite(connection, transcript.Id, transcript.Lines)), cancellationToken);
            }

            if (looked is null)
            {
                return;
            }

            after = looked;
        }
    }

    static (string? Last, List<(string Id, byte[] Lines)> Named) Find(DbConnection connection, string after, string address)
    {
        var named = new List<(string, byte[])>();
        string? last = null;
        var looked = 0;
        using var row = connection.Prepared("select id, lines from transcripts where id > @after order by id limit @limit").Set("@after", after).Set("@limit", Step).ExecuteReader();
        while (row.Read())
        {
            looked++;
            last = row.GetString(0);
            var lines = TranscriptStore.Unpack((byte[])row.GetValue(1));
            if (lines.Any(line => line.Text.Contains(address, StringComparison.OrdinalIgnoreCase)))
            {
                named.Add((last, TranscriptStore.Pack([.. lines.Select(line => line with { Text = line.Text.Replace(address, Erased, StringComparison.OrdinalIgnoreCase) })])));
            }
        }

        return (looked < Step ? null : last, named);
    }

    static int Rewrite(DbConnection connection, string id, byte[] lines) =>
        connection.Prepared("update transcripts set lines = @lines, bytes = @bytes where id = @id").Set("@lines", lines).Set("@bytes", lines.Length).Set("@id", id).ExecuteNonQuery();
}
