using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.TestBed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MailPlugin.Tests.Fixtures;

/// <summary>A schema of its own on a server that all tests of this process share. The server ends with the process.</summary>
internal sealed class PostgresStore
{
    static readonly Lazy<Task<PostgreSqlServer>> Server = new(() => PostgreSqlServer.StartAsync());

    static int _number;

    PostgresStore(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public static async Task<PostgresStore> CreateAsync() => On(await Server.Value);

    /// <summary>On a server of the caller's.</summary>
    /// <param name="port">Another way to it.</param>
    public static PostgresStore On(PostgreSqlServer server, int? port = null)
    {
        var name = $"test_{Interlocked.Increment(ref _number)}";
        return new(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = port ?? server.Port, SearchPath = name, ApplicationName = name }.ConnectionString);
    }

    /// <summary>Where its server listens.</summary>
    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    /// <summary>The same store by another way.</summary>
    public PostgresStore By(int port) => new(new NpgsqlConnectionStringBuilder(ConnectionString) { Port = port }.ConnectionString);

    public PostgresTarget Target => PostgresTarget.Read(Plugin.Options(new() { ["Store"] = ConnectionString }))!;

    /// <summary>Cuts every connection to it.</summary>
    /// <returns>How many there were.</returns>
    public async Task<long> CutAsync()
    {
        await using var connection = Target.NewConnection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = current_setting('application_name') and pid <> pg_backend_pid()";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Opens it, as a node does.</summary>
    public PostgresDatabase Open(ILogger? logger = null) => PostgresDatabase.Open(Target, TimeProvider.System, logger ?? NullLogger.Instance);

    /// <summary>Opens it with the time that callers say in place of the database's.</summary>
    public PostgresDatabase OpenAtCallersTime() => PostgresDatabase.Open(Target, TimeProvider.System, NullLogger.Instance, Dialect.PostgresAtCallersTime);
}
