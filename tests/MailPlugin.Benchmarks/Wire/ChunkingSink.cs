using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Benchmarks;

/// <summary>
/// A server that offers PIPELINING and CHUNKING and takes everything at once: what remains of a round trip is the link. Answers that belong to one packet leave in one.
/// </summary>
internal sealed class ChunkingSink : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;

    public ChunkingSink()
    {
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await socket.SendAsync("220 chunking.example ESMTP\r\n"u8.ToArray(), _stop.Token);
                var line = new List<byte>();
                var buffer = new byte[65536];
                var answers = new StringBuilder();
                var skip = 0;
                while (await socket.ReceiveAsync(buffer, _stop.Token) is var length and > 0)
                {
                    for (var i = 0; i < length; i++)
                    {
                        if (skip > 0)
                        {
                            var inside = Math.Min(skip, length - i);
                            skip -= inside;
                            i += inside - 1;
                        }
                        else if (buffer[i] == '\n')
                        {
                            skip = Answer(Encoding.ASCII.GetString([.. line]).TrimEnd('\r'), answers);
                            line.Clear();
                        }
                        else
                        {
                            line.Add(buffer[i]);
                        }
                    }

                    await socket.SendAsync(Encoding.ASCII.GetBytes(answers.ToString()), _stop.Token);
                    answers.Clear();
                }
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // The client has what it came for.
            }
        }
    }

    /// <summary>How many bytes of content follow.</summary>
    static int Answer(string line, StringBuilder answers)
    {
        var words = line.Split(' ');
        answers.Append(words[0] switch
        {
            "EHLO" => "250-chunking.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n",
            "QUIT" => "221 2.0.0 bye\r\n",
            _ => "250 2.0.0 ok\r\n",
        });
        return words[0] == "BDAT" ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;
    }
}
