using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailPlugin.Smtp.Tests;

/// <summary>A server on a free port of the loopback that does what a test says, once for each connection.</summary>
sealed class FakeServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    readonly ConcurrentBag<Task> _conversations = [];
    readonly Task _accepting;
    int _connections;

    internal FakeServer(Func<FakeConversation, Task> script)
    {
        _listener.Start();
        _accepting = AcceptAsync(script);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal int Connections => _connections;

    internal ConcurrentQueue<Exception> Faults { get; } = [];

    internal SmtpRelay Relay => new()
    {
        Host = "localhost",
        Port = Port,
        Security = SmtpSecurity.None,
        EhloName = "client.test",
        Timeouts = new SmtpTimeouts
        {
            Connect = TimeSpan.FromSeconds(20),
            Tls = TimeSpan.FromSeconds(20),
            Greeting = TimeSpan.FromSeconds(20),
            Command = TimeSpan.FromSeconds(20),
            ContentBlock = TimeSpan.FromSeconds(20),
            FinalReply = TimeSpan.FromSeconds(20),
        },
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_conversations);
        _stop.Dispose();
    }

    /// <summary>Waits for the scripts to end by themselves, and fails with what they failed with.</summary>
    internal async Task FinishAsync()
    {
        foreach (var conversation in _conversations)
        {
            await conversation.WaitAsync(TimeSpan.FromSeconds(30));
        }

        if (!Faults.IsEmpty)
        {
            throw new AggregateException(Faults);
        }
    }

    async Task AcceptAsync(Func<FakeConversation, Task> script)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _conversations.Add(ServeAsync(socket, Interlocked.Increment(ref _connections), script));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    async Task ServeAsync(Socket socket, int number, Func<FakeConversation, Task> script)
    {
        await Task.Yield();
        socket.NoDelay = true;
        await using var conversation = new FakeConversation(socket, number, _stop.Token);
        try
        {
            await script(conversation);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or EndOfStreamException)
        {
            // The client left; the test judges by what the client says.
        }
        catch (Exception exception)
        {
            Faults.Enqueue(exception);
        }
    }
}

/// <summary>The server's side of one connection.</summary>
sealed class FakeConversation(Socket socket, int number, CancellationToken stop) : IAsyncDisposable
{
    Stream _stream = new NetworkStream(socket, ownsSocket: true);
    byte[] _buffer = new byte[64 * 1024];
    int _start;
    int _end;

    internal int Number => number;

    internal CancellationToken Stop => stop;

    internal bool HasBuffered => _end > _start;

    /// <summary>Null at the end of the connection.</summary>
    internal async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            if (!await FillAsync())
            {
                return null;
            }
        }
    }

    internal async Task<byte[]> ReadBytesAsync(int count)
    {
        while (_end - _start < count)
        {
            if (!await FillAsync())
            {
                throw new EndOfStreamException();
            }
        }

        var bytes = _buffer.AsSpan(_start, count).ToArray();
        _start += count;
        return bytes;
    }

    /// <summary>Content as DATA brings it, the dots taken out again.</summary>
    internal async Task<string> ReadContentAsync()
    {
        var content = new StringBuilder();
        while (true)
        {
            var line = await ReadLineAsync() ?? throw new EndOfStreamException();
            if (line == ".")
            {
                return content.ToString();
            }

            content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
    }

    internal async Task ExpectAsync(params string[] lines)
    {
        foreach (var expected in lines)
        {
            var line = await ReadLineAsync() ?? throw new EndOfStreamException();
            Assert.Equal(expected, line);
        }
    }

    internal Task SayAsync(params string[] lines) => WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))));

    internal async Task WriteAsync(byte[] bytes) => await _stream.WriteAsync(bytes, stop);

    internal async Task<SslStream> StartTlsAsync(X509Certificate2 certificate, bool wantsClientCertificate = false)
    {
        Assert.False(HasBuffered);
        var tls = new SslStream(_stream, false, static (_, _, _, errors) => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch));
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = wantsClientCertificate,
        }, stop);
        _stream = tls;
        return tls;
    }

    /// <summary>Greets and answers EHLO.</summary>
    internal async Task GreetAsync(params string[] capabilities)
    {
        await SayAsync("220 fake ESMTP");
        await AnswerEhloAsync(capabilities);
    }

    internal async Task AnswerEhloAsync(params string[] capabilities)
    {
        await ExpectAsync("EHLO client.test");
        string[] all = ["fake", .. capabilities];
        await SayAsync([.. all.Select((line, i) => $"250{(i < all.Length - 1 ? '-' : ' ')}{line}")]);
    }

    /// <summary>Waits until the client is gone.</summary>
    internal async Task StallAsync()
    {
        try
        {
            while (await FillAsync())
            {
                _start = _end = 0;
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Ends the connection with a reset: what the client has not read is lost to it.</summary>
    internal void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    async Task<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = await _stream.ReadAsync(_buffer.AsMemory(_end), stop);
        _end += count;
        return count > 0;
    }
}
