using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>Stands between a client and a server and writes over what the server says, letter for letter, as some firewalls do with STARTTLS.</summary>
public sealed class MeddlingFirewall : IAsyncDisposable
{
    readonly Listener _listener;

    /// <param name="target">The server's port.</param>
    /// <param name="word">What it writes over.</param>
    /// <param name="instead">What it writes; as long as the word.</param>
    public MeddlingFirewall(int target, string word, string instead) => _listener = new Listener(async (client, stop) =>
    {
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, target, stop);
        var up = client.GetStream().CopyToAsync(server.GetStream(), stop);
        var buffer = new byte[16384];
        while (await server.GetStream().ReadAsync(buffer, stop) is var count and > 0)
        {
            // One character for each byte: what passes stays as long as it was.
            var text = Encoding.Latin1.GetString(buffer, 0, count).Replace(word, instead, StringComparison.Ordinal);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), stop);
        }

        client.Client.Shutdown(SocketShutdown.Send);
        await up;
    });

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
