using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Benchmarks;

/// <summary>
/// A socket and nothing else: the limit that the client is measured against. It sends what the client sends, the next transaction with its RSET behind each
/// content, and looks at nothing but the number of reply lines.
/// </summary>
internal static class RawLoop
{
    const int RepliesToAll = 5;

    /// <summary>With blocking calls, which cost the least.</summary>
    public static Task<int> RunAsync(int port, int count, byte[] message) => Task.Factory.StartNew(() => Run(port, count, message), TaskCreationOptions.LongRunning);

    /// <summary>With asynchronous calls, which is how a client in a server has to wait.</summary>
    public static async Task<int> RunAsynchronouslyAsync(int port, int count, byte[] message)
    {
        using var socket = Open(port);
        var (first, flight, last) = Flights(message);
        var buffer = new byte[4096];
        await socket.SendAsync(first);
        await ReadAsync(4 - 1);
        for (var sent = 1; sent < count; sent++)
        {
            await socket.SendAsync(flight);
            await ReadAsync(RepliesToAll);
        }

        await socket.SendAsync(last);
        await ReadAsync(1);
        return count;

        async ValueTask ReadAsync(int lines)
        {
            while (lines > 0)
            {
                var length = await socket.ReceiveAsync(buffer);
                lines -= Lines(buffer, length);
            }
        }
    }

    static int Run(int port, int count, byte[] message)
    {
        using var socket = Open(port);
        var (first, flight, last) = Flights(message);
        var buffer = new byte[4096];
        socket.Send(first);
        Read(4 - 1);
        for (var sent = 1; sent < count; sent++)
        {
            socket.Send(flight);
            Read(RepliesToAll);
        }

        socket.Send(last);
        Read(1);
        return count;

        void Read(int lines)
        {
            while (lines > 0)
            {
                var length = socket.Receive(buffer);
                lines -= Lines(buffer, length);
            }
        }
    }

    static (byte[] First, byte[] Flight, byte[] Last) Flights(byte[] message)
    {
        var envelope = Encoding.ASCII.GetBytes($"MAIL FROM:<{LoadMail.Sender}>\r\nRCPT TO:<{LoadMail.Recipient}>\r\nDATA\r\n");
        return (envelope, [.. message, .. ".\r\nRSET\r\n"u8, .. envelope], [.. message, .. ".\r\n"u8]);
    }

    static Socket Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var buffer = new byte[4096];
        _ = socket.Receive(buffer);
        socket.Send("EHLO bench.example\r\n"u8);

        // smtp-sink says the whole answer at once.
        _ = socket.Receive(buffer);
        return socket;
    }

    static int Lines(byte[] buffer, int length)
    {
        if (length == 0)
        {
            throw new InvalidOperationException("The server hung up.");
        }

        if (buffer[0] is not ((byte)'2' or (byte)'3'))
        {
            throw new InvalidOperationException($"The server refused: {Encoding.ASCII.GetString(buffer, 0, length)}");
        }

        return buffer.AsSpan(0, length).Count((byte)'\n');
    }
}
