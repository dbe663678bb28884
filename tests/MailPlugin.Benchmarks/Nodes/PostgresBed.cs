using MailPlugin.Options;
using MailPlugin.Storage.Postgres;
using MailPlugin.TestBed;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace MailPlugin.Benchmarks;

/// <summary>A private PostgreSQL whose commits reach the disk, with a schema for each run.</summary>
internal sealed class PostgresBed(PostgreSqlServer server) : IAsyncDisposable
{
    int _schemas;

    public static async Task<PostgresBed> StartAsync() => new(await PostgreSqlServer.StartAsync(durable: true));

    /// <summary>A connection string with an empty schema.</summary>
    public string NewStore() => new NpgsqlConnectionStringBuilder(server.ConnectionString) { SearchPath = $"run_{++_schemas}" }.ConnectionString;

    public static PostgresTarget Target(string store) => PostgresTarget.Read(MailPluginOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["MailPlugin:Store"] = store }).Build(), "/"))!;

    public static async Task<NpgsqlConnection> ConnectAsync(string store)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(store) { Pooling = false, MaxAutoPrepare = 20, AutoPrepareMinUsages = 2 }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>CPU time that all of its processes took so far, in milliseconds.</summary>
    public async Task<double> CpuAsync()
    {
        await using var connection = await ConnectAsync(server.ConnectionString);
        await using var command = new NpgsqlCommand("select pid from pg_stat_activity", connection);
        var (sum, pids) = (0.0, new List<int>());
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                pids.Add(row.GetInt32(0));
            }
        }

        foreach (var pid in pids.Where(pid => File.Exists($"/proc/{pid}/stat")))
        {
            sum += Machine.Cpu(pid);
        }

        return sum;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
