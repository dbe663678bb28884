using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace MailPlugin.TestBed;

/// <summary>
/// A relay that takes tokens alone, by XOAUTH2 and OAUTHBEARER (its server side is written from RFC 7628), over implicit TLS. A token that it does not take it answers as the
/// RFC says: a challenge with JSON, then 535.
/// </summary>
public sealed partial class TokenRelay : IAsyncDisposable
{
    readonly Listener _listener;
    readonly Func<string, bool> _takes;
    readonly string _mechanisms;
    readonly ConcurrentQueue<string> _lines = new();
    readonly ConcurrentQueue<(string Mechanism, string User, string Token)> _logins = new();
    readonly ConcurrentQueue<string> _messages = new();

    /// <param name="takes">Whether a token is good.</param>
    /// <param name="mechanisms">Those offered.</param>
    public TokenRelay(Func<string, bool> takes, string mechanisms = "XOAUTH2 OAUTHBEARER")
    {
        (_takes, _mechanisms) = (takes, mechanisms);
        _listener = new Listener(ServeAsync);
    }

    public int Port => _listener.Port;

    public IReadOnlyList<(string Mechanism, string User, string Token)> Logins => [.. _logins];

    public IReadOnlyList<string> Messages => [.. _messages];

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = TestCertificates.Shared.Server.Certificate }, stop);
        var wire = new Wire(tls, _lines, stop);
        var isIn = false;
        await wire.SayAsync("220 token.example ESMTP");
        while (await wire.HearAsync() is { } line)
        {
            var words = line.Split(' ', 3);
            switch (words[0].ToUpperInvariant())
            {
                case "EHLO":
                    await wire.SayAsync($"250-token.example\r\n250-8BITMIME\r\n250 AUTH {_mechanisms}");
                    break;
                case "AUTH":
                    isIn = await SignInAsync(wire, words);
                    break;
                case "MAIL" when !isIn:
                    await wire.SayAsync("530 5.7.0 Authentication needed");
                    break;
                case "DATA":
                    await wire.SayAsync("354 go ahead");
                    await TakeAsync(wire);
                    break;
                case "QUIT":
                    await wire.SayAsync("221 bye");
                    return;
                default:
                    await wire.SayAsync("250 ok");
                    break;
            }
        }
    }

    async Task<bool> SignInAsync(Wire wire, string[] words)
    {
        var initial = words.Length > 2 ? words[2] : await wire.AskAsync("");
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(initial));
        var match = words[1].Equals("OAUTHBEARER", StringComparison.OrdinalIgnoreCase) ? Bearer().Match(text) : XOAuth2().Match(text);
        if (!match.Success)
        {
            await wire.SayAsync("501 5.5.4 That is no response of this mechanism");
            return false;
        }

        var (user, token) = (match.Groups["user"].Value.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal), match.Groups["token"].Value);
        _logins.Enqueue((words[1].ToUpperInvariant(), user, token));
        if (_takes(token))
        {
            await wire.SayAsync("235 2.7.0 welcome");
            return true;
        }

        await wire.AskAsync(Convert.ToBase64String("""{"status":"invalid_token","schemes":"bearer","scope":"mail.send"}"""u8));
        await wire.SayAsync("535 5.7.8 The token is not valid");
        return false;
    }

    async Task TakeAsync(Wire wire)
    {
        if (await wire.HearMessageAsync() is { } message)
        {
            _messages.Enqueue(message);
            await wire.SayAsync("250 2.0.0 taken");
        }
    }

    // RFC 7628 3.1: gs2-header kvsep *(key "=" value kvsep) kvsep.
    [GeneratedRegex("\\An,(a=(?<user>[^,\u0001]*)),\u0001host=[^\u0001]+\u0001port=[0-9]+\u0001auth=Bearer (?<token>[!-~]+)\u0001\u0001\\z")]
    private static partial Regex Bearer();

    [GeneratedRegex("\\Auser=(?<user>[^\u0001]*)\u0001auth=Bearer (?<token>[!-~]+)\u0001\u0001\\z")]
    private static partial Regex XOAuth2();
}
