using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailPlugin.TestBed.Tests;

/// <summary>A client that says what it is told and returns what it hears, so that the servers are tested without the product.</summary>
sealed class Dialogue : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    readonly TcpClient _client;
    Stream _stream;

    Dialogue(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<Dialogue> OpenAsync(int port, bool tls = false)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port).WaitAsync(Patience);
        var dialogue = new Dialogue(client);
        if (tls)
        {
            await dialogue.SecureAsync();
        }

        return dialogue;
    }

    public X509Certificate2? Shown { get; private set; }

    public SslPolicyErrors Faults { get; private set; }

    /// <summary>Switches to TLS; the test authority is the only one trusted.</summary>
    public async Task SecureAsync()
    {
        var tls = new SslStream(_stream);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(TestCertificates.Shared.Authority);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, _, faults) =>
            {
                Shown = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
                Faults = faults;
                return faults != SslPolicyErrors.RemoteCertificateNotAvailable;
            },
        }).WaitAsync(Patience);
        _stream = tls;
    }

    /// <summary>Sends a command and returns the whole reply.</summary>
    public async Task<string> SayAsync(string command)
    {
        await SendAsync(command + "\r\n");
        return await HearAsync();
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().WaitAsync(Patience);

    /// <summary>Reads one reply, all its lines; what is there when the server closes.</summary>
    public async Task<string> HearAsync()
    {
        var reply = new StringBuilder();
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _stream.ReadAsync(one).AsTask().WaitAsync(Patience) == 1)
        {
            line.Append((char)one[0]);
            if (one[0] != '\n')
            {
                continue;
            }

            reply.Append(line);
            if (line.Length < 4 || line[3] != '-')
            {
                break;
            }

            line.Clear();
        }

        return reply.ToString();
    }

    /// <summary>A whole transaction, in lock-step; returns the last reply.</summary>
    public async Task<string> SubmitAsync(string content, string sender, params string[] recipients)
    {
        Assert.StartsWith("250", await SayAsync($"MAIL FROM:<{sender}>"), StringComparison.Ordinal);
        foreach (var recipient in recipients)
        {
            Assert.StartsWith("250", await SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        }

        Assert.StartsWith("354", await SayAsync("DATA"), StringComparison.Ordinal);
        await SendAsync(content);
        return await SayAsync(".");
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }
}
