using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>The protocol library's failures in the terms of the transport seam.</summary>
internal static class FaultOf
{
    public static TransportFault Exception(SmtpException fault) => new(Stage(fault.Stage), Kind(fault.Fault), fault.Message)
    {
        Reply = Reply(fault.Reply),
        Certificate = Certificate(fault.Certificate),
    };

    public static TransportStage Stage(SmtpStage stage) => stage switch
    {
        SmtpStage.Resolve => TransportStage.Resolve,
        SmtpStage.Connect => TransportStage.Connect,
        SmtpStage.Tls => TransportStage.Tls,
        SmtpStage.Greeting => TransportStage.Greeting,
        SmtpStage.Ehlo => TransportStage.Ehlo,
        SmtpStage.StartTls => TransportStage.StartTls,
        SmtpStage.Auth => TransportStage.Auth,
        SmtpStage.Mail => TransportStage.Mail,
        SmtpStage.Rcpt => TransportStage.Rcpt,
        SmtpStage.Data => TransportStage.Data,
        _ => TransportStage.Content,
    };

    public static TransportReply? Reply(SmtpReply? reply) => reply is null ? null : new(reply.Code, reply.EnhancedStatus?.ToString(), reply.Text);

    public static TransportFaultKind Kind(SmtpFault fault) => fault switch
    {
        SmtpFault.NameNotResolved => TransportFaultKind.NameNotResolved,
        SmtpFault.ConnectionRefused => TransportFaultKind.ConnectionRefused,
        SmtpFault.Unreachable => TransportFaultKind.Unreachable,
        SmtpFault.Timeout => TransportFaultKind.Timeout,
        SmtpFault.ConnectionLost => TransportFaultKind.ConnectionLost,
        SmtpFault.AddressNotAllowed => TransportFaultKind.DestinationNotAllowed,
        SmtpFault.ProxyFailed => TransportFaultKind.ProxyFailed,
        SmtpFault.CertificateRejected => TransportFaultKind.CertificateRejected,
        SmtpFault.TlsFailed => TransportFaultKind.TlsFailed,
        SmtpFault.TlsExpected => TransportFaultKind.TlsPortSpokenPlain,
        SmtpFault.PlainTextExpected => TransportFaultKind.PlainPortSpokenTls,
        SmtpFault.StartTlsNotOffered => TransportFaultKind.StartTlsNotOffered,
        SmtpFault.AuthNotOffered => TransportFaultKind.AuthNotOffered,
        SmtpFault.PlaintextAuthNotAllowed => TransportFaultKind.PlaintextAuthNotAllowed,
        SmtpFault.LoginRefused => TransportFaultKind.LoginRefused,
        SmtpFault.ProtocolViolation => TransportFaultKind.ProtocolViolation,
        SmtpFault.Canceled => TransportFaultKind.Canceled,
        _ => TransportFaultKind.CommandRefused,
    };

    static RefusedCertificate? Certificate(SmtpCertificate? certificate) => certificate is null ? null : new(
        certificate.Subject, certificate.Names, certificate.Issuer, certificate.NotBefore, certificate.NotAfter, certificate.Sha256,
        certificate.Problem is { } problem ? ProblemOf(problem) : RefusedCertificateProblem.Other);

    static RefusedCertificateProblem ProblemOf(SmtpCertificateProblem problem) => problem switch
    {
        SmtpCertificateProblem.WrongName => RefusedCertificateProblem.WrongName,
        SmtpCertificateProblem.Expired => RefusedCertificateProblem.Expired,
        SmtpCertificateProblem.NotYetValid => RefusedCertificateProblem.NotYetValid,
        SmtpCertificateProblem.SelfSigned => RefusedCertificateProblem.SelfSigned,
        SmtpCertificateProblem.UnknownIssuer => RefusedCertificateProblem.UnknownIssuer,
        SmtpCertificateProblem.Revoked => RefusedCertificateProblem.Revoked,
        SmtpCertificateProblem.PinMismatch => RefusedCertificateProblem.PinMismatch,
        _ => RefusedCertificateProblem.Other,
    };
}
