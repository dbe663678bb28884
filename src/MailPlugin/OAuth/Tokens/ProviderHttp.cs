using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MailPlugin.Security.Outbound;

namespace MailPlugin.OAuth.Tokens;

/// <summary>
/// The connections to providers: https alone, verified, by the outbound policy as relays are, no redirects (a secret would follow them), no cookies, and an end to
/// every wait and every answer.
/// </summary>
internal sealed class ProviderHttp(OutboundPolicy policy) : IDisposable
{
    const int MaxAnswer = 64 * 1024;
    const int Https = 443;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    /// <param name="caPem">Authorities in place of the system's; null: the system's.</param>
    public HttpClient ClientFor(string? caPem) => _clients.GetOrAdd(caPem ?? "", Create);

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    HttpClient Create(string caPem)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 16,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(policy, context.DnsEndPoint, cancellationToken),
            SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateChainPolicy = PolicyOf(caPem) },
        };
        return new(handler) { Timeout = Longest, MaxResponseContentBufferSize = MaxAnswer };
    }

    static X509ChainPolicy PolicyOf(string caPem)
    {
        // A stranger's certificate must not make this machine fetch from an address of the stranger's choice.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (caPem.Length > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPem(caPem);
        }

        return policy;
    }

    /// <summary>Asked for the address that is connected to, so that no name leads where an address may not.</summary>
    static async ValueTask<Stream> ConnectAsync(OutboundPolicy policy, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        // The policy's ports are those of relays: https has its own.
        var allowed = target.Port == Https || policy.AllowsPort(target.Port) ? addresses.Where(policy.Allows).ToList() : [];
        if (allowed.Count == 0)
        {
            throw new DestinationForbiddenException($"The host's outbound policy does not allow {target.Host}, port {target.Port}.");
        }

        Exception? last = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, target.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException fault)
            {
                socket.Dispose();
                last = fault;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last!;
    }
}

/// <summary>The outbound policy rules an address out.</summary>
internal sealed class DestinationForbiddenException(string message) : IOException(message);
