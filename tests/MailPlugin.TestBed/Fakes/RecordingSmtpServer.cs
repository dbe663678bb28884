using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>
/// An SMTP server that believes everybody and writes down what it is sent: it shows whether a secret goes to a server it was not meant for.
/// PLAIN, LOGIN, CRAM-MD5 and XOAUTH2; STARTTLS, or TLS from the start. Lock-step and without extensions: it is no judge of protocol.
/// </summary>
public sealed class RecordingSmtpServer : IAsyncDisposable
{
    readonly Listener _listener;
    readonly ServerCertificate _certificate;
    readonly bool _implicitTls;
    readonly bool _startTls;
    readonly ConcurrentQueue<RecordedLogin> _logins = new();
    readonly ConcurrentQueue<string> _lines = new();
    readonly ConcurrentQueue<string> _messages = new();
    int _connections;

    public RecordingSmtpServer(bool implicitTls = false, bool startTls = true, ServerCertificate? certificate = null)
    {
        _implicitTls = implicitTls;
        _startTls = startTls && !implicitTls;
        _certificate = certificate ?? TestCertificates.Shared.Server;
        _listener = new Listener(ServeAsync);
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary>What is said to a command instead of the usual; null: the usual.</summary>
    public Func<string, string?>? Answer { get; init; }

    /// <summary>How often somebody connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Every login, in order.</summary>
    public IReadOnlyList<RecordedLogin> Logins => [.. _logins];

    /// <summary>Every line it was sent, TLS already taken off, content among them.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Every message it took, dots unstuffed, lines ending in CRLF.</summary>
    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>Whether a text, such as a password, was sent here: as it is, in Base64, or inside a decoded login.</summary>
    public bool WasSent(string secret) =>
        _lines.Any(line => line.Contains(secret, StringComparison.Ordinal) || line.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal))
        || _logins.Any(login => login.Response.Contains(secret, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        Interlocked.Increment(ref _connections);
        Stream stream = client.GetStream();
        var tls = _implicitTls;
        if (tls)
        {
            stream = await SecureAsync(stream, stop);
        }

        var wire = new Wire(stream, _lines, stop);
        await wire.SayAsync("220 recording.example ESMTP");
        while (await wire.HearAsync() is { } line)
        {
            if (Answer?.Invoke(line) is { } answer)
            {
                await wire.SayAsync(answer);
                continue;
            }

            var words = line.Split(' ', 3);
            switch (words[0].ToUpperInvariant())
            {
                case "EHLO":
                    await wire.SayAsync($"250-recording.example\r\n{(_startTls && !tls ? "250-STARTTLS\r\n" : "")}250-8BITMIME\r\n250 AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2");
                    break;
                case "STARTTLS" when _startTls && !tls:
                    await wire.SayAsync("220 go ahead");
                    wire = new Wire(await SecureAsync(stream, stop), _lines, stop);
                    tls = true;
                    break;
                case "AUTH" when words.Length > 1:
                    await SignInAsync(wire, words[1].ToUpperInvariant(), words.ElementAtOrDefault(2), tls);
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

    async Task SignInAsync(Wire wire, string mechanism, string? initial, bool tls)
    {
        switch (mechanism)
        {
            case "LOGIN":
                var user = Decode(initial ?? await wire.AskAsync("VXNlcm5hbWU6"));
                var password = Decode(await wire.AskAsync("UGFzc3dvcmQ6"));
                _logins.Enqueue(new RecordedLogin(mechanism, user, password, $"{user} {password}", tls));
                break;
            case "PLAIN":
                var response = Decode(initial ?? await wire.AskAsync(""));
                var parts = response.Split('\0');
                _logins.Enqueue(new RecordedLogin(mechanism, parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2), response, tls));
                break;
            case "CRAM-MD5":
                var digest = Decode(await wire.AskAsync(Convert.ToBase64String("<1.2@recording.example>"u8)));
                _logins.Enqueue(new RecordedLogin(mechanism, digest.Split(' ')[0], null, digest, tls));
                break;
            default:
                var token = Decode(initial ?? await wire.AskAsync(""));
                _logins.Enqueue(new RecordedLogin(mechanism, null, null, token, tls));
                break;
        }

        await wire.SayAsync("235 2.7.0 welcome");
    }

    async Task TakeAsync(Wire wire)
    {
        if (await wire.HearMessageAsync() is { } message)
        {
            _messages.Enqueue(message);
            await wire.SayAsync("250 2.0.0 recorded");
        }
    }

    async Task<Stream> SecureAsync(Stream stream, CancellationToken stop)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate.Certificate }, stop);
        return tls;
    }

    static string Decode(string base64)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            return base64;
        }
    }
}
