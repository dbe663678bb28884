using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Host.Tests.Guest;

/// <summary>Writes a request to a socket and reads every byte of the answer: no client library tidies anything up.</summary>
internal static class RawHttp
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The answer, one character a byte.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, patience.Token);
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>A request of HTTP/1.1 that asks for the connection to be closed; the body's length is added.</summary>
    public static string Request(string line, string headers = "", string? body = null)
    {
        // With a trace given, the identifier in problem details is random in its second half only.
        var text = new StringBuilder($"{line} HTTP/1.1\r\nHost: their.example\r\nConnection: close\r\n")
            .Append("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00\r\n");
        foreach (var header in headers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            text.Append(header).Append("\r\n");
        }

        return body is null
            ? text.Append("\r\n").ToString()
            : text.Append("Content-Length: ").Append(Encoding.Latin1.GetByteCount(body)).Append("\r\n\r\n").Append(body).ToString();
    }
}
