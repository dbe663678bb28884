using System.Diagnostics;
using System.Globalization;

namespace MailPlugin.TestBed;

/// <summary>strace, attached to a running process: what it asks of the system from now on, in the order in which it happens.</summary>
public sealed class SystemCalls : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TempFolder _folder;
    readonly Process _strace;

    SystemCalls(TempFolder folder, Process strace) => (_folder, _strace) = (folder, strace);

    /// <summary>Attaches to all threads of a process; the calls named are noted, each with the paths behind its file descriptors.</summary>
    public static async Task<SystemCalls> AttachAsync(int process, params IEnumerable<string> calls)
    {
        Requirement.Demand(Server.Strace);
        var folder = new TempFolder();
        var start = Elevation.Command(
            asRoot: Elevation.Possible, "strace", "-f", "-y", "-s", "64", "-e", $"trace={string.Join(',', calls)}", "-o", folder.Of("calls"), "-p", process.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardError = true;
        var strace = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var said = "";
        while (await strace.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            said += line + "\n";
            if (line.Contains("attached", StringComparison.Ordinal))
            {
                _ = strace.StandardError.ReadToEndAsync(CancellationToken.None);
                return new(folder, strace);
            }
        }

        folder.Dispose();
        throw new InvalidOperationException($"strace did not attach: {said}");
    }

    /// <summary>Detaches and gives what was noted, one line for each call, two where another one came between its beginning and its end.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await EndAsync();
        return await File.ReadAllLinesAsync(_folder.Of("calls"));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _strace.Dispose();
        _folder.Dispose();
    }

    async Task EndAsync()
    {
        if (!_strace.HasExited)
        {
            var command = Elevation.Command(Elevation.Possible, "kill", "-INT", _strace.Id.ToString(CultureInfo.InvariantCulture));
            await ForeignProgram.RunAsync([command.FileName, .. command.ArgumentList], default);
            using var patience = new CancellationTokenSource(Patience);
            await _strace.WaitForExitAsync(patience.Token);
        }
    }
}
