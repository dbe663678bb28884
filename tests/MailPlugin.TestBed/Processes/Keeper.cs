using System.Diagnostics;

namespace MailPlugin.TestBed;

/// <summary>
/// A shell that owns a server. It starts and stops the server on order, and when its standard input ends it stops the server and deletes the
/// folder. The input is a pipe from this process: it ends on disposal, and just as well when this process is killed, so that no server outlives
/// the tests. The shell runs in a session of its own, as root where the server needs it.
/// </summary>
sealed class Keeper : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A killed process may stay in the table until someone reaps it; state Z counts as gone.
    const string Frame = """
        P=$1
        over() { ! cat /proc/[0-9]*/stat 2>/dev/null | awk -v g="$1" '$5 == g && $3 != "Z" { n++ } END { exit n == 0 }'; }
        await() { i=0; while [ $i -lt "$2" ]; do over "$1" && return 0; sleep 0.02; i=$((i + 1)); done; return 1; }
        # Ends a whole process group: politely, after five seconds not.
        end() { kill -TERM -- "-$1" 2>/dev/null || kill -TERM "$1" 2>/dev/null; await "$1" 250 || { kill -KILL -- "-$1" 2>/dev/null; await "$1" 250; }; }
        # The folder goes only after the server: a server whose folder is gone still takes connections.
        finish() { trap - EXIT; stop && rm -rf "$P"; exit 0; }
        trap finish EXIT
        trap 'exit 0' HUP INT TERM
        trap : PIPE
        while read -r order; do
          case $order in
            start) start ;;
            stop) stop ;;
            alive) alive ;;
            end) exit 0 ;;
          esac
          echo "$?"
        done

        """;

    readonly Process _process;
    readonly SemaphoreSlim _one = new(1, 1);
    bool _ended;

    Keeper(Process process) => _process = process;

    /// <summary>Starts the shell. The functions are <c>start</c>, <c>stop</c> and <c>alive</c> in sh, with the folder in <c>$P</c>; they must leave standard input and output alone.</summary>
    public static Keeper Start(TempFolder folder, string functions, bool asRoot)
    {
        var script = folder.Write("keeper.sh", functions + "\n" + Frame);
        return new Keeper(Process.Start(Elevation.Command(asRoot, "/bin/sh", script, folder.Path))!);
    }

    /// <summary>Gives an order and returns its exit code.</summary>
    public async Task<int> OrderAsync(string order)
    {
        await _one.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(order);
            await _process.StandardInput.FlushAsync();
            var answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            return answer is null ? throw new InvalidOperationException("The shell that keeps a server ended early.") : int.Parse(answer, null);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        _process.Dispose();
        _one.Dispose();
    }
}
