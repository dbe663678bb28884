using System.Net;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>A port that accepts and then says nothing, or only what it is given to say: no SMTP server.</summary>
public sealed class SilentPort : IAsyncDisposable
{
    readonly Listener _listener;
    int _connections;
    int _open;

    /// <summary>Opens one; <paramref name="says"/> is sent to everybody who connects.</summary>
    /// <param name="says">One character for each byte.</param>
    /// <param name="end">Where; null takes 127.0.0.1 and a free port.</param>
    public SilentPort(string says = "", IPEndPoint? end = null) => _listener = new Listener(async (client, stop) =>
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _open);
        try
        {
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(says), stop);
            var buffer = new byte[4096];
            while (await client.GetStream().ReadAsync(buffer, stop) > 0)
            {
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }, end);

    /// <summary>Where it listens.</summary>
    public int Port => _listener.Port;

    /// <summary>How many clients are connected.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How often somebody connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
