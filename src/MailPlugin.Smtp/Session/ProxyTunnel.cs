using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>Asks a proxy for a tunnel to the relay, byte by byte where the answer has no length: what follows it is the relay's.</summary>
internal static class ProxyTunnel
{
    internal static Task OpenAsync(Stream stream, SmtpProxy proxy, string host, int port, CancellationToken cancellationToken)
        => proxy.Kind == SmtpProxyKind.Socks5
            ? Socks5Async(stream, proxy, host, port, cancellationToken)
            : HttpAsync(stream, proxy, host, port, cancellationToken);

    static async Task Socks5Async(Stream stream, SmtpProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        var signsIn = proxy.UserName is { Length: > 0 };
        await stream.WriteAsync(signsIn ? new byte[] { 5, 2, 0, 2 } : new byte[] { 5, 1, 0 }, cancellationToken).ConfigureAwait(false);
        var choice = await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false);
        if (choice[0] != 5)
        {
            throw Failed(SmtpProxyAnswer.NoProxy, "It does not speak SOCKS 5.");
        }

        switch (choice[1])
        {
            case 0:
                break;
            case 2 when signsIn:
                await Socks5LoginAsync(stream, proxy, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw Failed(SmtpProxyAnswer.LoginRefused, "It wants another way to log in.");
        }

        await stream.WriteAsync(Socks5Request(host, port), cancellationToken).ConfigureAwait(false);
        var head = await ReadAsync(stream, 4, cancellationToken).ConfigureAwait(false);
        if (head[0] != 5 || head[1] != 0)
        {
            throw head[0] != 5 ? Failed(SmtpProxyAnswer.NoProxy, "It does not speak SOCKS 5.") : Failed(Socks5Answer(head[1]), Socks5Reason(head[1]));
        }

        var length = head[3] switch
        {
            1 => 4,
            4 => 16,
            3 => (await ReadAsync(stream, 1, cancellationToken).ConfigureAwait(false))[0],
            _ => throw Failed(SmtpProxyAnswer.NoProxy, "Its answer is no SOCKS 5."),
        };
        await ReadAsync(stream, length + 2, cancellationToken).ConfigureAwait(false);
    }

    static async Task Socks5LoginAsync(Stream stream, SmtpProxy proxy, CancellationToken cancellationToken)
    {
        var user = Encoding.UTF8.GetBytes(proxy.UserName!);
        var password = Encoding.UTF8.GetBytes(proxy.Password?.Value ?? "");
        if (user.Length > 255 || password.Length > 255)
        {
            throw Failed(SmtpProxyAnswer.LoginRefused, "User name or password is too long for SOCKS 5.");
        }

        byte[] login = [1, (byte)user.Length, .. user, (byte)password.Length, .. password];
        await stream.WriteAsync(login, cancellationToken).ConfigureAwait(false);
        if ((await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false))[1] != 0)
        {
            throw Failed(SmtpProxyAnswer.LoginRefused, "It refused user name or password.");
        }
    }

    static byte[] Socks5Request(string host, int port)
    {
        byte[] target = IPAddress.TryParse(host, out var address)
            ? [(byte)(address.AddressFamily == AddressFamily.InterNetworkV6 ? 4 : 1), .. address.GetAddressBytes()]
            : Encoding.ASCII.GetBytes(new IdnMapping().GetAscii(host)) is { Length: <= 255 } name
                ? [3, (byte)name.Length, .. name]
                : throw Failed(SmtpProxyAnswer.Failed, "The relay's name is too long for SOCKS 5.");
        byte[] request = [5, 1, 0, .. target, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(request.Length - 2), (ushort)port);
        return request;
    }

    static SmtpProxyAnswer Socks5Answer(byte code) => code switch
    {
        2 => SmtpProxyAnswer.NotAllowed,
        3 or 4 or 5 or 6 => SmtpProxyAnswer.RelayUnreachable,
        _ => SmtpProxyAnswer.Failed,
    };

    static string Socks5Reason(byte code) => code switch
    {
        2 => "Its rules do not allow this.",
        3 => "The network cannot be reached from it.",
        4 => "The relay cannot be reached from it.",
        5 => "The relay refused its connection.",
        6 => "The relay did not answer it in time.",
        8 => "It does not know this kind of address.",
        _ => $"It answered with error {code}.",
    };

    static async Task HttpAsync(Stream stream, SmtpProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        var target = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{host}]:{port}"
            : $"{(address is null ? new IdnMapping().GetAscii(host) : host)}:{port}";
        var request = $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n";
        if (proxy.UserName is { Length: > 0 } user)
        {
            request += $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{proxy.Password?.Value}"))}\r\n";
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(request + "\r\n"), cancellationToken).ConfigureAwait(false);
        var answer = new List<byte>();
        while (answer.Count < 4 || !(answer[^1] == '\n' && (answer[^2] == '\n' || (answer[^2] == '\r' && answer[^3] == '\n'))))
        {
            if (answer.Count > 16 * 1024)
            {
                throw Failed(SmtpProxyAnswer.NoProxy, "Its answer is too long.");
            }

            answer.AddRange(await ReadAsync(stream, 1, cancellationToken).ConfigureAwait(false));
        }

        var text = Encoding.Latin1.GetString([.. answer]);
        var line = text[..text.IndexOf('\n', StringComparison.Ordinal)].TrimEnd('\r');
        var words = line.Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/", StringComparison.Ordinal))
        {
            throw Failed(SmtpProxyAnswer.NoProxy, $"It answered \"{ServerText.Clean(line)}\".");
        }

        if (words[1] is not ['2', _, _])
        {
            throw Failed(HttpAnswer(words[1]), $"It answered \"{ServerText.Clean(line)}\".");
        }
    }

    static SmtpProxyAnswer HttpAnswer(string status) => status switch
    {
        // Some say 401 where RFC 9110 15.5.8 has 407.
        "401" or "407" => SmtpProxyAnswer.LoginRefused,
        "403" or "405" => SmtpProxyAnswer.NotAllowed,
        "500" or "502" or "503" or "504" => SmtpProxyAnswer.RelayUnreachable,
        "400" or "404" or "501" => SmtpProxyAnswer.NoProxy,
        _ => SmtpProxyAnswer.Failed,
    };

    static async Task<byte[]> ReadAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        try
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw Failed(SmtpProxyAnswer.Failed, "It closed the connection.");
        }

        return bytes;
    }

    static SmtpException Failed(SmtpProxyAnswer answer, string reason)
        => new(SmtpStage.Connect, SmtpFault.ProxyFailed, $"The proxy could not be used. {reason}") { ProxyAnswer = answer };
}
