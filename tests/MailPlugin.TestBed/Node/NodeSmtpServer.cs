using System.Diagnostics;
using System.Text.Json;

namespace MailPlugin.TestBed;

/// <summary>npm's smtp-server: XOAUTH2 and implicit TLS, SMTPUTF8; no CHUNKING, no DSN. What it takes is read by npm's mailparser.</summary>
public sealed class NodeSmtpServer : IAsyncDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    readonly ServerProcess _process;

    NodeSmtpServer(ServerProcess process, int[] ports, NodeSmtpOptions options)
    {
        _process = process;
        (Port, TlsPort) = (ports[0], ports[1]);
        Options = options;
    }

    /// <summary>Plain, STARTTLS offered.</summary>
    public int Port { get; }

    /// <summary>Implicit TLS.</summary>
    public int TlsPort { get; }

    /// <summary>What it was started with.</summary>
    public NodeSmtpOptions Options { get; }

    /// <summary>Starts a server and returns when it listens.</summary>
    public static Task<NodeSmtpServer> StartAsync(NodeSmtpOptions? options = null) => Launch.StartAsync(Server.NodeSmtpServer, async () =>
    {
        options ??= new NodeSmtpOptions();
        var folder = new TempFolder();
        folder.Write("options.json", JsonSerializer.Serialize(options, Json));
        TestCertificates.Shared.Server.WriteTo(folder.Of("pki"));
        var process = await ServerProcess.StartAsync(folder, $"exec {NodeScript.Command("serve", folder.Path)}", asRoot: false);
        if (await process.WaitAsync(() => Task.FromResult(File.Exists(folder.Of("ports.json")))))
        {
            var ports = JsonSerializer.Deserialize<int[]>(await File.ReadAllTextAsync(folder.Of("ports.json")))!;
            return (new NodeSmtpServer(process, ports, options), "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((NodeSmtpServer?)null, output);
    });

    /// <summary>Waits until so many mails were taken (one for each transaction) and returns all there are, oldest first.</summary>
    public async Task<IReadOnlyList<ParsedMail>> ReadMailsAsync(int count, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            // A line that is still being written has no end yet.
            var text = await File.ReadAllTextAsync(_process.Folder.Of("mails.jsonl"));
            var lines = text.Split('\n')[..^1];
            if (lines.Length >= count)
            {
                return [.. lines.Select(ParsedMail.Read)];
            }

            if (clock.Elapsed > timeout)
            {
                throw new TimeoutException($"{lines.Length} of {count} mails arrived in {timeout}. The server said:\n{await _process.OutputAsync()}");
            }

            await Task.Delay(20);
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
