namespace MailPlugin.TestBed;

/// <summary>Postfix's smtp-sink: takes everything, or fails at the stage its options name. No TLS, no passwords, nothing kept.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    readonly ServerProcess _process;

    SmtpSink(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one with options of smtp-sink(1), such as <c>"-f", "RCPT"</c> or <c>"-B", "552 5.2.2 over quota"</c>.</summary>
    public static Task<SmtpSink> StartAsync(params string[] options) => Launch.StartAsync(Server.SmtpSink, async () =>
    {
        var port = FreePort.Next();
        var words = new[] { "/usr/sbin/smtp-sink" }
            .Concat(Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [])
            .Concat(options)
            .Append($"127.0.0.1:{port}").Append("50");
        var process = await ServerProcess.StartAsync(new TempFolder(), $"exec {string.Join(' ', words.Select(ServerProcess.Quote))}", asRoot: false);

        // It may be told to refuse the greeting, or to end after a number of sessions: a connection would change what a test sees.
        var up = await process.WaitAsync(() => Task.FromResult(FreePort.Listeners(port) == 1));
        if (up)
        {
            return (new SmtpSink(process, port), "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((SmtpSink?)null, output);
    });

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
