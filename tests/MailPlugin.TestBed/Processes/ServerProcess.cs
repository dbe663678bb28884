using System.Diagnostics;

namespace MailPlugin.TestBed;

/// <summary>A server that stays in the foreground, in a folder of its own, kept by a <see cref="Keeper"/>.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    // setsid gives it a process group of its own, so that its children end with it. Until it has run there is no such group, and the server would seem to have ended.
    const string Functions = """
        pid=
        start() { setsid /bin/sh "$P/run.sh" >>"$P/output" 2>&1 </dev/null & pid=$!; i=0; while over "$pid" && [ $i -lt 50 ]; do sleep 0.02; i=$((i + 1)); done; }
        alive() { ! over "$pid"; }
        stop() { [ -z "$pid" ] || { end "$pid" && pid=; }; }
        """;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Keeper _keeper;

    ServerProcess(TempFolder folder, Keeper keeper)
    {
        Folder = folder;
        _keeper = keeper;
    }

    public TempFolder Folder { get; }

    /// <summary>Runs a shell script whose last line is an exec.</summary>
    public static async Task<ServerProcess> StartAsync(TempFolder folder, string script, bool asRoot)
    {
        folder.Write("run.sh", $"set -e\n{script}\n");
        folder.Write("output", "");
        var process = new ServerProcess(folder, Keeper.Start(folder, Functions, asRoot));
        await process._keeper.OrderAsync("start");
        return process;
    }

    /// <summary>Ends it; its folder stays.</summary>
    public Task StopAsync() => _keeper.OrderAsync("stop");

    /// <summary>Runs its script again.</summary>
    public Task StartAgainAsync() => _keeper.OrderAsync("start");

    /// <summary>What it wrote to its standard output and error.</summary>
    public Task<string> OutputAsync() => File.ReadAllTextAsync(Folder.Of("output"));

    /// <summary>Waits until it is ready; not when it has ended or the time is over.</summary>
    public async Task<bool> WaitAsync(Func<Task<bool>> ready, bool whileAlive = true)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            if (await ready())
            {
                return true;
            }

            if (whileAlive && await _keeper.OrderAsync("alive") != 0)
            {
                return false;
            }

            await Task.Delay(10);
        }

        return false;
    }

    /// <summary>Waits until it greets on the first of its ports; it listens on each then, and nobody else does.</summary>
    public async Task<bool> AnswersAsync(params IReadOnlyList<int> ports) =>
        await WaitAsync(() => Greeting.HeardAsync(ports[0], Patience)) && ports.All(port => FreePort.Listeners(port) == 1);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    /// <summary>A word for the shell.</summary>
    public static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
