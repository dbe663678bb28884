using System.Globalization;
using System.Runtime.InteropServices;

namespace MailPlugin.TestBed;

/// <summary>
/// A private PostgreSQL for the tests that need more than one process on one store. It trusts every login from loopback. It can be made to stand still, and killed and started again with what it
/// has on disk.
/// </summary>
public sealed partial class PostgreSqlServer : IAsyncDisposable
{
    const int Kill = 9;
    const int Terminate = 15;
    const int Continue = 18;
    const int Stop = 19;
    const string Ready = "database system is ready to accept connections";

    readonly ServerProcess _process;
    int _starts = 1;

    PostgreSqlServer(ServerProcess process, int port) => (_process, Port) = (process, port);

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
            [ -e {folder}/pg/data ] || {asUser} {bin}/initdb -D {folder}/pg/data -A trust -U bed --no-sync -E UTF8 --locale=C
            exec {asUser} {bin}/postgres -D {folder}/pg/data -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}/pg -c fsync={(durable ? "on" : "off")}
            """, asRoot: false);
        var server = new PostgreSqlServer(process, port);
        if (await server.IsReadyAsync())
        {
            return (server, "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((PostgreSqlServer?)null, output);
    });

    /// <summary>From now on it does nothing: connections to it are accepted by the system, and nobody answers.</summary>
    public void Freeze()
    {
        var postmaster = Postmaster;
        Signal(postmaster, Stop);

        // On a busy machine it may still fork when the signal has been sent: a child that is overlooked keeps the memory, and with it the next start.
        SpinWait.SpinUntil(() => StateOf(postmaster).State == "T", TimeSpan.FromSeconds(10));
        foreach (var child in ChildrenOf(postmaster))
        {
            Signal(child, Stop);
        }
    }

    /// <summary>It goes on where it stood.</summary>
    public void Thaw()
    {
        var postmaster = Postmaster;
        foreach (var child in ChildrenOf(postmaster).Append(postmaster))
        {
            Signal(child, Continue);
        }
    }

    /// <summary>Cuts every connection, as an administrator does, or a balancer.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        var clients = ChildrenOf(Postmaster).FindAll(process => NameOf(process).StartsWith("postgres: bed ", StringComparison.Ordinal));
        clients.ForEach(process => Signal(process, Terminate));
        return clients.Count;
    }

    /// <summary>As a power cut, as far as processes go: every connection is cut, and what was not committed is gone.</summary>
    public async Task KillAsync()
    {
        // First it stands still, so that nothing new begins. Its memory is free when the last of them has ended.
        Freeze();
        var postmaster = Postmaster;
        List<int> all = [postmaster, .. ChildrenOf(postmaster)];
        all.ForEach(process => Signal(process, Kill));
        if (!await _process.WaitAsync(() => Task.FromResult(!all.Exists(IsAlive)), whileAlive: false))
        {
            throw new InvalidOperationException("PostgreSQL was killed and did not end.");
        }

        await _process.StopAsync();
    }

    /// <summary>Starts it again on the same port with the same data.</summary>
    public async Task StartAgainAsync()
    {
        _starts++;
        await _process.StartAgainAsync();
        if (!await IsReadyAsync())
        {
            throw new InvalidOperationException($"PostgreSQL did not start again: {await LogAsync()}");
        }
    }

    /// <summary>What it logged so far.</summary>
    public Task<string> LogAsync() => _process.OutputAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    int Postmaster => int.Parse(File.ReadLines(_process.Folder.Of("pg/data/postmaster.pid")).First(), CultureInfo.InvariantCulture);

    Task<bool> IsReadyAsync() =>
        _process.WaitAsync(async () => (await _process.OutputAsync()).Split(Ready).Length > _starts && FreePort.Listeners(Port) == 1);

    static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && StateOf(process).Parent == parent)
            {
                children.Add(process);
            }
        }

        return children;
    }

    static bool IsAlive(int process) => StateOf(process).State is not (null or "Z");

    static string NameOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    static (string? State, int Parent) StateOf(int process)
    {
        try
        {
            // Behind the name, which may have anything in it: state and parent.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var words = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (words[0], int.Parse(words[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It has ended.
            return (null, 0);
        }
    }

    static void Signal(int process, int signal) => _ = SendSignal(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
