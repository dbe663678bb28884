using MailPlugin.Delivery;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;

namespace MailPlugin.Tests.Delivery;

/// <summary>Every row of the table, by what falls into it.</summary>
public sealed class FailurePolicyTests
{
    static readonly (string Rule, FailureDecision Decision, Failure Failure)[] Cases =
    [
        Session("stopping", FailureDecision.Release, TransportFaultKind.Canceled, TransportStage.Connect),
        Session("stopping", FailureDecision.Release, TransportFaultKind.Canceled, TransportStage.Content),
        Session("store", FailureDecision.LookAgain, TransportFaultKind.StoreUnavailable, TransportStage.Mail),
        Session("not-prepared", FailureDecision.Defer, TransportFaultKind.NotPrepared, TransportStage.Mail),
        Session("destination-forbidden", FailureDecision.Suspend, TransportFaultKind.DestinationNotAllowed, TransportStage.Connect),
        Session("certificate", FailureDecision.Suspend, TransportFaultKind.CertificateRejected, TransportStage.Tls),
        Session("encryption", FailureDecision.Suspend, TransportFaultKind.TlsFailed, TransportStage.Tls),
        Session("encryption", FailureDecision.Suspend, TransportFaultKind.StartTlsNotOffered, TransportStage.StartTls),
        Session("encryption", FailureDecision.Suspend, TransportFaultKind.TlsPortSpokenPlain, TransportStage.Greeting),
        Session("encryption", FailureDecision.Suspend, TransportFaultKind.PlainPortSpokenTls, TransportStage.Tls),
        Session("login-impossible", FailureDecision.Suspend, TransportFaultKind.AuthNotOffered, TransportStage.Auth),
        Session("login-impossible", FailureDecision.Suspend, TransportFaultKind.PlaintextAuthNotAllowed, TransportStage.Auth),
        Session("token", FailureDecision.Suspend, TransportFaultKind.TokenSignInNeeded, TransportStage.Auth),
        Session("token", FailureDecision.Suspend, TransportFaultKind.TokenRefused, TransportStage.Auth),
        Session("token-later", FailureDecision.TryElsewhere, TransportFaultKind.TokenUnavailable, TransportStage.Auth),
        Session("login-busy", FailureDecision.TryElsewhere, TransportFaultKind.LoginRefused, TransportStage.Auth, "454 4.7.0 Temporary authentication failure"),
        Session("login", FailureDecision.Suspend, TransportFaultKind.LoginRefused, TransportStage.Auth, "535 5.7.8 Authentication credentials invalid"),
        Session("login", FailureDecision.Suspend, TransportFaultKind.LoginRefused, TransportStage.Auth),
        Session("session-busy", FailureDecision.TryElsewhere, TransportFaultKind.CommandRefused, TransportStage.Greeting, "421 4.3.2 too busy"),
        Session("session-refused", FailureDecision.Suspend, TransportFaultKind.CommandRefused, TransportStage.Greeting, "554 5.7.1 your address is blocked"),
        Session("session-refused", FailureDecision.Suspend, TransportFaultKind.CommandRefused, TransportStage.Ehlo, "550 5.7.1 bad name"),
        Reply("login-needed", FailureDecision.Suspend, TransportStage.Mail, "530 5.7.0 Must issue a STARTTLS command first"),
        Reply("login-needed", FailureDecision.Suspend, TransportStage.Rcpt, "530 5.7.1 Authentication required"),
        Reply("closing", FailureDecision.TryElsewhere, TransportStage.Mail, "421 4.4.2 closing"),
        Reply("closing", FailureDecision.TryElsewhere, TransportStage.Content, "421 4.3.0 shutting down"),
        Session("unreachable", FailureDecision.TryElsewhere, TransportFaultKind.NameNotResolved, TransportStage.Resolve),
        Session("unreachable", FailureDecision.TryElsewhere, TransportFaultKind.ConnectionRefused, TransportStage.Connect),
        Session("unreachable", FailureDecision.TryElsewhere, TransportFaultKind.Unreachable, TransportStage.Connect),
        Session("unreachable", FailureDecision.TryElsewhere, TransportFaultKind.ProxyFailed, TransportStage.Connect),
        Session("session-lost", FailureDecision.TryElsewhere, TransportFaultKind.Timeout, TransportStage.Greeting),
        Session("session-lost", FailureDecision.TryElsewhere, TransportFaultKind.ConnectionLost, TransportStage.Ehlo),
        Session("session-lost", FailureDecision.TryElsewhere, TransportFaultKind.ProtocolViolation, TransportStage.Greeting),
        Session("lost-in-transaction", FailureDecision.Defer, TransportFaultKind.ConnectionLost, TransportStage.Rcpt),
        Session("lost-in-transaction", FailureDecision.Defer, TransportFaultKind.Timeout, TransportStage.Content),
        Session("token", FailureDecision.Suspend, TransportFaultKind.TokenRefused, TransportStage.Auth),
        Session("token-later", FailureDecision.TryElsewhere, TransportFaultKind.TokenUnavailable, TransportStage.Auth),
        Session("program-unusable", FailureDecision.Suspend, TransportFaultKind.ProgramUnusable, TransportStage.Program),
        Session("program", FailureDecision.TryElsewhere, TransportFaultKind.ProgramFailed, TransportStage.Program),
        Exit("program-refused-all", FailureDecision.SendApart, 65, shared: true),
        Exit("program-refused-all", FailureDecision.SendApart, 100, shared: true),
        Exit("program-refused", FailureDecision.Fail, 65),
        Exit("program-refused", FailureDecision.Fail, 67),
        Exit("program-refused", FailureDecision.Fail, 100),
        Exit("program-set-wrong", FailureDecision.Suspend, 64),
        Exit("program-set-wrong", FailureDecision.Suspend, 77),
        Exit("program-set-wrong", FailureDecision.Suspend, 78),
        Exit("program-said-no", FailureDecision.TryElsewhere, 78, proven: true),
        Exit("program-said-no", FailureDecision.TryElsewhere, 1),
        Exit("program-said-no", FailureDecision.TryElsewhere, PhpExit.SaidNo),
        Exit("program-said-no", FailureDecision.TryElsewhere, PhpExit.Threw),
        Exit("php-without-mail", FailureDecision.Suspend, PhpExit.NoMail, proven: true),
        Exit("php-said-no", FailureDecision.Defer, PhpExit.SaidNo, overtaken: true, tries: 4),
        Exit("php-said-no-often", FailureDecision.Fail, PhpExit.SaidNo, overtaken: true, tries: 5),
        Exit("program-said-no", FailureDecision.TryElsewhere, PhpExit.SaidNo, tries: 99),
        Exit("program-said-no", FailureDecision.TryElsewhere, 68, shared: true),
        Exit("program-said-no", FailureDecision.TryElsewhere, 69),
        Exit("program-said-no", FailureDecision.TryElsewhere, 75),
        Exit("program-said-no", FailureDecision.TryElsewhere, 111),
        Exit("program-said-no", FailureDecision.TryElsewhere, 127),
        Reply("message-refused", FailureDecision.Fail, TransportStage.Program, "553 5.1.3 not handed over"),
        Reply("too-many-recipients", FailureDecision.SendAgain, TransportStage.Rcpt, "452 4.5.3 Too many recipients", othersAccepted: true),
        Reply("too-many-recipients", FailureDecision.SendAgain, TransportStage.Rcpt, "552 5.5.3 Too many recipients", othersAccepted: true),
        Reply("too-many-recipients-bare", FailureDecision.SendAgain, TransportStage.Rcpt, "552 too many recipients", othersAccepted: true),
        Reply("for-now", FailureDecision.Defer, TransportStage.Rcpt, "452 4.5.3 Too many recipients"),
        Reply("for-now", FailureDecision.Defer, TransportStage.Rcpt, "452 4.2.2 mailbox full", othersAccepted: true),
        Reply("relay-denied", FailureDecision.Suspend, TransportStage.Rcpt, "554 5.7.1 <x@y>: Relay access denied", allRefused: true),
        Reply("relay-denied", FailureDecision.Suspend, TransportStage.Rcpt, "550 relay not permitted", allRefused: true),
        Reply("relay-denied-here", FailureDecision.Defer, TransportStage.Rcpt, "554 5.7.1 Relaying denied", allRefused: true, proven: true),
        Reply("recipient-refused", FailureDecision.Fail, TransportStage.Rcpt, "554 5.7.1 Relay access denied"),
        Reply("host-in-disrepute", FailureDecision.Suspend, TransportStage.Mail, "554 5.7.1 Service unavailable; client host blocked using Spamhaus"),
        Reply("host-in-disrepute", FailureDecision.Suspend, TransportStage.Rcpt, "550 5.7.1 your address is on a blocklist", allRefused: true),
        Reply("recipient-refused", FailureDecision.Fail, TransportStage.Rcpt, "550 5.7.1 your address is on a blocklist", allRefused: true, proven: true),
        Reply("sender-not-allowed", FailureDecision.Suspend, TransportStage.Mail, "553 5.7.1 Sender address rejected: not owned by user"),
        Reply("message-refused", FailureDecision.Fail, TransportStage.Mail, "553 5.7.1 Sender address rejected: not owned by user", proven: true),
        Reply("message-refused", FailureDecision.Fail, TransportStage.Mail, "550 5.7.1 not wanted"),
        Reply("no-such-address", FailureDecision.FailAndSuppress, TransportStage.Rcpt, "550 5.1.1 user unknown", allRefused: true),
        Reply("no-such-address", FailureDecision.FailAndSuppress, TransportStage.Rcpt, "556 5.1.10 null MX"),
        Reply("recipient-refused", FailureDecision.Fail, TransportStage.Rcpt, "550 5.1.8 sender's domain does not exist"),
        Reply("recipient-refused", FailureDecision.Fail, TransportStage.Rcpt, "550 no"),
        Reply("message-refused", FailureDecision.Fail, TransportStage.Content, "550 5.1.1 said after the content"),
        Reply("greylisted", FailureDecision.DeferShortly, TransportStage.Rcpt, "450 4.2.0 Greylisted, see http://example.org"),
        Reply("greylisted", FailureDecision.DeferShortly, TransportStage.Rcpt, "451 4.7.1 please try again in 5 minutes"),
        Reply("message-refused", FailureDecision.Fail, TransportStage.Mail, "552 5.3.4 message too big"),
        Reply("message-refused", FailureDecision.Fail, TransportStage.Data, "554 5.5.1 no valid recipients"),
        Reply("message-refused", FailureDecision.Fail, TransportStage.Content, "554 5.7.1 spam"),
        Reply("for-now", FailureDecision.Defer, TransportStage.Content, "451 4.3.0 queue file write error"),
        Reply("for-now", FailureDecision.Defer, TransportStage.Mail, "299 what is this"),
        ("for-now", FailureDecision.Defer, new(null, TransportStage.Content, null)),
        Session("for-now", FailureDecision.Defer, TransportFaultKind.CommandRefused, TransportStage.Data, "554 what now"),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_failure_falls_into_its_row(int number)
    {
        var (name, decision, failure) = Cases[number];

        var rule = FailurePolicy.Decide(failure);

        Assert.Equal((name, decision), (rule.Name, rule.Decision));
    }

    [Fact]
    public void Every_row_has_a_case()
        => Assert.Equal([], FailurePolicy.Table.Select(rule => rule.Name).Except(Cases.Select(one => one.Rule)));

    [Fact]
    public void No_fault_of_a_session_destroys_mail()
    {
        foreach (var kind in Enum.GetValues<TransportFaultKind>())
        {
            foreach (var stage in Enum.GetValues<TransportStage>())
            {
                foreach (var reply in new[] { null, "421 4.0.0 x", "535 5.7.8 x", "550 5.1.1 x", "554 x" })
                {
                    var decision = FailurePolicy.Decide(new(kind, stage, reply is null ? null : Outcome.Reply(reply))).Decision;

                    Assert.False(decision is FailureDecision.Fail or FailureDecision.FailAndSuppress, $"{kind} at {stage} with {reply}");
                }
            }
        }
    }

    [Fact]
    public void Only_an_address_at_RCPT_suppresses()
    {
        foreach (var stage in Enum.GetValues<TransportStage>().Where(stage => stage != TransportStage.Rcpt))
        {
            Assert.NotEqual(FailureDecision.FailAndSuppress, FailurePolicy.Decide(new(null, stage, Outcome.Reply("550 5.1.1 x"))).Decision);
        }
    }

    static (string, FailureDecision, Failure) Session(string rule, FailureDecision decision, TransportFaultKind kind, TransportStage stage, string? reply = null) =>
        (rule, decision, new(kind, stage, reply is null ? null : Outcome.Reply(reply)));

    static (string, FailureDecision, Failure) Exit(string rule, FailureDecision decision, int code, bool shared = false, bool proven = false, bool overtaken = false, int tries = 0) =>
        (rule, decision, new(null, TransportStage.Program, new(0, null, $"exit code {code}") { Exit = code }) { Shared = shared, Proven = proven, Overtaken = overtaken, Tries = tries });

    static (string, FailureDecision, Failure) Reply(string rule, FailureDecision decision, TransportStage stage, string reply, bool othersAccepted = false, bool allRefused = false, bool proven = false) =>
        (rule, decision, new(null, stage, Outcome.Reply(reply)) { OthersAccepted = othersAccepted, AllRefused = allRefused, Proven = proven });
}
