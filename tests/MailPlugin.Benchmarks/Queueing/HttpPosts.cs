using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Benchmarks;

/// <summary>
/// A load generator for HTTP/1.1 that costs next to nothing, because it shares the machine with what it measures: one prepared request, connections that are kept, the answer's
/// first line looked at.
/// </summary>
internal static class HttpPosts
{
    /// <summary>Posts the same body so many times over so many connections. Every answer has to be the expected one.</summary>
    public static async Task RunAsync(int port, string path, string key, string body, int count, int connections, int expected = 202)
    {
        var request = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var socket = await ConnectAsync(port);
            var buffer = new byte[65536];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await socket.SendAsync(request);
                var status = await ReadAnswerAsync(socket, buffer);
                if (status != expected)
                {
                    throw new InvalidOperationException($"{path} answered {status}: {Encoding.UTF8.GetString(buffer).TrimEnd('\0')}");
                }
            }
        })));
    }

    /// <summary>Whether somebody answers 200 at the root.</summary>
    public static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var socket = await ConnectAsync(port);
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray());
            return await ReadAnswerAsync(socket, new byte[65536]) == 200;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads one whole answer, its body by length or in chunks, and gives its status.</summary>
    static async Task<int> ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        var read = 0;
        while (read < buffer.Length)
        {
            var length = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (length == 0)
            {
                throw new InvalidOperationException("The host hung up.");
            }

            read += length;
            if (IsWhole(buffer.AsSpan(0, read)))
            {
                return int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("The answer is longer than expected.");
    }

    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            return head.IndexOf("Transfer-Encoding: chunked"u8) < 0 || answer.EndsWith("0\r\n\r\n"u8);
        }

        var digits = head[(at + 16)..];
        var line = digits.IndexOf((byte)'\r');
        var length = int.Parse(line < 0 ? digits : digits[..line], CultureInfo.InvariantCulture);
        return answer.Length >= end + 4 + length;
    }
}
