using System.Globalization;
using System.Net.Sockets;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using MailPlugin.Smtp;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>Why a session could not be had, by how it ended and what was seen on the way.</summary>
internal static class SessionCauses
{
    const int AlertProtocolVersion = 70;
    const int Tls12 = 0x0303;

    public static Cause Of(TransportFault fault, SmtpSettings smtp, Evidence seen) => fault.Kind switch
    {
        _ when fault.Stage == TransportStage.Ehlo && GreetsAsFtp(seen.Sight) => CauseCatalog.NotSmtp("FTP"),
        TransportFaultKind.DestinationNotAllowed => CauseCatalog.DestinationNotAllowed(),
        TransportFaultKind.Canceled => CauseCatalog.Canceled(),
        TransportFaultKind.TokenSignInNeeded => ReplyCauses.Known(seen) ?? CauseCatalog.TokenSignInNeeded(smtp.Login ?? ""),
        TransportFaultKind.TokenRefused => ReplyCauses.Known(seen) ?? CauseCatalog.TokenRefused(fault.Detail),
        TransportFaultKind.TokenUnavailable => CauseCatalog.TokenUnavailable(fault.Detail),
        _ when smtp.Proxy is { } proxy && fault.Stage is TransportStage.Resolve or TransportStage.Connect => OfProxy(proxy, fault, smtp, seen.Sight),
        TransportFaultKind.NameNotResolved => seen.Sight.NetworkError is null or SocketError.HostNotFound or SocketError.NoData
            ? CauseCatalog.NameNotResolved(smtp.Host) : CauseCatalog.ResolverUnavailable(smtp.Host),
        TransportFaultKind.ConnectionRefused => CauseCatalog.ConnectionRefused(smtp.Host, smtp.Port),
        TransportFaultKind.Unreachable => smtp.LocalAddress is { } local && seen.Sight.NetworkError is SocketError.AddressNotAvailable
            ? CauseCatalog.LocalAddressWrong(local) : CauseCatalog.Unreachable(smtp.Host),
        TransportFaultKind.Timeout when fault.Stage is TransportStage.Resolve or TransportStage.Connect => CauseCatalog.ConnectTimeout(smtp.Host, smtp.Port),
        TransportFaultKind.Timeout when fault.Stage == TransportStage.Greeting => CauseCatalog.GreetingTimeout(smtp.Host, smtp.Port),
        TransportFaultKind.Timeout => CauseCatalog.ReplyTimeout(EnumText.Of(fault.Stage)),
        TransportFaultKind.ConnectionLost => MissesClientCertificate(fault, smtp, seen.Sight)
            ? CauseCatalog.ClientCertificateNeeded() with { Confidence = Confidence.Medium } : CauseCatalog.ConnectionLost(EnumText.Of(fault.Stage)),
        TransportFaultKind.TlsPortSpokenPlain => CauseCatalog.TlsExpected(smtp.Port) with
        {
            Confidence = seen.Sight.Overheard is null or { Speech: SmtpPortSpeech.SmtpOverTls } ? Confidence.High : Confidence.Low,
        },
        TransportFaultKind.PlainPortSpokenTls => CauseCatalog.PlainTextExpected(smtp.Port),
        TransportFaultKind.StartTlsNotOffered => IsStripped(seen.Sight) ? CauseCatalog.StartTlsStripped() : CauseCatalog.StartTlsNotOffered(),
        TransportFaultKind.TlsFailed => OfHandshake(fault, smtp, seen),
        TransportFaultKind.CertificateRejected => OfCertificate(fault.Certificate, smtp, seen),
        TransportFaultKind.AuthNotOffered => OfOffers(smtp, seen.Sight),
        TransportFaultKind.PlaintextAuthNotAllowed => CauseCatalog.PlaintextAuthNotAllowed(),
        TransportFaultKind.ProtocolViolation => OfViolation(fault, seen.Sight),
        _ => ReplyCauses.Of(seen),
    };

    static Cause OfProxy(ProxySettings settings, TransportFault fault, SmtpSettings smtp, SessionSight sight)
    {
        var proxy = HostPort.Of(settings.Host, settings.Port);
        var relay = HostPort.Of(smtp.Host, smtp.Port);
        return sight.Proxy switch
        {
            SmtpProxyAnswer.LoginRefused => CauseCatalog.ProxyLoginRefused(proxy),
            SmtpProxyAnswer.NotAllowed => CauseCatalog.ProxyRefused(proxy, relay),
            SmtpProxyAnswer.RelayUnreachable => CauseCatalog.ProxyRelayUnreachable(proxy, relay),
            null when !sight.Connected => CauseCatalog.ProxyUnreachable(proxy),
            _ => CauseCatalog.ProxyFailed(fault.Detail),
        };
    }

    /// <summary>An FTP server greets with the same code, and stumbles over EHLO.</summary>
    static bool GreetsAsFtp(SessionSight sight) => sight.Greeting?.Text.Contains("FTP", StringComparison.OrdinalIgnoreCase) == true && sight.Offered is null;

    /// <summary>TLS 1.3 has a server complain of a missing certificate only after the handshake, and many just hang up.</summary>
    static bool MissesClientCertificate(TransportFault fault, SmtpSettings smtp, SessionSight sight) =>
        sight.ClientCertificateAsked && smtp.Certificate.ClientCertificate is null && fault.Stage is TransportStage.Tls or TransportStage.Greeting or TransportStage.Ehlo;

    /// <summary>What firewalls write over a keyword that they do not want: X, as many times as it had letters; some end it with an A.</summary>
    static bool IsStripped(SessionSight sight) =>
        sight.OfferedPlain is { } offered && offered.Keywords.Any(word => word.Length >= 4 && word.AsSpan(0, word.Length - 1).IndexOfAnyExcept('X', 'x') < 0);

    static Cause OfHandshake(TransportFault fault, SmtpSettings smtp, Evidence seen)
    {
        var sight = seen.Sight;
        if (sight.Handshake is { Alert: AlertProtocolVersion } or { Version: < Tls12 }
            || KnowledgeBase.Shipped.Find(Observation.Of(seen)!) is { Cause: "tls-too-old" })
        {
            return CauseCatalog.TlsTooOld(smtp.MinimumTls);
        }

        return MissesClientCertificate(fault, smtp, sight) ? CauseCatalog.ClientCertificateNeeded() : CauseCatalog.TlsHandshake(fault.Detail);
    }

    static Cause OfCertificate(RefusedCertificate? certificate, SmtpSettings smtp, Evidence seen) => certificate?.Problem switch
    {
        RefusedCertificateProblem.WrongName => CauseCatalog.CertificateName(smtp.Host, string.Join(", ", certificate.Names.Take(5))),
        RefusedCertificateProblem.Expired => CauseCatalog.CertificateExpired(Day(certificate.NotAfter)),
        RefusedCertificateProblem.NotYetValid when seen.Host.ClockIsBehind => CauseCatalog.ClockWrong(TimeText.Of(seen.Host.Now)),
        RefusedCertificateProblem.NotYetValid => CauseCatalog.CertificateNotYetValid(Day(certificate.NotBefore)),
        RefusedCertificateProblem.SelfSigned => CauseCatalog.CertificateSelfSigned(certificate.Subject),
        RefusedCertificateProblem.UnknownIssuer when seen.Host.Authorities == 0 && smtp.Certificate.Trust == CertificateTrustChoice.System =>
            CauseCatalog.CaCertificatesMissing(certificate.Issuer),
        RefusedCertificateProblem.UnknownIssuer => CauseCatalog.CertificateUnknownIssuer(certificate.Issuer, sentAlone: seen.Sight.Chain.Count == 1),
        RefusedCertificateProblem.PinMismatch => CauseCatalog.PinMismatch(certificate.Sha256),
        RefusedCertificateProblem.Revoked => CauseCatalog.CertificateRevoked(),
        _ => CauseCatalog.CertificateOther(),
    };

    static Cause OfOffers(SmtpSettings smtp, SessionSight sight)
    {
        var offered = sight.Offered?.AuthMechanisms ?? [];
        if (offered.Count == 0)
        {
            return sight is { Tls: null, OfferedPlain.StartTls: true } ? CauseCatalog.AuthNeedsTls() : CauseCatalog.AuthNotOffered();
        }

        var list = string.Join(", ", offered);
        return smtp.Auth == SmtpAuthChoice.Auto && offered.All(name => name is "XOAUTH2" or "OAUTHBEARER")
            ? CauseCatalog.OAuthNeeded(list)
            : CauseCatalog.AuthMethodNotOffered(list);
    }

    static Cause OfViolation(TransportFault fault, SessionSight sight)
    {
        if (fault.Stage is not (TransportStage.Greeting or TransportStage.Tls))
        {
            return CauseCatalog.ProtocolViolation(fault.Detail);
        }

        return sight.Overheard is { Speech: not (SmtpPortSpeech.Smtp or SmtpPortSpeech.Other) } heard
            ? CauseCatalog.NotSmtp(NameOf(heard.Speech))
            : CauseCatalog.NotSmtp(sight.Overheard?.Text is { Length: > 0 } text ? $"“{text}”" : "–");
    }

    static string NameOf(SmtpPortSpeech speech) => speech switch
    {
        SmtpPortSpeech.Tls or SmtpPortSpeech.SmtpOverTls => "TLS",
        _ => EnumText.Of(speech).ToUpperInvariant(),
    };

    static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
