namespace MailPlugin.TestBed;

/// <summary>OpenSSL's own s_server: TLS from the first byte, with whatever its options make of it. It answers HTTP, if anything.</summary>
public sealed class OpenSslServer : IAsyncDisposable
{
    readonly ServerProcess _process;

    OpenSslServer(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one with options of openssl-s_server(1), such as <c>-tls1</c>; the certificate is <see cref="TestCertificates.Server"/>.</summary>
    public static Task<OpenSslServer> StartAsync(params string[] options) => Launch.StartAsync(Server.OpenSsl, async () =>
    {
        var port = FreePort.Next();
        var folder = new TempFolder();
        TestCertificates.Shared.Server.WriteTo(folder.Of("pki"));
        string[] words = ["openssl", "s_server", "-accept", $"127.0.0.1:{port}", "-cert", folder.Of("pki/chain.pem"), "-key", folder.Of("pki/key.pem"), "-www", .. options];
        var process = await ServerProcess.StartAsync(folder, $"exec {string.Join(' ', words.Select(ServerProcess.Quote))}", asRoot: false);
        if (await process.WaitAsync(() => Task.FromResult(FreePort.Listeners(port) == 1)))
        {
            return (new OpenSslServer(process, port), "");
        }

        var output = await process.OutputAsync();
        await process.DisposeAsync();
        return ((OpenSslServer?)null, output);
    });

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
