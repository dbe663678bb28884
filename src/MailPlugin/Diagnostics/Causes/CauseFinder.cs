using System.Globalization;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Settings;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>
/// From what a transport reports to the cause: one table, read from top to bottom. Where the knowledge base knows the server's words, they say more than codes do.
/// </summary>
internal static class CauseFinder
{
    const int ImplicitTlsPort = 465;

    public static Cause Of(Evidence seen) =>
        !seen.IsUncertain && Observation.Of(seen) is { } observed && KnowledgeBase.Shipped.Find(observed) is { } entry ? Known(entry, ByCodes(seen)) : ByCodes(seen);

    /// <summary>A setting that cures the one cause is no cure of another.</summary>
    static Cause Known(KnowledgeEntry entry, Cause general) =>
        new(entry.Cause, entry.Text, entry.Advice) { Who = entry.Who, Known = entry, Fix = general.Id == entry.Cause ? general.Fix : null };

    static Cause ByCodes(Evidence seen)
    {
        var path = $"transports[id={seen.Transport.Id}].smtp";
        if (seen.Stage == TransportStage.Program)
        {
            return ProgramCauses.Of(seen);
        }

        if (seen.IsUncertain)
        {
            return CauseCatalog.Uncertain();
        }

        return seen.Fault is { } fault && seen.Transport.Smtp is { } smtp ? OfSession(fault, smtp, path) : OfRefusal(seen.Stage, seen.Reply);
    }

    static Cause OfSession(TransportFault fault, SmtpSettings smtp, string path) => fault.Kind switch
    {
        TransportFaultKind.NameNotResolved => CauseCatalog.NameNotResolved(smtp.Host),
        TransportFaultKind.ConnectionRefused => CauseCatalog.ConnectionRefused(smtp.Host, smtp.Port),
        TransportFaultKind.Unreachable => CauseCatalog.Unreachable(smtp.Host),
        TransportFaultKind.Timeout when fault.Stage is TransportStage.Resolve or TransportStage.Connect => CauseCatalog.ConnectTimeout(smtp.Host, smtp.Port),
        TransportFaultKind.Timeout when fault.Stage == TransportStage.Greeting => CauseCatalog.GreetingTimeout(smtp.Host, smtp.Port),
        TransportFaultKind.Timeout => CauseCatalog.ReplyTimeout(Http.Binding.EnumText.Of(fault.Stage)),
        TransportFaultKind.ConnectionLost => CauseCatalog.ConnectionLost(Http.Binding.EnumText.Of(fault.Stage)),
        TransportFaultKind.DestinationNotAllowed => CauseCatalog.DestinationNotAllowed(),
        TransportFaultKind.ProxyFailed => CauseCatalog.ProxyFailed(fault.Detail),
        TransportFaultKind.TlsPortSpokenPlain => CauseCatalog.TlsExpected(smtp.Port) with { Fix = SecurityFix(path, SmtpSecurityChoice.ImplicitTls) },
        TransportFaultKind.PlainPortSpokenTls => CauseCatalog.PlainTextExpected(smtp.Port) with { Fix = SecurityFix(path, SmtpSecurityChoice.StartTls) },
        TransportFaultKind.StartTlsNotOffered => CauseCatalog.StartTlsNotOffered(),
        TransportFaultKind.TlsFailed => CauseCatalog.TlsHandshake(fault.Detail),
        TransportFaultKind.CertificateRejected => OfCertificate(fault.Certificate, smtp, path),
        TransportFaultKind.LoginRefused => CauseCatalog.LoginRefused(),
        TransportFaultKind.TokenSignInNeeded => CauseCatalog.TokenSignInNeeded(smtp.Login ?? ""),
        TransportFaultKind.TokenRefused => CauseCatalog.TokenRefused(fault.Detail),
        TransportFaultKind.TokenUnavailable => CauseCatalog.TokenUnavailable(fault.Detail),
        TransportFaultKind.AuthNotOffered => CauseCatalog.AuthNotOffered() with { Fix = AuthFix(smtp, path) },
        TransportFaultKind.PlaintextAuthNotAllowed => CauseCatalog.PlaintextAuthNotAllowed() with { Fix = ProtectedFix(smtp, path) },
        TransportFaultKind.ProtocolViolation => CauseCatalog.NotSmtp(),
        TransportFaultKind.Canceled => CauseCatalog.Canceled(),
        _ => OfRefusal(fault.Stage, fault.Reply),
    };

    static Cause OfRefusal(TransportStage stage, TransportReply? reply) => (stage, reply) switch
    {
        (_, null) => CauseCatalog.Unknown(),
        (TransportStage.Greeting or TransportStage.Ehlo, _) => CauseCatalog.GreetingRefused(),
        (TransportStage.StartTls, _) => CauseCatalog.StartTlsNotOffered(),
        (_, { Code: 530 or 535 }) => CauseCatalog.LoginRefused(),
        (_, { Code: 552 }) when reply.EnhancedStatus is "5.3.4" or "5.2.3" => CauseCatalog.TooLarge(),
        (_, { EnhancedStatus: "5.6.7" }) => CauseCatalog.SmtpUtf8NotOffered(),
        (_, { IsPermanent: false }) => CauseCatalog.TemporarilyRefused(),
        (TransportStage.Mail, _) => CauseCatalog.SenderRefused(),
        (TransportStage.Rcpt, { EnhancedStatus: "5.7.1" }) => CauseCatalog.RelayDenied(),
        (TransportStage.Rcpt, _) => CauseCatalog.RecipientRefused(),
        (TransportStage.Data or TransportStage.Content, _) => CauseCatalog.ContentRefused(),
        _ => CauseCatalog.Unknown(),
    };

    static Cause OfCertificate(RefusedCertificate? certificate, SmtpSettings smtp, string path)
    {
        if (certificate is null)
        {
            return CauseCatalog.CertificateOther();
        }

        var pin = new CauseFix($"{path}.certificate", new JsonObject { ["trust"] = "pinned", ["sha256"] = certificate.Sha256 });
        return certificate.Problem switch
        {
            RefusedCertificateProblem.WrongName => CauseCatalog.CertificateName(smtp.Host, string.Join(", ", certificate.Names.Take(5))) with { Fix = pin },
            RefusedCertificateProblem.Expired => CauseCatalog.CertificateExpired(Day(certificate.NotAfter)) with { Fix = pin },
            RefusedCertificateProblem.NotYetValid => CauseCatalog.CertificateNotYetValid(Day(certificate.NotBefore)),
            RefusedCertificateProblem.SelfSigned => CauseCatalog.CertificateSelfSigned(certificate.Subject) with { Fix = pin },
            RefusedCertificateProblem.UnknownIssuer => CauseCatalog.CertificateUnknownIssuer(certificate.Issuer) with { Fix = pin },
            RefusedCertificateProblem.PinMismatch => CauseCatalog.PinMismatch(certificate.Sha256) with { Fix = pin },
            RefusedCertificateProblem.Revoked => CauseCatalog.CertificateRevoked(),
            _ => CauseCatalog.CertificateOther(),
        };
    }

    static CauseFix SecurityFix(string path, SmtpSecurityChoice security) =>
        new(path, new JsonObject { ["security"] = Http.Binding.EnumText.Of(security) });

    static CauseFix? AuthFix(SmtpSettings smtp, string path) =>
        smtp.Auth is SmtpAuthChoice.Auto or SmtpAuthChoice.None ? null : new($"{path}.auth", JsonValue.Create("auto"));

    static CauseFix ProtectedFix(SmtpSettings smtp, string path) =>
        SecurityFix(path, smtp.Port == ImplicitTlsPort ? SmtpSecurityChoice.ImplicitTls : SmtpSecurityChoice.StartTls);

    static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
