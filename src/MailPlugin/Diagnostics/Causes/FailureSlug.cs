using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>The problem type that a failed send answers with.</summary>
internal static class FailureSlug
{
    public static string Of(TransportOutcome outcome)
    {
        if (outcome.Fault?.Stage == TransportStage.Program || outcome.Recipients.Any(recipient => recipient is { Stage: TransportStage.Program, Verdict: RecipientVerdict.Refused }))
        {
            return "program-failed";
        }

        if (outcome.Recipients.Any(recipient => recipient.Verdict == RecipientVerdict.Uncertain))
        {
            return "relay-uncertain";
        }

        return outcome.Fault is { } fault ? OfFault(fault) : "relay-refused";
    }

    static string OfFault(TransportFault fault) => fault.Kind switch
    {
        TransportFaultKind.DestinationNotAllowed => "destination-not-allowed",
        TransportFaultKind.NameNotResolved or TransportFaultKind.ConnectionRefused or TransportFaultKind.Unreachable or TransportFaultKind.ProxyFailed
            or TransportFaultKind.ConnectionLost or TransportFaultKind.ProtocolViolation => "relay-unreachable",
        TransportFaultKind.Timeout when fault.Stage is TransportStage.Resolve or TransportStage.Connect => "relay-unreachable",
        TransportFaultKind.Timeout or TransportFaultKind.Canceled => "relay-timeout",
        TransportFaultKind.CertificateRejected or TransportFaultKind.TlsFailed or TransportFaultKind.StartTlsNotOffered
            or TransportFaultKind.TlsPortSpokenPlain or TransportFaultKind.PlainPortSpokenTls => "tls-failed",
        TransportFaultKind.AuthNotOffered or TransportFaultKind.PlaintextAuthNotAllowed or TransportFaultKind.LoginRefused
            or TransportFaultKind.TokenSignInNeeded or TransportFaultKind.TokenRefused or TransportFaultKind.TokenUnavailable => "login-failed",
        _ => "relay-refused",
    };
}
