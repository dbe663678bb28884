using System.Net.Sockets;
using MailPlugin.Smtp;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>What was seen while a session was made: the evidence that a cause is drawn from. Written by one session, read when it has ended.</summary>
internal sealed class SessionSight
{
    /// <summary>Why no connection came about.</summary>
    public SocketError? NetworkError { get; private set; }

    /// <summary>A connection stood, to the proxy where there is one.</summary>
    public bool Connected { get; private set; }

    public SmtpProxyAnswer? Proxy { get; private set; }

    /// <summary>What spoke where a greeting was due.</summary>
    public SmtpEvent.Overheard? Overheard { get; private set; }

    public SmtpReply? Greeting { get; private set; }

    /// <summary>What was offered before TLS; null where it was never asked.</summary>
    public SmtpCapabilities? OfferedPlain { get; private set; }

    /// <summary>What was offered under TLS.</summary>
    public SmtpCapabilities? OfferedTls { get; private set; }

    public SmtpReply? StartTls { get; private set; }

    public bool ClientCertificateAsked { get; private set; }

    public SmtpCertificate? Certificate { get; private set; }

    public IReadOnlyList<SmtpChainLink> Chain { get; private set; } = [];

    public SmtpTlsInfo? Tls { get; private set; }

    public SmtpEvent.HandshakeFailed? Handshake { get; private set; }

    public SmtpEvent.LoginAnswered? SignIn { get; private set; }

    /// <summary>What was offered last.</summary>
    public SmtpCapabilities? Offered => OfferedTls ?? OfferedPlain;

    public bool SignedIn => SignIn is { Reply.Code: 235 };

    public void Observe(SmtpEvent happened)
    {
        switch (happened)
        {
            case SmtpEvent.NetworkFailed failed:
                NetworkError = failed.Error;
                break;
            case SmtpEvent.Connected:
                Connected = true;
                break;
            case SmtpEvent.ProxyAnswered proxy:
                Proxy = proxy.Answer;
                break;
            case SmtpEvent.Overheard overheard:
                Overheard = overheard;
                break;
            case SmtpEvent.Greeted greeted:
                Greeting = greeted.Reply;
                break;
            case SmtpEvent.Offered { Tls: true } offered:
                OfferedTls = offered.Capabilities;
                break;
            case SmtpEvent.Offered offered:
                OfferedPlain = offered.Capabilities;
                break;
            case SmtpEvent.StartTlsAnswered answered:
                StartTls = answered.Reply;
                break;
            case SmtpEvent.ClientCertificateAsked:
                ClientCertificateAsked = true;
                break;
            case SmtpEvent.CertificateJudged judged:
                (Certificate, Chain) = (judged.Certificate, judged.Chain);
                break;
            case SmtpEvent.Secured secured:
                Tls = secured.Tls;
                break;
            case SmtpEvent.HandshakeFailed failed:
                Handshake = failed;
                break;
            case SmtpEvent.LoginAnswered answered:
                SignIn = answered;
                break;
        }
    }
}
