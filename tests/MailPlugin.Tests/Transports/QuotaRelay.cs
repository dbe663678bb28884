using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Tests.Transports;

/// <summary>A relay that takes so many messages on a connection, then says 421 to whatever comes next and hangs up.</summary>
internal sealed class QuotaRelay : IAsyncDisposable
{
    readonly int _quota;
    readonly string _capabilities;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _accepting;
    int _connections;
    int _taken;

    public QuotaRelay(int quota, params string[] capabilities)
    {
        (_quota, _capabilities) = (quota, string.Concat(capabilities.Select(capability => $"250-{capability}\r\n")));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many messages it took.</summary>
    public int Taken => Volatile.Read(ref _taken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                conversations.Add(ServeAsync(client));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(conversations);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            await TalkAsync(reader, client.GetStream());
        }
        catch (Exception left) when (left is IOException or OperationCanceledException)
        {
            // The client left, or the test is over.
        }
    }

    async Task TalkAsync(StreamReader reader, NetworkStream stream)
    {
        var taken = 0;
        await SayAsync("220 quota.example ESMTP");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var word = line.Split(' ')[0].ToUpperInvariant();
            if (taken == _quota && word is not ("EHLO" or "QUIT"))
            {
                await SayAsync("421 4.7.0 too many messages on this connection");
                stream.Socket.Shutdown(SocketShutdown.Send);
                await reader.ReadToEndAsync(_stop.Token);
                return;
            }

            switch (word)
            {
                case "EHLO":
                    await SayAsync($"250-quota.example\r\n{_capabilities}250 8BITMIME");
                    break;
                case "BDAT":
                    await reader.ReadBlockAsync(new char[int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)], _stop.Token);
                    await TakeAsync();
                    break;
                case "DATA":
                    await SayAsync("354 go");
                    while (await reader.ReadLineAsync(_stop.Token) is { } content && content != ".")
                    {
                    }

                    await TakeAsync();
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }

        async Task TakeAsync()
        {
            taken++;
            Interlocked.Increment(ref _taken);
            await SayAsync("250 2.0.0 taken");
        }

        Task SayAsync(string reply) => stream.WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"), _stop.Token).AsTask();
    }
}
