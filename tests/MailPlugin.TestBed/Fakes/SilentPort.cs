namespace MailPlugin.TestBed;

/// <summary>A port that accepts and then says nothing, or only what it is given to say: no SMTP server.</summary>
public sealed class SilentPort : IAsyncDisposable
{
    readonly Listener _listener;
    int _connections;

    /// <summary>Opens one; <paramref name="says"/> is sent to everybody who connects.</summary>
    public SilentPort(string says = "") => _listener = new Listener(async (client, stop) =>
    {
        Interlocked.Increment(ref _connections);
        await client.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(says), stop);
        var buffer = new byte[4096];
        while (await client.GetStream().ReadAsync(buffer, stop) > 0)
        {
        }
    });

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary>How often somebody connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
