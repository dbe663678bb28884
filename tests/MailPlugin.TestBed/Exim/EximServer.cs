namespace MailPlugin.TestBed;

/// <summary>
/// A private Exim: STARTTLS, implicit TLS, CHUNKING, SMTPUTF8, PLAIN, LOGIN and CRAM-MD5. It enforces the order of commands more strictly than
/// Postfix. Its package conflicts with Postfix's, so that it is unpacked and laid over /usr in a mount namespace of its own.
/// </summary>
public sealed class EximServer : IAsyncDisposable
{
    readonly ServerProcess _process;

    EximServer(ServerProcess process, IReadOnlyList<int> ports)
    {
        _process = process;
        (Port, TlsPort, SubmissionPort) = (ports[0], ports[1], ports[2]);
        Mailbox = new Mailbox(process.Folder.Of("mail/all"), LogAsync);
    }

    /// <summary>Plain, STARTTLS offered, no login needed.</summary>
    public int Port { get; }

    /// <summary>Implicit TLS.</summary>
    public int TlsPort { get; }

    /// <summary>RCPT wants a login.</summary>
    public int SubmissionPort { get; }

    /// <summary>The login.</summary>
    public static string UserName => "user";

    /// <summary>Its password.</summary>
    public static string Password => "s3cret";

    /// <summary>Everything that was delivered.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>Starts a server and returns when it has answered.</summary>
    public static Task<EximServer> StartAsync() => Launch.StartAsync(Server.Exim, async () =>
    {
        var folder = new TempFolder();
        var ports = FreePort.Next(3);
        folder.Write("exim.conf", EximConfiguration.Text(folder.Path, ports));
        TestCertificates.Shared.Server.WriteTo(folder.Of("pki"));
        var process = await ServerProcess.StartAsync(folder, EximConfiguration.Script(folder.Path), asRoot: true);
        if (await process.AnswersAsync(ports))
        {
            return (new EximServer(process, ports), "");
        }

        var output = await LogAsync(process);
        await process.DisposeAsync();
        return ((EximServer?)null, output);
    });

    /// <summary>Waits until so many messages (one for each recipient) were delivered and returns all there are, oldest first.</summary>
    public Task<IReadOnlyList<ReceivedMessage>> ReadMessagesAsync(int count, TimeSpan timeout) => Mailbox.ReadAsync(count, timeout);

    /// <summary>What it logged so far.</summary>
    public Task<string> LogAsync() => LogAsync(_process);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    static async Task<string> LogAsync(ServerProcess process)
    {
        var log = process.Folder.Of("log");
        var files = Directory.Exists(log) ? await Task.WhenAll(Directory.GetFiles(log).Select(file => File.ReadAllTextAsync(file))) : [];
        return await process.OutputAsync() + string.Concat(files);
    }
}
