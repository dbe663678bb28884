namespace MailPlugin.TestBed;

/// <summary>A private microsocks: SOCKS 5, with a login where one is given.</summary>
public sealed class MicroSocks : IAsyncDisposable
{
    readonly ServerProcess _process;

    MicroSocks(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    public static Task<MicroSocks> StartAsync((string User, string Password)? login = null) => Launch.StartAsync(Server.MicroSocks, async () =>
    {
        var port = FreePort.Next();
        var words = new List<string> { "microsocks", "-i", "127.0.0.1", "-p", $"{port}" };
        if (login is var (user, password))
        {
            words.AddRange(["-u", user, "-P", password]);
        }

        var process = await ServerProcess.StartAsync(new TempFolder(), $"exec {string.Join(' ', words.Select(ServerProcess.Quote))}", asRoot: false);
        if (await process.WaitAsync(() => Task.FromResult(FreePort.Listeners(port) == 1)))
        {
            return (new MicroSocks(process, port), "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((MicroSocks?)null, output);
    });

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
