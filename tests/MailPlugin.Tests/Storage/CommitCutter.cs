using System.Net;
using System.Net.Sockets;

namespace MailPlugin.Tests.Storage;

/// <summary>Stands between a node and its database, and can cut a connection in the worst moment: the server has committed, and says so to nobody.</summary>
internal sealed class CommitCutter : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly int _server;
    readonly Task _accepting;
    volatile bool _cutsNext;

    public CommitCutter(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next commit that the server answers is answered to nobody.</summary>
    public void CutNext() => _cutsNext = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _server);

            // Either end ends the other.
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }
    }

    async Task PumpAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is var length and > 0)
            {
                if (isAnswer && _cutsNext && buffer.AsSpan(0, length).IndexOf("COMMIT\0"u8) >= 0)
                {
                    _cutsNext = false;
                    return;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _stop.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has ended.
        }
    }
}
