namespace MailPlugin.TestBed;

/// <summary>A private PostgreSQL for the tests that need more than one process on one store. It trusts every login from loopback.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    readonly ServerProcess _process;

    PostgreSqlServer(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>For Npgsql: a superuser of the database <c>postgres</c>.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=bed;Database=postgres";

    /// <summary>Starts a server; <paramref name="durable"/> makes commits reach the disk, which tests that kill it need.</summary>
    public static Task<PostgreSqlServer> StartAsync(bool durable = false) => Launch.StartAsync(Server.PostgreSql, async () =>
    {
        var folder = new TempFolder();
        var port = FreePort.Next();
        var bin = PostgreSqlPrograms.Folder!;

        // It refuses to run as root.
        var asUser = Environment.IsPrivilegedProcess ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "env";
        var process = await ServerProcess.StartAsync(folder, $"""
            mkdir -p {folder}/pg
            {(Environment.IsPrivilegedProcess ? $"chown 65534:65534 {folder}/pg" : "")}
            {asUser} {bin}/initdb -D {folder}/pg/data -A trust -U bed --no-sync -E UTF8 --locale=C
            exec {asUser} {bin}/postgres -D {folder}/pg/data -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}/pg -c fsync={(durable ? "on" : "off")} -c jit=off
            """, asRoot: false);
        var ready = await process.WaitAsync(async () =>
            (await process.OutputAsync()).Contains("database system is ready to accept connections", StringComparison.Ordinal) && FreePort.Listeners(port) == 1);
        if (ready)
        {
            return (new PostgreSqlServer(process, port), "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((PostgreSqlServer?)null, output);
    });

    /// <summary>What it logged so far.</summary>
    public Task<string> LogAsync() => _process.OutputAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
