using System.Net;
using System.Net.Sockets;

namespace MailPlugin.TestBed;

/// <summary>Accepts connections on a port of its own and gives each to a handler, until disposed.</summary>
sealed class Listener : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;

    /// <param name="handle">What is done with each.</param>
    /// <param name="end">Where; null takes 127.0.0.1 and a free port.</param>
    public Listener(Func<TcpClient, CancellationToken, Task> handle, IPEndPoint? end = null)
    {
        _listener = new(end ?? new(IPAddress.Loopback, 0));
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync(handle);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    async Task AcceptAsync(Func<TcpClient, CancellationToken, Task> handle)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                connections.Add(RunAsync(handle, client));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    async Task RunAsync(Func<TcpClient, CancellationToken, Task> handle, TcpClient client)
    {
        using (client)
        {
            try
            {
                await handle(client, _stop.Token);
            }
            catch (Exception lost) when (lost is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The other side went away, or the test is over.
            }
        }
    }
}
