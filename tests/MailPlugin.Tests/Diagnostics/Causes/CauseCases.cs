using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Smtp;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;
using MailPlugin.Transports.Programs;
using static MailPlugin.Tests.Diagnostics.Causes.ProgramSeen;
using static MailPlugin.Tests.Diagnostics.Causes.Seen;
using static MailPlugin.Transports.RefusedCertificateProblem;
using static MailPlugin.Transports.TransportFaultKind;
using static MailPlugin.Transports.TransportStage;

namespace MailPlugin.Tests.Diagnostics.Causes;

/// <summary>
/// For each cause what makes it, and a near miss: what looks like it to a hasty eye and is something else, or is not known. A cause that is drawn from a server's words alone
/// has what makes it in the knowledge base.
/// </summary>
internal static class CauseCases
{
    static readonly HostFacts TrustsNobody = HostFacts.Sound with { Authorities = 0 };
    static readonly HostFacts Behind = HostFacts.Sound with { ClockIsBehind = true };

    public static IReadOnlyDictionary<string, Case> All { get; } = new Dictionary<string, Case>
    {
        // Before the server says a word.
        ["name-not-resolved"] = new(Fault(NameNotResolved, Resolve, null, Network(SocketError.HostNotFound)), Fault(NameNotResolved, Resolve, null, Network(SocketError.TryAgain))),
        ["resolver-unavailable"] = new(Fault(NameNotResolved, Resolve, null, Network(SocketError.TryAgain)), Fault(NameNotResolved, Resolve, null, Network(SocketError.NoData))),
        ["connection-refused"] = new(Fault(ConnectionRefused, Connect), Fault(ConnectionRefused, Connect, ByProxy)),
        ["unreachable"] = new(Fault(Unreachable, Connect, null, Network(SocketError.NetworkUnreachable)), Fault(Unreachable, Connect, From, Network(SocketError.AddressNotAvailable))),
        ["local-address-wrong"] = new(Fault(Unreachable, Connect, From, Network(SocketError.AddressNotAvailable)), Fault(Unreachable, Connect, From, Network(SocketError.HostUnreachable))),
        ["port-blocked"] = new(null, Said(75, "msmtp: cannot connect to smtp.example.com, port 587: Connection refused")),
        ["connect-timeout"] = new(Fault(TransportFaultKind.Timeout, Connect), Fault(TransportFaultKind.Timeout, Greeting)),
        ["greeting-timeout"] = new(Fault(TransportFaultKind.Timeout, Greeting, null, Connected), Fault(TlsPortSpokenPlain, Greeting, null, Connected)),
        ["reply-timeout"] = new(Fault(TransportFaultKind.Timeout, Ehlo), Fault(TransportFaultKind.Timeout, Connect)),
        ["connection-lost"] = new(Fault(ConnectionLost, Greeting), Fault(ConnectionLost, Greeting, null, CertificateAsked)),
        ["destination-not-allowed"] = new(Fault(DestinationNotAllowed, Connect), Fault(Unreachable, Connect)),
        ["proxy-unreachable"] = new(Fault(ConnectionRefused, Connect, ByProxy), Fault(ConnectionRefused, Connect)),
        ["proxy-login-refused"] = new(
            Fault(ProxyFailed, Connect, ByProxy, Connected, Proxy(SmtpProxyAnswer.LoginRefused)), Fault(ProxyFailed, Connect, ByProxy, Connected, Proxy(SmtpProxyAnswer.NotAllowed))),
        ["proxy-refused"] = new(
            Fault(ProxyFailed, Connect, ByProxy, Connected, Proxy(SmtpProxyAnswer.NotAllowed)), Fault(ProxyFailed, Connect, ByProxy, Connected, Proxy(SmtpProxyAnswer.RelayUnreachable))),
        ["proxy-relay-unreachable"] = new(Fault(ProxyFailed, Connect, ByProxy, Connected, Proxy(SmtpProxyAnswer.RelayUnreachable)), Fault(Unreachable, Connect)),
        ["proxy-failed"] = new(Fault(ProxyFailed, Connect, ByProxy, Connected, Proxy(SmtpProxyAnswer.NoProxy)), Fault(ConnectionRefused, Connect, ByProxy)),
        ["not-smtp"] = new(
            Fault(ProtocolViolation, Greeting, null, Heard(SmtpPortSpeech.Pop3, "+OK ready")), Fault(ProtocolViolation, Ehlo, null, Greeted("220 relay ESMTP"))),
        ["protocol-violation"] = new(Fault(ProtocolViolation, Ehlo, null, Greeted("220 relay ESMTP")), Fault(ProtocolViolation, Ehlo, null, Greeted("220 ProFTPD Server"))),
        ["canceled"] = new(Fault(Canceled, Connect), Fault(TransportFaultKind.Timeout, Connect)),

        // TLS.
        ["tls-expected"] = new(
            Fault(TlsPortSpokenPlain, Greeting, null, Heard(SmtpPortSpeech.SmtpOverTls, "220 relay")), Fault(ProtocolViolation, Greeting, null, Heard(SmtpPortSpeech.Http, "HTTP/1.1 400"))),
        ["plain-text-expected"] = new(Fault(PlainPortSpokenTls, Tls), Fault(TlsFailed, Tls)),
        ["starttls-not-offered"] = new(Fault(StartTlsNotOffered, StartTls, null, Offered("PIPELINING")), Fault(StartTlsNotOffered, StartTls, null, Offered("PIPELINING", "XXXXXXXA"))),
        ["starttls-stripped"] = new(Fault(StartTlsNotOffered, StartTls, null, Offered("XXXXXXXX")), Fault(StartTlsNotOffered, StartTls, null, Offered("XEXCH50", "X-EXPS"))),
        ["starttls-refused"] = new(Fault(CommandRefused, StartTls) with { Reply = FromText("454 4.7.0 TLS not available") }, Fault(StartTlsNotOffered, StartTls, null, Offered("PIPELINING"))),
        ["tls-needed"] = new(Reply(Mail, "530 5.7.0 Must issue a STARTTLS command first"), Reply(Mail, "530 5.7.0 Authentication required")),
        ["tls-handshake"] = new(Fault(TlsFailed, Tls, null, Handshake(alert: 40)), Fault(TlsFailed, Tls, null, Handshake(alert: 70))),
        ["tls-too-old"] = new(Fault(TlsFailed, Tls, null, Handshake(version: 0x0301)), Fault(TlsFailed, Tls, null, Handshake(version: 0x0303))),
        ["client-certificate-needed"] = new(Fault(ConnectionLost, Ehlo, null, CertificateAsked), Fault(ConnectionLost, Content, null, CertificateAsked)),
        ["clock-wrong"] = new(Certificate(NotYetValid, Behind), Certificate(Expired, Behind)),
        ["ca-certificates-missing"] = new(Certificate(UnknownIssuer, TrustsNobody), Certificate(SelfSigned, TrustsNobody)),
        ["certificate-name"] = new(Certificate(WrongName), Certificate(SelfSigned)),
        ["certificate-expired"] = new(Certificate(Expired), Certificate(NotYetValid)),
        ["certificate-not-yet-valid"] = new(Certificate(NotYetValid), Certificate(NotYetValid, Behind)),
        ["certificate-self-signed"] = new(Certificate(SelfSigned), Certificate(UnknownIssuer)),
        ["certificate-unknown-issuer"] = new(Certificate(UnknownIssuer), Certificate(UnknownIssuer, TrustsNobody)),
        ["certificate-revoked"] = new(Certificate(Revoked), Certificate(Expired)),
        ["certificate-pin-mismatch"] = new(Certificate(PinMismatch), Certificate(WrongName)),
        ["certificate-rejected"] = new(Certificate(Other), Certificate(UnknownIssuer)),

        // Login.
        ["login-refused"] = new(Reply(Auth, "535 5.7.8 Error: authentication failed"), Reply(Auth, "454 4.7.0 Temporary authentication failure")),
        ["oauth-sign-in-needed"] = new(Token(TokenSignInNeeded, "invalid_grant: AADSTS50173: revoked"), Token(TokenSignInNeeded, "invalid_grant: AADSTS53003: Access has been blocked by Conditional Access policies.")),
        ["oauth-policy-refused"] = new(Token(TokenSignInNeeded, "interaction_required: AADSTS53003: Access has been blocked by Conditional Access policies."), Token(TokenSignInNeeded, "interaction_required: AADSTS50076: use multi-factor authentication")),
        ["oauth-client-refused"] = new(Fault(TokenRefused, Auth), Fault(TokenUnavailable, Auth)),
        ["oauth-unavailable"] = new(Fault(TokenUnavailable, Auth), Fault(TransportFaultKind.Timeout, Auth)),
        ["login-needed"] = new(Reply(Mail, "530 5.7.0 Authentication Required"), Reply(Mail, "550 5.7.1 authentication required", null, SignedIn)),
        ["login-unavailable"] = new(Reply(Auth, "454 4.7.0 Temporary authentication failure: generic failure"), Reply(Auth, "535 5.7.8 Error: authentication failed: generic failure")),
        ["login-too-often"] = new(null, Reply(Auth, "535 5.7.8 Too many words, login attempts not counted")),
        ["password-missing"] = new(Reply(Auth, "535 5.7.8 no", smtp => smtp.Remove("password")), Reply(Auth, "454 4.7.0 later", smtp => smtp.Remove("password"))),
        ["app-password-needed"] = new(null, Reply(Auth, "535 5.7.8 Username and Password not accepted. Learn more at https://support.google.com/mail/?p=BadCredentials", ByToken)),
        ["smtp-access-off"] = new(Reply(Auth, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", ByToken), Reply(Auth, "535 5.7.139 Authentication unsuccessful, user is locked")),
        ["oauth-needed"] = new(Fault(AuthNotOffered, Auth, null, OfferedUnderTls("AUTH XOAUTH2 OAUTHBEARER")), Fault(AuthNotOffered, Auth, Method("cramMd5"), OfferedUnderTls("AUTH XOAUTH2 PLAIN"))),
        ["oauth-token-refused"] = new(Reply(Auth, "535 5.7.3 Authentication unsuccessful [x.prod.outlook.com]", ByToken), Reply(Auth, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", ByToken)),
        ["account-blocked"] = new(null, Reply(Mail, "550 5.7.1 Access denied")),
        ["auth-not-offered"] = new(Fault(AuthNotOffered, Auth, null, OfferedUnderTls("PIPELINING"), Secured), Fault(AuthNotOffered, Auth, null, Offered("STARTTLS"))),
        ["auth-method-not-offered"] = new(Fault(AuthNotOffered, Auth, Method("scramSha256"), OfferedUnderTls("AUTH PLAIN")), Fault(AuthNotOffered, Auth, null, OfferedUnderTls("AUTH XOAUTH2"))),
        ["auth-needs-tls"] = new(Fault(AuthNotOffered, Auth, null, Offered("STARTTLS")), Fault(AuthNotOffered, Auth, null, Offered("PIPELINING"))),
        ["plaintext-auth-not-allowed"] = new(Fault(PlaintextAuthNotAllowed, Auth), Reply(Auth, "538 5.7.11 Encryption required for requested authentication mechanism")),

        // Who sends, and from where.
        ["greeting-refused"] = new(Reply(Greeting, "554 5.7.1 go away"), Reply(Greeting, "421 4.7.0 go away for now")),
        ["helo-refused"] = new(Reply(Rcpt, "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname"), Reply(Rcpt, "504 5.5.2 <helo@x.example>: parameter not implemented")),
        ["host-not-allowed"] = new(Reply(Rcpt, "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied"), Reply(Rcpt, "554 5.7.1 Client host rejected: no", null, OfferedUnderTls("AUTH PLAIN"))),
        ["blocklisted"] = new(Reply(Greeting, "554 5.7.1 Your address is on a blocklist"), Reply(Rcpt, "550 5.1.1 <blocklist@example.org>: no such user")),
        ["poor-reputation"] = new(null, Reply(Content, "550 5.7.1 Message refused")),
        ["no-reverse-dns"] = new(null, Reply(Greeting, "550 5.7.1 reverse the order")),
        ["sender-refused"] = new(Reply(Mail, "554 5.7.1 <a@example.com>: Sender address rejected: Access denied"), Reply(Rcpt, "554 5.7.1 <b@example.org>: Recipient address rejected: Access denied")),
        ["sender-not-allowed"] = new(Reply(Mail, "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user x"), Reply(Mail, "553 5.7.1 <a@example.com>: Sender address rejected: not logged in")),
        ["sender-not-verified"] = new(null, Reply(Rcpt, "450 4.1.1 recipient address not verified yet")),
        ["sender-domain-unknown"] = new(null, Reply(Rcpt, "550 5.1.2 <b@x.example>: Recipient address rejected: Domain not found")),
        ["spf-failed"] = new(null, Reply(Content, "550 5.7.1 spf is fine, the rest is not")),
        ["dkim-failed"] = new(null, Reply(Content, "550 5.7.1 your dkim key is nice")),
        ["dmarc-failed"] = new(null, Reply(Content, "451 4.7.5 dmarc could not be looked up: temporary dns failures")),
        ["not-authenticated"] = new(null, Reply(Mail, "530 5.7.0 Authentication required")),
        ["relay-denied"] = new(Reply(Rcpt, "550 5.7.1 We do not relay"), Reply(Rcpt, "550 5.1.1 <relay@example.org>: no such user")),
        ["policy-refused"] = new(Reply(Rcpt, "550 5.7.1 not today"), Reply(Rcpt, "550 5.7.1 Relaying denied")),

        // How much.
        ["rate-limited"] = new(null, Reply(Content, "451 4.3.0 mail server temporarily rejected message")),
        ["quota-exceeded"] = new(null, Reply(Rcpt, "552 5.2.2 over quota")),
        ["too-many-connections"] = new(Reply(Greeting, "421 4.7.0 Too many concurrent SMTP connections from this IP"), Reply(Greeting, "421 4.7.0 Too many errors on this server today")),
        ["too-many-recipients"] = new(null, Reply(Rcpt, "452 4.3.1 Insufficient system storage for these recipients")),
        ["greylisted"] = new(Reply(Rcpt, "450 4.2.0 Greylisted for 300 seconds"), Reply(Rcpt, "450 4.2.0 <greylisted@example.org> later")),
        ["server-busy"] = new(Reply(Greeting, "421 4.3.2 closing"), Reply(Greeting, "450 4.3.2 closing")),
        ["server-fault"] = new(null, Reply(Content, "451 4.3.0 queue file write error")),
        ["temporarily-refused"] = new(Reply(Rcpt, "450 4.2.0 later"), Reply(Rcpt, "550 5.2.0 never")),

        // To whom.
        ["recipient-refused"] = new(Reply(Rcpt, "550 no"), Reply(Rcpt, "450 not now")),
        ["recipient-unknown"] = new(Reply(Rcpt, "550 5.1.1 nobody of that name"), Reply(Mail, "550 5.1.1 Sender address rejected")),
        ["recipient-domain-unknown"] = new(null, Reply(Mail, "550 5.1.8 <a@x.example>: Sender address rejected: Domain not found")),
        ["recipient-address-invalid"] = new(null, Reply(Rcpt, "550 5.1.1 a valid address, and nobody there")),
        ["recipient-disabled"] = new(null, Reply(Auth, "535 5.7.8 basic authentication is disabled here")),
        ["recipient-rate-limited"] = new(null, Reply(Rcpt, "450 4.2.1 the user is on holiday")),
        ["recipient-not-permitted"] = new(null, Reply(Rcpt, "550 5.7.1 not permitted")),
        ["mailbox-full"] = new(Reply(Rcpt, "552 5.2.2 no room"), Reply(Rcpt, "452 4.3.1 Insufficient system storage")),
        ["smtputf8-not-offered"] = new(Reply(Mail, "550 5.6.7 not offered: an address needs SMTPUTF8"), Reply(Mail, "553 5.6.9 conversion failed")),

        // What.
        ["content-refused"] = new(Reply(Content, "554 5.6.0 not this"), Reply(Content, "451 4.6.0 not now")),
        ["spam-suspected"] = new(null, Reply(Content, "554 5.7.1 no spam filter is installed here, and yet: no")),
        ["attachment-refused"] = new(null, Reply(Content, "552 5.3.4 attachment and all: too large")),
        ["message-malformed"] = new(null, Reply(Content, "550 5.7.1 refused")),
        ["too-large"] = new(Reply(Mail, "552 5.3.4 over the limit"), Reply(Rcpt, "552 5.2.2 over the limit")),
        ["mail-loop"] = new(null, Reply(Content, "554 5.4.0 hop along")),
        ["uncertain"] = new(Reply(Content, "250 2.0.0 maybe") with { IsUncertain = true }, Fault(ConnectionLost, Content)),
        ["unknown"] = new(Reply(Mail, "503 5.5.1 the moon is full"), Reply(Mail, "550 5.1.8 the moon is full")),

        // A program on this host.
        ["program-missing"] = new(Ran(ProgramEnd.Missing), Ran(ProgramEnd.IsFolder)),
        ["program-is-folder"] = new(Ran(ProgramEnd.IsFolder), Ran(ProgramEnd.Missing)),
        ["program-not-executable"] = new(Ran(ProgramEnd.NotExecutable), Ran(ProgramEnd.PermissionDenied)),
        ["program-not-permitted"] = new(Ran(ProgramEnd.PermissionDenied), Ran(ProgramEnd.NotExecutable)),
        ["program-no-interpreter"] = new(Ran(ProgramEnd.InterpreterMissing), Ran(ProgramEnd.Missing)),
        ["program-not-a-program"] = new(Ran(ProgramEnd.NotAProgram), Ran(ProgramEnd.NotExecutable)),
        ["program-not-started"] = new(Ran(ProgramEnd.NotStarted), Ran(ProgramEnd.Missing)),
        ["program-not-supported"] = new(Ran(ProgramEnd.NotSupported), Ran(ProgramEnd.NotStarted)),
        ["program-killed"] = new(Ran(ProgramEnd.Killed), Ended(137)),
        ["program-timeout"] = new(Ran(ProgramEnd.TimedOut), Ran(ProgramEnd.Killed)),
        ["program-exit-lost"] = new(Ran(ProgramEnd.Lost), Ran(ProgramEnd.Killed)),
        ["program-read-nothing"] = new(Ended(0), Ended(1)),
        ["program-broke-off"] = new(BrokeOff(), Ended(0)),
        ["program-set-wrong"] = new(Ended(78), Ended(75)),
        ["program-refused"] = new(Ended(67), Ended(68)),
        ["program-busy"] = new(Ended(75), Ended(69)),
        ["program-failed"] = new(Ended(1), Ended(0)),
        ["php-mail-disabled"] = new(Ended(PhpExit.NoMail), Ended(PhpExit.SaidNo)),
        ["php-mail-failed"] = new(Ended(PhpExit.SaidNo), Ended(1)),
        ["php-broke"] = new(Ended(PhpExit.Threw), Ended(255)),
        ["php-not-php"] = new(NotPhp(), Ended(0)),
        ["address-unsafe"] = new(Withheld(), Reply(Rcpt, "553 5.1.3 invalid address")),
    };

    /// <summary>What no failure leads to: mail can leave, and this is what was seen of the addresses.</summary>
    public static IReadOnlyDictionary<string, (Reach Makes, Reach Spares)> Working { get; } = new Dictionary<string, (Reach, Reach)>
    {
        ["none"] = (Knocked(v4: null, v6: SocketError.ConnectionRefused), Knocked(v4: null, v6: SocketError.TimedOut)),
        ["ipv6-unreachable"] = (Knocked(v4: null, v6: SocketError.TimedOut), Knocked(v4: SocketError.TimedOut, v6: null)),
    };

    static Reach Knocked(SocketError? v4, SocketError? v6) => new([new(IPAddress.Loopback, v4), new(IPAddress.IPv6Loopback, v6)], null);

    static Action<JsonObject> Method(string auth) => smtp => smtp["auth"] = auth;

    static void From(JsonObject smtp) => smtp["localAddress"] = "192.0.2.77";

    static void ByProxy(JsonObject smtp) => smtp["proxy"] = new JsonObject { ["type"] = "socks5", ["host"] = "proxy.example", ["port"] = 1080 };
}

/// <param name="Makes">Evidence of this cause; null where the knowledge base has it.</param>
/// <param name="Spares">Evidence that must come to another.</param>
internal sealed record Case(Evidence? Makes, Evidence Spares);
