using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace MailPlugin.TestBed;

/// <summary>Stands between a client and a server and makes the way long, narrow or short-lived.</summary>
public sealed class SlowProxy : IAsyncDisposable
{
    readonly Listener _listener;
    readonly SlowProxyOptions _options;
    readonly int _target;
    long _clientBytes;
    long _serverBytes;
    int _connections;

    public SlowProxy(int target, SlowProxyOptions? options = null)
    {
        _target = target;
        _options = options ?? new SlowProxyOptions();
        _listener = new Listener(PassAsync);
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary>How often somebody connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many bytes clients have sent.</summary>
    public long ClientBytes => Interlocked.Read(ref _clientBytes);

    /// <summary>How many bytes the server has sent.</summary>
    public long ServerBytes => Interlocked.Read(ref _serverBytes);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    async Task PassAsync(TcpClient client, CancellationToken stop)
    {
        Interlocked.Increment(ref _connections);
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, _target, stop);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await Task.WhenAll(
                OneWayAsync(client.Client, server.Client, _options.CutAfterClientBytes, count => Interlocked.Add(ref _clientBytes, count), cut),
                OneWayAsync(server.Client, client.Client, _options.CutAfterServerBytes, count => Interlocked.Add(ref _serverBytes, count), cut));
        }
        finally
        {
            if (cut.IsCancellationRequested)
            {
                Reset(client.Client);
                Reset(server.Client);
            }
        }
    }

    // The socket itself: a TcpClient says goodbye first.
    static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    async Task OneWayAsync(Socket from, Socket to, long? limit, Action<int> count, CancellationTokenSource cut)
    {
        var underway = Channel.CreateUnbounded<(TimeSpan Due, byte[] Bytes)>();
        var clock = Stopwatch.StartNew();
        var arrival = ArriveAsync(to, underway.Reader, clock, cut);
        var passed = 0L;
        var buffer = new byte[65536];
        try
        {
            while (await from.ReceiveAsync(buffer, cut.Token) is var length and > 0)
            {
                count(length);
                var allowed = (int)Math.Min(length, (limit ?? long.MaxValue) - passed);
                passed += allowed;
                underway.Writer.TryWrite((clock.Elapsed + _options.Delay, buffer[..allowed]));
                if (allowed < length)
                {
                    break;
                }
            }
        }
        finally
        {
            underway.Writer.Complete();
        }

        await arrival;
        if (passed == limit)
        {
            await cut.CancelAsync();
        }
        else if (to.Connected)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    async Task ArriveAsync(Socket to, ChannelReader<(TimeSpan Due, byte[] Bytes)> underway, Stopwatch clock, CancellationTokenSource cut)
    {
        try
        {
            await foreach (var (due, bytes) in underway.ReadAllAsync(cut.Token))
            {
                if (due - clock.Elapsed is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, cut.Token);
                }

                for (var start = 0; start < bytes.Length; start += _options.Chunk)
                {
                    await to.SendAsync(bytes.AsMemory(start, Math.Min(_options.Chunk, bytes.Length - start)), cut.Token);
                }
            }
        }
        catch (SocketException)
        {
            // Whom it was for has gone: so shall the other side.
            await cut.CancelAsync();
        }
    }
}
