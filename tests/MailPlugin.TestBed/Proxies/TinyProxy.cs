namespace MailPlugin.TestBed;

/// <summary>A private tinyproxy: HTTP CONNECT, to the ports that it is told to allow, with a login where one is given.</summary>
public sealed class TinyProxy : IAsyncDisposable
{
    readonly ServerProcess _process;

    TinyProxy(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <param name="connectPorts">What CONNECT may go to; none: anything.</param>
    /// <param name="login">User name and password, or null.</param>
    public static Task<TinyProxy> StartAsync(IReadOnlyList<int>? connectPorts = null, (string User, string Password)? login = null) => Launch.StartAsync(Server.TinyProxy, async () =>
    {
        var port = FreePort.Next();
        var folder = new TempFolder();
        var configuration = folder.Write("tinyproxy.conf", $"""
            Port {port}
            Listen 127.0.0.1
            Timeout 60
            MaxClients 20
            {string.Concat((connectPorts ?? []).Select(allowed => $"ConnectPort {allowed}\n"))}
            {(login is var (user, password) ? $"BasicAuth {user} {password}" : "")}
            """);
        var process = await ServerProcess.StartAsync(folder, $"exec tinyproxy -d -c {ServerProcess.Quote(configuration)}", asRoot: false);
        if (await process.WaitAsync(() => Task.FromResult(FreePort.Listeners(port) == 1)))
        {
            return (new TinyProxy(process, port), "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((TinyProxy?)null, output);
    });

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
