using System.Net;
using System.Net.Sockets;

namespace MailPlugin.TestBed;

/// <summary>Whether an SMTP server answers: a server is started when it greets, not when its port is open.</summary>
static class Greeting
{
    public static async Task<bool> WaitAsync(int port, TimeSpan timeout)
    {
        using var patience = new CancellationTokenSource(timeout);
        while (!patience.IsCancellationRequested)
        {
            try
            {
                if (await GreetsAsync(port, patience.Token))
                {
                    return true;
                }

                await Task.Delay(10, patience.Token);
            }
            catch (SocketException)
            {
                await Task.Delay(10, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return false;
    }

    static async Task<bool> GreetsAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
        var buffer = new byte[512];
        var count = await socket.ReceiveAsync(buffer, cancellation);
        if (count < 3 || !buffer.AsSpan(0, 3).SequenceEqual("220"u8))
        {
            return false;
        }

        // Read to the end, so that the server sees a sentence ended and not a connection lost.
        await socket.SendAsync("QUIT\r\n"u8.ToArray(), cancellation);
        while (await socket.ReceiveAsync(buffer, cancellation) > 0)
        {
        }

        return true;
    }
}
