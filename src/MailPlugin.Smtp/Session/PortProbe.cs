using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace MailPlugin.Smtp;

/// <summary>
/// A port took the connection and says nothing: a second connection finds out whether it waits for TLS, and whether SMTP is in it, or whether something else listens there.
/// Nothing of a message or a login is ever said on it.
/// </summary>
internal static class PortProbe
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static async Task<SmtpEvent.Overheard> LookAsync(IPEndPoint port, SmtpRelay relay, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var socket = new Socket(port.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(port, either.Token).ConfigureAwait(false);
            return await LookAsync(new NetworkStream(socket), relay, time, patience, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return new(SmtpPortSpeech.Silence, "");
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "Nothing is sent: the connection is closed whatever the answer is.")]
    static async Task<SmtpEvent.Overheard> LookAsync(Stream connection, SmtpRelay relay, TimeProvider time, CancellationTokenSource patience, CancellationToken cancellationToken)
    {
        var check = new CertificateCheck(relay, time);
        var watched = new FirstBytesStream(connection);
        var tls = new SslStream(watched, leaveInnerStreamOpen: false);
        await using (tls.ConfigureAwait(false))
        {
            try
            {
                var options = TlsUpgrade.Options(relay, check, opportunistic: true, certificateAsked: null);
                await tls.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                return new(PortSpeech.Of(watched.Seen), watched.LookLikeTls ? "" : PortSpeech.TextOf(watched.Seen));
            }

            var (speech, text) = await ListenAsync(tls, patience, cancellationToken).ConfigureAwait(false);
            return new(speech, text, check.Seen);
        }
    }

    /// <summary>A mail server greets. A web server waits; a word that no protocol knows makes it complain.</summary>
    static async Task<(SmtpPortSpeech, string)> ListenAsync(SslStream tls, CancellationTokenSource patience, CancellationToken cancellationToken)
    {
        var first = new byte[512];
        patience.CancelAfter(Patience);
        var greeting = tls.ReadAsync(first, cancellationToken).AsTask();
        try
        {
            if (await Task.WhenAny(greeting, Task.Delay(Patience / 2, cancellationToken)).ConfigureAwait(false) != greeting)
            {
                await tls.WriteAsync("QUIT\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            }

            var count = await greeting.ConfigureAwait(false);
            var speech = PortSpeech.Of(first.AsSpan(0, count));
            return (speech switch
            {
                SmtpPortSpeech.Smtp => SmtpPortSpeech.SmtpOverTls,
                SmtpPortSpeech.Silence => SmtpPortSpeech.Tls,
                _ => speech,
            }, PortSpeech.TextOf(first.AsSpan(0, count)));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return (SmtpPortSpeech.Tls, "");
        }
    }
}
