using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Tests.Diagnostics.Doctor;

/// <summary>A relay at an address and port of the test's choice that takes everything, and may be slow to greet.</summary>
internal sealed class RelayAt : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;
    int _connections;

    public RelayAt(string address, int port, TimeSpan? late = null)
    {
        _listener = new(IPAddress.Parse(address), port);
        _listener.Start();
        _loop = AcceptAsync(late ?? TimeSpan.Zero);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    async Task AcceptAsync(TimeSpan late)
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                talks.Add(TalkAsync(client, late));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    async Task TalkAsync(TcpClient client, TimeSpan late)
    {
        using (client)
        {
            try
            {
                await Task.Delay(late, _stop.Token);
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await SayAsync("220 relay.example ESMTP");
                var inContent = false;
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    if (inContent && line != ".")
                    {
                        continue;
                    }

                    inContent = line == "DATA";
                    await SayAsync(line switch
                    {
                        "DATA" => "354 go ahead",
                        "QUIT" => "221 bye",
                        _ when line.StartsWith("EHLO ", StringComparison.Ordinal) => "250 relay.example",
                        _ => "250 ok",
                    });
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The other side went away, or the test is over.
            }

            async Task SayAsync(string line) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), _stop.Token);
        }
    }
}
