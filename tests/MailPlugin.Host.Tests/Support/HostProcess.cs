using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MailPlugin.Host.Tests.Support;

/// <summary>
/// The reference host as people start it: the built program, a process of its own, a port of its own. It can be stopped as a service
/// manager does, or killed as a power cut does, and started again with the same data.
/// </summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A test run that is broken off must not leave hosts behind.
    static readonly ConcurrentDictionary<int, Process> Running = new();

    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    HttpClient? _client;

    static HostProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var left in Running.Values)
        {
            Kill(left);
        }
    };

    HostProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
    }

    public int Id => _process.Id;

    public Uri Address => _listening.Task.IsCompletedSuccessfully ? _listening.Task.Result : throw new InvalidOperationException("The host does not listen.");

    /// <summary>Talks to <see cref="Address"/>; keeps no cookies and follows no redirect, so that a test sees every answer.</summary>
    public HttpClient Client => _client ??= new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>Standard output and error so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the host and waits until it listens.</summary>
    /// <param name="plugins">The plugins folder.</param>
    /// <param name="data">The folder of MailPlugin's data, the same again for a restart.</param>
    /// <param name="arguments">More of the command line, such as <c>--Name=value</c>.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it wrote.</exception>
    public static async Task<HostProcess> StartAsync(string plugins, string data, params string[] arguments)
    {
        var host = Launch(plugins, data, arguments);
        try
        {
            await host.ListenAsync().WaitAsync(Patience);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same for one that does its work and ends: it is not waited for.</summary>
    public static HostProcess Launch(string plugins, string data, params string[] arguments)
    {
        var program = Path.Combine(Repository.OutputOf("src", "MailPlugin.Host"), "MailPlugin.Host.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            // As an installed host runs: from where it lies, with the settings file beside it.
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in (string[])[program, "--urls=http://127.0.0.1:0", $"--Plugins:Path={plugins}", $"--MailPlugin:Data={data}", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(IsAnotherHosts).ToArray())
        {
            start.Environment.Remove(name);
        }

        var host = new HostProcess(start);
        host.Begin();
        return host;
    }

    /// <summary>Waits until it has ended by itself. Answers the exit code once everything is written.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Waits until the output contains the text.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        var patience = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal) && !_process.HasExited && patience.Elapsed < Patience)
        {
            await Task.Delay(20);
        }

        if (_process.HasExited)
        {
            await _process.WaitForExitAsync();
        }

        Assert.Contains(text, Output, StringComparison.Ordinal);
    }

    /// <summary>SIGTERM, as from a service manager. Answers the exit code once everything is written.</summary>
    public async Task<int> StopAsync()
    {
        const int Terminate = 15;
        Assert.Equal(0, SendSignal(_process.Id, Terminate));
        return await EndAsync();
    }

    /// <summary>SIGKILL: no code of the host runs any more.</summary>
    public async Task KillAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>SIGSTOP: it stands still, and whoever talks to it waits.</summary>
    public void Freeze() => Assert.Equal(0, SendSignal(_process.Id, 19));

    /// <summary>SIGCONT: it goes on and does not know how long it stood.</summary>
    public void Thaw() => Assert.Equal(0, SendSignal(_process.Id, 18));

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (Running.TryRemove(_process.Id, out _))
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    void Begin()
    {
        _process.Start();
        Running[_process.Id] = _process;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    async Task ListenAsync()
    {
        // The end of the process, unlike its Exited event, comes after its last line.
        await Task.WhenAny(_listening.Task, _process.WaitForExitAsync());
        if (!_listening.Task.IsCompleted)
        {
            throw new InvalidOperationException($"The host ended with {_process.ExitCode} before it listened.\n{Output}");
        }
    }

    void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (ListeningPattern().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It had ended.
        }
    }

    // Settings of the shell that runs the tests are not part of a test.
    static bool IsAnotherHosts(string variable) =>
        new[] { "ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "MailPlugin__", "Plugins__", "Logging__" }
            .Any(prefix => variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)")]
    private static partial Regex ListeningPattern();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
