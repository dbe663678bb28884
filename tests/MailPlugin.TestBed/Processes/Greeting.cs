using System.Net;
using System.Net.Sockets;

namespace MailPlugin.TestBed;

/// <summary>Whether an SMTP server answers: a server is started when it greets, not when its port is open.</summary>
static class Greeting
{
    public static async Task<bool> HeardAsync(int port, TimeSpan timeout)
    {
        using var patience = new CancellationTokenSource(timeout);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
            var buffer = new byte[512];
            var count = await socket.ReceiveAsync(buffer, patience.Token);
            if (count < 3 || !buffer.AsSpan(0, 3).SequenceEqual("220"u8))
            {
                return false;
            }

            // Read to the end, so that the server sees a sentence ended and not a connection lost.
            await socket.SendAsync("QUIT\r\n"u8.ToArray(), patience.Token);
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }

            return true;
        }
        catch (Exception silence) when (silence is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
