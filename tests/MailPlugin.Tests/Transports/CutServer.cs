using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.Transports;

/// <summary>A relay whose connections can all be ended at once, as an idle one's are.</summary>
internal sealed class CutServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentBag<TcpClient> _clients = [];
    readonly CancellationTokenSource _stop = new();
    readonly Task _accepting;

    public CutServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public RecordingSmtpServer Server { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        while (_clients.TryTake(out var client))
        {
            client.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
        await Server.DisposeAsync();
    }

    async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Add(client);
                passing.Add(PassAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, Server.Port, _stop.Token);
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var ways = new[] { client.GetStream().CopyToAsync(server.GetStream(), ended.Token), server.GetStream().CopyToAsync(client.GetStream(), ended.Token) };
            await Task.WhenAny(ways);
            await ended.CancelAsync();
            await Task.WhenAll(ways);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, by this side or the other.
        }
        finally
        {
            client.Dispose();
        }
    }
}
