using System.Data.Common;
using Dapper;
using MailPlugin.Storage.Moving;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Storage.Sqlite;

/// <summary>
/// One file in WAL mode with <c>synchronous=FULL</c>: a commit is on disk when it returns. One connection writes, a few read. Readers
/// see the last commit and never wait for the writer.
/// </summary>
internal sealed partial class SqliteDatabase : IDatabase, IAsyncDisposable
{
    const int Readers = 4;

    static readonly string[] WithMail = ["messages", "message_contents", "message_recipients", "idempotency", "transcripts"];

    readonly FileLock _lock;
    readonly string _connectionString;
    readonly SqliteWriter _writer;
    readonly ReaderPool<SqliteConnection> _readers = new(Readers);
    bool _closed;

    SqliteDatabase(FileLock fileLock, string connectionString, SqliteWriter writer)
    {
        _lock = fileLock;
        _connectionString = connectionString;
        _writer = writer;
    }

    /// <summary>Opens or creates the file, checks it and brings it to the newest migration.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be opened, is in use by another process, is damaged, was written by a newer version, or was moved.</exception>
    /// <param name="checkedWhole">In bytes. A larger file is checked without its mail.</param>
    public static SqliteDatabase Open(string file, ILogger logger, long checkedWhole = 256 << 20)
    {
        MoveMark.Refuse(file);
        var version = SqliteLibrary.EnsureLoaded();
        CreatePrivate(file);
        var fileLock = FileLock.Take(file);
        SqliteConnection? connection = null;
        try
        {
            // Again under the lock: a move may have begun and ended in between.
            MoveMark.Refuse(file);

            // The file is there by now; were it gone later, SQLite is not to make an empty one that everybody may read.
            var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString();
            connection = ConnectWriter(connectionString);
            Check(connection, file, new FileInfo(file).Length <= checkedWhole);
            Migrations.SqliteMigrations.Apply(connection);
            LogOpened(logger, version);
            return new SqliteDatabase(fileLock, connectionString, new SqliteWriter(connection, logger));
        }
        catch (Exception fault)
        {
            connection?.Dispose();
            fileLock.Dispose();
            throw fault is DbException ? new DatabaseUnavailableException($"{file} cannot be used: {fault.Message}", fault) : fault;
        }
    }

    public Dialect Dialect => Dialect.Sqlite;

    public Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) =>
        _writer.RunAsync(work, cancellationToken);

    public Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => BesideWriterAsync(() => Read(work), cancellationToken);

    /// <summary>A page that was deleted or changed can be read in the log until others are written over it, which on a quiet host takes months.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) => BesideWriterAsync(
        () =>
        {
            using var connection = Connect(_connectionString, "pragma busy_timeout=200;");
            Execute(connection, "pragma wal_checkpoint(truncate)");
            return true;
        },
        cancellationToken);

    async Task<T> BesideWriterAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _readers.EnterAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        try
        {
            // SQLite works synchronously: off the caller's thread, so that a page read does not hold a request's thread up.
            return await Task.Run(work, cancellationToken);
        }
        catch (DbException fault)
        {
            throw new DatabaseUnavailableException($"The database cannot be read: {fault.Message}", fault);
        }
        finally
        {
            _readers.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, true))
        {
            return;
        }

        await _writer.DisposeAsync();
        await _readers.DisposeAsync();
        _lock.Dispose();
    }

    T Read<T>(Func<DbConnection, T> work) => _readers.Use(
        _readers.Take() ?? ConnectReader(_connectionString),
        connection =>
        {
            connection.Run("begin");
            var result = work(connection);
            connection.Run("rollback");
            return result;
        });

    static SqliteConnection ConnectWriter(string connectionString) => Connect(
        connectionString, "pragma auto_vacuum=incremental; pragma journal_mode=wal; pragma journal_size_limit=67108864; pragma synchronous=full; pragma foreign_keys=on; pragma secure_delete=on; pragma busy_timeout=5000;");

    /// <summary>Asks for nothing that would be written: a full disk still reads.</summary>
    static SqliteConnection ConnectReader(string connectionString) => Connect(connectionString, "pragma busy_timeout=5000; pragma query_only=on;");

    static SqliteConnection Connect(string connectionString, string pragmas)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            Execute(connection, pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>WAL and shared-memory files take the mode of the database file: it is made private before SQLite opens it.</summary>
    static void CreatePrivate(string file)
    {
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        try
        {
            if (OperatingSystem.IsWindows())
            {
                using var made = new FileStream(file, options);
                return;
            }

            options.UnixCreateMode = Private;
            using var _ = new FileStream(file, options);
            File.SetUnixFileMode(file, Private);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnavailableException($"{file} cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// A check reads all pages. Of a large outbox, whose check would hold the host's start up for minutes, it looks at what everything else
    /// needs; a damaged page among its mail is said by whoever reads it.
    /// </summary>
    static void Check(SqliteConnection connection, string file, bool isWhole)
    {
        if (isWhole)
        {
            Check(connection, file, "pragma quick_check(1)");
            return;
        }

        foreach (var table in connection.Query<string>("select name from sqlite_master where type = 'table' and name not in @WithMail", new { WithMail }))
        {
            Check(connection, file, $"pragma quick_check({table})");
        }
    }

    static void Check(SqliteConnection connection, string file, string check)
    {
        if (connection.QueryFirstOrDefault<string>(check) is var result && result != "ok")
        {
            throw new DatabaseUnavailableException($"{file} is damaged: {result}");
        }
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "Database opened with SQLite {Version}")]
    static partial void LogOpened(ILogger logger, string version);
}
