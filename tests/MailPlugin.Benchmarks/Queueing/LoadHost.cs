using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>The reference host as it is built for release, a process of its own, with the plugin or without.</summary>
internal sealed class LoadHost : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly Process _process;
    readonly HttpClient _client;

    LoadHost(Process process, int port)
    {
        _process = process;
        Port = port;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/api/mail/"), Timeout = Patience };
    }

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>From the start of the process to its first 200.</summary>
    public TimeSpan FirstAnswer { get; private init; }

    /// <summary>The CPU time it took until then, in milliseconds.</summary>
    public double FirstAnswerCpu { get; private init; }

    /// <summary>The administrator's key, once the plugin has made one.</summary>
    public string Key { get; private init; } = "";

    /// <param name="data">The plugin's data folder.</param>
    /// <param name="plugins">The plugins folder; an empty one for the host alone.</param>
    /// <param name="store">A connection string for the plugin; null: a file.</param>
    /// <param name="key">The administrator's key, where another node made it.</param>
    public static async Task<LoadHost> StartAsync(string data, string plugins, string? store = null, string? key = null)
    {
        var port = FreePort.Next();
        var start = new ProcessStartInfo("dotnet", [Repository.Host, $"--urls=http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", $"--Plugins:Path={plugins}", $"--MailPlugin:Data={data}"])
        {
            WorkingDirectory = Path.GetDirectoryName(Repository.Host),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("MailPlugin__", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        if (store is not null)
        {
            start.Environment["MailPlugin__Store"] = store;
        }

        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!await HttpPosts.AnswersAsync(port))
        {
            if (process.HasExited || clock.Elapsed > Patience)
            {
                throw new InvalidOperationException("The host did not start.");
            }

            await Task.Delay(2);
        }

        var elapsed = clock.Elapsed;
        var cpu = Machine.Cpu(process.Id);
        var file = Path.Combine(data, "admin-key.txt");
        return new(process, port) { FirstAnswer = elapsed, FirstAnswerCpu = cpu, Key = key ?? (File.Exists(file) ? (await File.ReadAllTextAsync(file)).Trim() : "") };
    }

    /// <summary>One relay, everything else as it comes.</summary>
    public async Task SetRelayAsync(int relay)
    {
        var settings = new JsonObject
        {
            ["from"] = new JsonObject { ["address"] = LoadMail.Sender },
            ["transports"] = new JsonArray(new JsonObject
            {
                ["id"] = "primary",
                ["name"] = "Relay",
                ["mode"] = "smtp",
                ["smtp"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = relay, ["security"] = "none" },
            }),
        };
        using var current = await SendAsync(HttpMethod.Get, "settings", null);
        using var saved = await SendAsync(HttpMethod.Put, "settings", settings, current.Headers.ETag);
    }

    public async Task PauseAsync(bool paused) => (await SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = paused })).Dispose();

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body, EntityTagHeaderValue? version = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", Key);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (version is not null)
        {
            request.Headers.IfMatch.Add(version);
        }

        var answer = await _client.SendAsync(request);
        return answer.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Asks it to stop as a service manager does.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
