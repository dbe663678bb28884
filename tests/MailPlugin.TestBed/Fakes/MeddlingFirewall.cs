using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>Stands between a client and a server and writes over what the server says, letter for letter, as some firewalls do with STARTTLS.</summary>
public sealed class MeddlingFirewall : IAsyncDisposable
{
    readonly Listener _listener;

    /// <param name="target">The server's port.</param>
    /// <param name="word">What it writes over; null: nothing.</param>
    /// <param name="instead">What it writes; as long as the word.</param>
    /// <param name="end">Where it stands; null takes 127.0.0.1 and a free port.</param>
    public MeddlingFirewall(int target, string? word = null, string? instead = null, IPEndPoint? end = null) => _listener = new Listener(async (client, stop) =>
    {
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, target, stop);
        var (near, far) = (client.GetStream(), server.GetStream());
        var up = UpAsync(near, far, stop);
        var buffer = new byte[16384];
        while (await far.ReadAsync(buffer, stop) is var count and > 0)
        {
            // One character for each byte: what passes stays as long as it was.
            var text = Encoding.Latin1.GetString(buffer, 0, count);
            text = word is null ? text : text.Replace(word, instead, StringComparison.Ordinal);
            await near.WriteAsync(Encoding.Latin1.GetBytes(text), stop);
        }

        client.Client.Shutdown(SocketShutdown.Send);
        await up;
    }, end);

    /// <summary>What the client says, its end as well: some servers talk with one client at a time.</summary>
    static async Task UpAsync(NetworkStream near, NetworkStream far, CancellationToken stop)
    {
        await near.CopyToAsync(far, stop);
        far.Socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Where it listens.</summary>
    public int Port => _listener.Port;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
