using System.Data.Common;
using System.Globalization;
using System.Xml.Linq;

namespace MailPlugin.Storage.Moving;

/// <summary>The store that is moved into. Each write carries how far the move has come, so that a process may end anywhere: the next one goes on behind the last commit.</summary>
internal sealed class NewStore(IDatabase database)
{
    public Task<MoveProgress?> ProgressAsync(CancellationToken cancellationToken) => database.ReadAsync(Progress, cancellationToken);

    /// <summary>The first table that has anything; null: it is empty.</summary>
    public Task<string?> FirstFullAsync(CancellationToken cancellationToken) => database.ReadAsync(FirstFull, cancellationToken);

    /// <summary>Takes an empty store for this move, and the key ring with it.</summary>
    /// <returns>False when somebody was first.</returns>
    public Task<bool> BeginAsync(MoveProgress progress, IReadOnlyList<(string Name, XElement Key)> keyRing, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            connection.Serialize(MoveProgress.Name);
            if (Progress(connection)?.Id == progress.Id)
            {
                return true;
            }

            if (FirstFull(connection) is not null)
            {
                return false;
            }

            foreach (var (name, key) in keyRing)
            {
                connection.Prepared("insert into key_ring (name, document, stored_at) values (@name, @document, @at)")
                    .Set("@name", name).Set("@document", key.ToString(SaveOptions.DisableFormatting)).Set("@at", progress.BegunAt.ToUnixTimeMilliseconds()).ExecuteLater();
            }

            Put(connection, progress);
            return true;
        },
        cancellationToken);

    /// <summary>What was written already stays as it is: the work may be run again after a commit that nobody heard of.</summary>
    public Task<int> WriteAsync(MovedTable table, IReadOnlyList<OldColumn> columns, IReadOnlyList<object?[]> rows, MoveProgress progress, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            var names = columns.Select(column => column.Name).Concat(table.HasSlot ? ["slot"] : []);
            var values = columns.Select(column => $"@{column.Name}").Concat(table.HasSlot ? ["0"] : []);
            var insert = connection.Prepared($"insert into {table.Name} ({string.Join(", ", names)}) values ({string.Join(", ", values)}) on conflict do nothing");
            foreach (var row in rows)
            {
                for (var index = 0; index < columns.Count; index++)
                {
                    var (name, value) = ($"@{columns[index].Name}", row[index]);
                    _ = columns[index].Type switch
                    {
                        OldType.Number => insert.Set(name, (long?)value),
                        OldType.Bytes => insert.Set(name, (byte[]?)value),
                        _ => insert.Set(name, (string?)value),
                    };
                }

                insert.ExecuteLater();
            }

            return Put(connection, progress);
        },
        cancellationToken);

    public Task<long> CountAsync(MovedTable table, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            // The move's own row is none of the old store's.
            var own = table.Name == "state" ? " where name <> @own" : "";
            var count = connection.Prepared($"select count(*) from {table.Name}{own}");
            return Convert.ToInt64((own.Length > 0 ? count.Set("@own", MoveProgress.Name) : count).ExecuteScalar(), CultureInfo.InvariantCulture);
        },
        cancellationToken);

    /// <summary>Numbers go on behind the highest; what a process held that ended without a word is free, as it is where a process finds its own store again.</summary>
    public Task<int> EndAsync(MoveProgress progress, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            foreach (var table in MovedTable.All.Where(table => table.Counted is not null))
            {
                connection.Prepared($"select setval(pg_get_serial_sequence('{table.Name}', '{table.Counted}'), coalesce((select max({table.Counted}) from {table.Name}), 0) + 1, false)").ExecuteLater();
            }

            connection.Prepared($"update messages set lease = null, due = case when due < {Dialect.DatabaseNow} then due else {Dialect.DatabaseNow} end where due is not null and lease is not null").ExecuteLater();
            return Put(connection, progress);
        },
        cancellationToken);

    /// <exception cref="DatabaseUnavailableException">The store has a part of another one: what is missing would be taken for lost.</exception>
    public async Task RefuseHalfMovedAsync(CancellationToken cancellationToken)
    {
        if (await ProgressAsync(cancellationToken) is { EndedAt: null } progress)
        {
            throw new DatabaseUnavailableException($"The database has only a part of {progress.From}, which is being moved here. Run the move again; it goes on where it ended.");
        }
    }

    static MoveProgress? Progress(DbConnection connection) => MoveProgress.Parse((string?)connection.Prepared("select value from state where name = @name").Set("@name", MoveProgress.Name).ExecuteScalar());

    static int Put(DbConnection connection, MoveProgress progress) =>
        connection.Prepared("insert into state (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value")
            .Set("@name", MoveProgress.Name).Set("@value", progress.ToText()).ExecuteNonQuery();

    static string? FirstFull(DbConnection connection) =>
        MovedTable.All.Select(table => table.Name).Concat(MovedTable.Left).Append(MovedTable.KeyRing)
            .FirstOrDefault(table => Convert.ToInt64(connection.Prepared($"select count(*) from (select 1 from {table} limit 1) as one").ExecuteScalar(), CultureInfo.InvariantCulture) > 0);
}
