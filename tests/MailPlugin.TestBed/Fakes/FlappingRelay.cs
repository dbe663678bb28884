using System.Net;
using System.Net.Sockets;

namespace MailPlugin.TestBed;

/// <summary>
/// Stands before a relay and comes and goes: for a while it passes everything through, then it cuts every connection, in the middle of whatever is said on it, and hangs up on who calls, until
/// it comes back.
/// </summary>
public sealed class FlappingRelay : IAsyncDisposable
{
    static readonly (int Shortest, int Longest) Up = (100, 600);
    static readonly (int Shortest, int Longest) Down = (50, 300);

    readonly int _relay;
    readonly Random _chance;
    readonly Listener _listener;
    readonly CancellationTokenSource _stop = new();
    readonly Task _flapping;
    CancellationTokenSource? _up = new();
    int _cuts;

    /// <param name="relay">The port of the relay behind it, on 127.0.0.1.</param>
    /// <param name="seed">Of the times at which it goes.</param>
    public FlappingRelay(int relay, int seed)
    {
        (_relay, _chance) = (relay, new(seed));
        _listener = new(PassAsync);
        _flapping = FlapAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary>How many connections were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _flapping;
        await _listener.DisposeAsync();
        _stop.Dispose();
    }

    async Task FlapAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_chance.Next(Up.Shortest, Up.Longest), _stop.Token);
                using (var up = Interlocked.Exchange(ref _up, null))
                {
                    await up!.CancelAsync();
                }

                await Task.Delay(_chance.Next(Down.Shortest, Down.Longest), _stop.Token);
                Volatile.Write(ref _up, new());
            }
        }
        catch (OperationCanceledException)
        {
            Interlocked.Exchange(ref _up, null)?.Dispose();
        }
    }

    async Task PassAsync(TcpClient client, CancellationToken stop)
    {
        CancellationToken cut;
        try
        {
            cut = Volatile.Read(ref _up)?.Token ?? new(canceled: true);
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        if (cut.IsCancellationRequested)
        {
            return;
        }

        using var relay = new TcpClient { NoDelay = true };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, cut);
        await relay.ConnectAsync(IPAddress.Loopback, _relay, end.Token);
        var there = client.GetStream().CopyToAsync(relay.GetStream(), end.Token);
        var back = relay.GetStream().CopyToAsync(client.GetStream(), end.Token);
        await Task.WhenAny(there, back);
        if (cut.IsCancellationRequested)
        {
            Interlocked.Increment(ref _cuts);

            // Hard, as when a machine goes away: what was not read is lost.
            client.Client.LingerState = new(true, 0);
        }
    }
}
