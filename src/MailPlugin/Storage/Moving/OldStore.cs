using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using MailPlugin.Options;
using MailPlugin.Storage.Migrations;
using MailPlugin.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace MailPlugin.Storage.Moving;

/// <summary>A data folder whose database is moved elsewhere. Nobody else has it open meanwhile; nothing of it is changed but the mark that is put beside it.</summary>
internal sealed class OldStore : IDisposable
{
    /// <summary>What is held in memory of contents and transcripts at most, one row aside.</summary>
    const long MostBytes = 4 * 1024 * 1024;

    readonly DataFolder _folder;
    readonly FileLock _lock;
    readonly SqliteConnection _connection;

    readonly string[] _leftovers;

    OldStore(DataFolder folder, FileLock fileLock, SqliteConnection connection, string[] leftovers) => (_folder, _lock, _connection, _leftovers) = (folder, fileLock, connection, leftovers);

    public string File => FileIn(_folder.Path);

    /// <exception cref="MoveRefusedException">There is no database, or one of another version, or a process has it open.</exception>
    /// <exception cref="DatabaseUnavailableException">It cannot be read.</exception>
    public static OldStore Open(string folder)
    {
        var file = FileIn(folder);
        if (!System.IO.File.Exists(file))
        {
            throw new MoveRefusedException($"There is no {file}: name the data folder of the host whose mail is to be moved.");
        }

        SqliteLibrary.EnsureLoaded();
        var fileLock = Take(file);
        SqliteConnection? connection = null;
        try
        {
            // What SQLite needs to read a file of this kind it does not take away again when it has only read.
            string[] leftovers = [.. new[] { file + "-shm", file + "-wal" }.Where(beside => !System.IO.File.Exists(beside))];
            connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
            connection.Open();
            CheckVersion(connection, file);
            return new(new(folder), fileLock, connection, leftovers);
        }
        catch (Exception fault)
        {
            connection?.Dispose();
            fileLock.Dispose();
            throw fault is DbException ? new DatabaseUnavailableException($"{file} cannot be read: {fault.Message}", fault) : fault;
        }
    }

    public MoveMark? Mark => MoveMark.Read(File);

    public void SetMark(MoveMark mark) => _folder.WritePrivate(Path.GetFileName(MoveMark.FileOf(File)), JsonSerializer.Serialize(mark));

    public void RemoveMark() => System.IO.File.Delete(MoveMark.FileOf(File));

    /// <summary>The keys of Data Protection as they are kept, by name.</summary>
    public IReadOnlyList<(string Name, XElement Key)> KeyRing()
    {
        var keys = _folder.PathOf("keys");
        return Directory.Exists(keys)
            ? [.. Directory.EnumerateFiles(keys, "*.xml").Order(StringComparer.Ordinal).Select(file => (Path.GetFileNameWithoutExtension(file), XElement.Load(file)))]
            : [];
    }

    public long Count(MovedTable table) => Convert.ToInt64(Command($"select count(*) from {table.Name}").ExecuteScalar(), CultureInfo.InvariantCulture);

    public IReadOnlyList<OldColumn> Columns(MovedTable table)
    {
        var columns = new List<OldColumn>();
        using var row = Command($"select name, type, pk from pragma_table_info('{table.Name}')").ExecuteReader();
        while (row.Read())
        {
            columns.Add(new(row.GetString(0), row.GetString(1) switch { "INTEGER" => OldType.Number, "BLOB" => OldType.Bytes, _ => OldType.Text }, row.GetInt32(2)));
        }

        return columns;
    }

    /// <summary>The next rows in the order of their keys; none: that was all.</summary>
    /// <param name="after">The last key that is there already.</param>
    public IReadOnlyList<object?[]> Read(MovedTable table, IReadOnlyList<OldColumn> columns, IReadOnlyList<object>? after, int most)
    {
        var key = columns.Where(column => column.InKey > 0).OrderBy(column => column.InKey).Select(column => column.Name).ToList();
        var (names, places) = (string.Join(", ", key), string.Join(", ", key.Select((_, index) => $"@k{index}")));
        using var command = Command($"select {string.Join(", ", columns.Select(column => column.Name))} from {table.Name} {(after is null ? "" : $"where ({names}) > ({places})")} order by {names} limit {most}");
        for (var index = 0; index < after?.Count; index++)
        {
            command.Parameters.AddWithValue($"@k{index}", after[index]);
        }

        var rows = new List<object?[]>();
        using var row = command.ExecuteReader();
        for (var bytes = 0L; bytes < MostBytes && row.Read();)
        {
            var values = new object?[columns.Count];
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = row.IsDBNull(index) ? null : row.GetValue(index);
                bytes += values[index] switch { byte[] blob => blob.Length, string text => text.Length, _ => 8 };
            }

            rows.Add(values);
        }

        return rows;
    }

    public void Dispose()
    {
        _connection.Dispose();
        foreach (var leftover in _leftovers)
        {
            System.IO.File.Delete(leftover);
        }

        _lock.Dispose();
    }

    static FileLock Take(string file)
    {
        try
        {
            return FileLock.Take(file);
        }
        catch (DatabaseUnavailableException taken)
        {
            throw new MoveRefusedException($"{taken.Message} Stop that host first.");
        }
    }

    static string FileIn(string folder) => Path.Combine(folder, "mail.db");

    /// <summary>Only stores of the same form are moved: to bring the old one up to date would change it.</summary>
    static void CheckVersion(SqliteConnection connection, string file)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select number from migrations";
        var there = new List<int>();
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
            {
                there.Add(row.GetInt32(0));
            }
        }

        // What is newer than this version is refused there, by name.
        if (MigrationStep.Missing("sqlite", there).FirstOrDefault() is { } missing)
        {
            throw new MoveRefusedException($"{file} is of an older version: step {missing.Number} of the schema is missing. Start this version on it once, stop it, and move it then.");
        }
    }

    SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}

/// <param name="InKey">Place in the primary key, from 1; 0: none.</param>
internal sealed record OldColumn(string Name, OldType Type, int InKey);

internal enum OldType
{
    Number,
    Text,
    Bytes,
}
