using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.Smtp;

/// <summary>Turns a plain connection into a TLS one, and tells a refused certificate, a failed handshake and plain text apart.</summary>
internal static class TlsUpgrade
{
    internal static async Task<SmtpTlsInfo> RunAsync(
        SmtpStream stream, SmtpRelay relay, bool opportunistic, Deadline deadline, TimeProvider time, TranscriptWriter transcript)
    {
        var check = new CertificateCheck(relay, time);
        var options = Options(relay, check, opportunistic, () => transcript.Tell(new SmtpEvent.ClientCertificateAsked()));
        var watched = new FirstBytesStream(stream.Inner);
        var tls = new SslStream(watched, leaveInnerStreamOpen: false);
        deadline.Arm(relay.Timeouts.Tls);
        try
        {
            await tls.AuthenticateAsClientAsync(options, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            TellOf(check, transcript);
            TellOf(watched, transcript);
            throw Explain(exception, watched, check, opportunistic, deadline);
        }

        deadline.Disarm();
        watched.StopWatching();
        stream.Replace(tls);
        TellOf(check, transcript);
        var info = new SmtpTlsInfo(tls.SslProtocol, tls.NegotiatedCipherSuite, check.Seen);
        transcript.Tell(new SmtpEvent.Secured(info));
        return info;
    }

    static void TellOf(CertificateCheck check, TranscriptWriter transcript)
    {
        if (check.Seen.Sha256.Length == 0)
        {
            return;
        }

        transcript.Tell(new SmtpEvent.CertificateJudged(check.Seen, check.Chain));
        foreach (var link in transcript.IsOn ? check.Chain : [])
        {
            var problems = link.Problems.Count > 0 ? $"; {string.Join(", ", link.Problems)}" : "";
            transcript.Info(string.Create(CultureInfo.InvariantCulture,
                $"Certificate of {link.Subject}, issued by {link.Issuer}, {link.NotBefore:yyyy-MM-dd} to {link.NotAfter:yyyy-MM-dd}, SHA-256 {link.Sha256}{problems}"));
        }
    }

    static void TellOf(FirstBytesStream watched, TranscriptWriter transcript)
    {
        if (watched.HasSeen && !watched.LookLikeTls)
        {
            transcript.Tell(new SmtpEvent.Overheard(PortSpeech.Of(watched.Seen), PortSpeech.TextOf(watched.Seen)));
        }

        transcript.Tell(new SmtpEvent.HandshakeFailed(watched.Alert, watched.Version));
    }

    /// <summary>Whether something that stayed silent answers a TLS handshake: then the port speaks TLS from the first byte.</summary>
    [SuppressMessage("Security", "CA5359", Justification = "Nothing is sent: the connection is closed whatever the answer is.")]
    internal static async Task<bool> AnswersAsync(Stream connection, string host, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
        var watched = new FirstBytesStream(connection);
        var tls = new SslStream(watched, leaveInnerStreamOpen: false, static (_, _, _, _) => true);

        // For a stranger's certificate nothing is fetched here either.
        var options = new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = CertificateCheck.ChainPolicy(SmtpCertificateTrust.System) };
        await using (tls.ConfigureAwait(false))
        {
            try
            {
                await tls.AuthenticateAsClientAsync(options, patience.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception)
            {
                return watched.LookLikeTls;
            }
        }
    }

    internal static SslClientAuthenticationOptions Options(SmtpRelay relay, CertificateCheck check, bool opportunistic, Action? certificateAsked)
    {
        X509ChainPolicy policy;
        try
        {
            policy = CertificateCheck.ChainPolicy(relay.CertificateTrust);
        }
        catch (CryptographicException exception)
        {
            throw new SmtpException(SmtpStage.Tls, SmtpFault.CertificateRejected, "The certification authority to trust is no certificate in PEM.", cause: exception);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = relay.Host,
            EnabledSslProtocols = relay.MinimumTls == SmtpMinimumTls.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            ClientCertificates = relay.ClientCertificate is { } own ? [own] : null,
            LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
            {
                // The first call, before anything was said, has no certificate of the server's.
                if (remote is not null)
                {
                    certificateAsked?.Invoke();
                }

                return relay.ClientCertificate!;
            },
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => check.Judge(certificate, chain, errors) || opportunistic,
        };
    }

    static SmtpException Explain(Exception exception, FirstBytesStream watched, CertificateCheck check, bool opportunistic, Deadline deadline)
    {
        if (exception is OperationCanceledException)
        {
            var broken = deadline.Explain(exception, whileWriting: false);
            return new SmtpException(SmtpStage.Tls, broken.Fault, "The TLS handshake was not finished in time.", cause: exception);
        }

        if (watched.LookLikePlainText)
        {
            return new SmtpException(
                SmtpStage.Tls, SmtpFault.PlainTextExpected, "The server speaks plain text on this port: use STARTTLS, or the port for TLS.", cause: exception);
        }

        if (watched.HasSeen && !watched.LookLikeTls)
        {
            return new SmtpException(
                SmtpStage.Tls, SmtpFault.ProtocolViolation, $"The server speaks neither TLS nor SMTP: \"{PortSpeech.TextOf(watched.Seen)}\".", cause: exception);
        }

        if (!opportunistic && exception is AuthenticationException && check.Seen is { Sha256.Length: > 0, Problem: not null } refused)
        {
            return new SmtpException(SmtpStage.Tls, SmtpFault.CertificateRejected, refused.Detail!, certificate: refused, cause: exception);
        }

        // The innermost has the words of the TLS library: which alert came, which version was met.
        var reason = ServerText.Clean(exception.GetBaseException().Message);
        return exception is IOException && !watched.HasSeen
            ? new SmtpException(SmtpStage.Tls, SmtpFault.TlsFailed, "The server closed the connection instead of speaking TLS.", cause: exception)
            : new SmtpException(SmtpStage.Tls, SmtpFault.TlsFailed, $"The TLS handshake failed: {reason}", cause: exception);
    }
}
