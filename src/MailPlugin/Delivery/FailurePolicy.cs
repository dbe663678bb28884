using MailPlugin.Transports;
using MailPlugin.Transports.Php;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Delivery;

/// <summary>
/// What every failure comes to, as one table: the first row that fits decides. The radius comes first. A fault of the transport says nothing about the message, so it
/// never destroys mail; what the message or a recipient is refused for is transient when the reply is (RFC 5321 section 4.2.1: 4yz may succeed later,
/// 5yz will not) and when nobody understands it. The last row catches everything: unknown means transient.
/// </summary>
internal static class FailurePolicy
{
    static readonly TransportStage[] Opening = [TransportStage.Resolve, TransportStage.Connect, TransportStage.Tls, TransportStage.Greeting, TransportStage.Ehlo, TransportStage.StartTls, TransportStage.Auth];
    static readonly TransportStage[] Session = [.. Opening, TransportStage.Mail, TransportStage.Rcpt, TransportStage.Data, TransportStage.Content];

    static readonly int[] Refusals = [Sysexits.DataError, Sysexits.NoUser, Sysexits.QmailPermanent];

    public static IReadOnlyList<FailureRule> Table { get; } =
    [
        new("stopping", FailureDecision.Release) { Faults = [TransportFaultKind.Canceled] },

        new("store", FailureDecision.LookAgain) { Faults = [TransportFaultKind.StoreUnavailable] },

        // The message's own trouble, met before the transport was asked.
        new("not-prepared", FailureDecision.Defer) { Faults = [TransportFaultKind.NotPrepared] },

        // What only an administrator can mend.
        new("destination-forbidden", FailureDecision.Suspend) { Faults = [TransportFaultKind.DestinationNotAllowed] },
        new("certificate", FailureDecision.Suspend) { Faults = [TransportFaultKind.CertificateRejected] },
        new("encryption", FailureDecision.Suspend)
        {
            Faults = [TransportFaultKind.TlsFailed, TransportFaultKind.StartTlsNotOffered, TransportFaultKind.TlsPortSpokenPlain, TransportFaultKind.PlainPortSpokenTls],
        },
        new("login-impossible", FailureDecision.Suspend) { Faults = [TransportFaultKind.AuthNotOffered, TransportFaultKind.PlaintextAuthNotAllowed] },
        new("token", FailureDecision.Suspend) { Faults = [TransportFaultKind.TokenSignInNeeded, TransportFaultKind.TokenRefused] },
        new("token-later", FailureDecision.TryElsewhere) { Faults = [TransportFaultKind.TokenUnavailable] },
        new("login-busy", FailureDecision.TryElsewhere) { Faults = [TransportFaultKind.LoginRefused], Permanent = false },
        new("login", FailureDecision.Suspend) { Faults = [TransportFaultKind.LoginRefused] },
        new("session-busy", FailureDecision.TryElsewhere) { Faults = [TransportFaultKind.CommandRefused], Permanent = false },
        new("session-refused", FailureDecision.Suspend) { Faults = [TransportFaultKind.CommandRefused], Stages = Opening },

        // RFC 4954: 530 login needed, 534 mechanism too weak, 535 credentials invalid, 538 encryption needed; at whatever command they come.
        new("login-needed", FailureDecision.Suspend) { Codes = [530, 534, 535, 538] },

        // The line, the relay, the program: it will pass.
        new("closing", FailureDecision.TryElsewhere) { Codes = [421] },
        new("unreachable", FailureDecision.TryElsewhere) { Faults = [TransportFaultKind.NameNotResolved, TransportFaultKind.ConnectionRefused, TransportFaultKind.Unreachable, TransportFaultKind.ProxyFailed] },
        new("session-lost", FailureDecision.TryElsewhere) { Faults = [TransportFaultKind.Timeout, TransportFaultKind.ConnectionLost, TransportFaultKind.ProtocolViolation], Stages = Opening },
        new("lost-in-transaction", FailureDecision.Defer) { Faults = [TransportFaultKind.Timeout, TransportFaultKind.ConnectionLost, TransportFaultKind.ProtocolViolation], Stages = Session },
        new("program-unusable", FailureDecision.Suspend) { Faults = [TransportFaultKind.ProgramUnusable] },
        new("program", FailureDecision.TryElsewhere) { Faults = [TransportFaultKind.ProgramFailed] },

        // A program's exit code (sysexits.h; qmail-inject(8)). What it says of the message or of an address destroys mail only where nobody else was meant; what it says of itself
        // never does. EX_NOHOST and EX_UNAVAILABLE are as often said of the program's own relay, so they are no verdict on a recipient.
        new("program-refused-all", FailureDecision.SendApart) { Exits = Refusals, Shared = true },
        new("program-refused", FailureDecision.Fail) { Exits = Refusals },
        new("program-set-wrong", FailureDecision.Suspend) { Exits = [Sysexits.Usage, Sysexits.NoPermission, Sysexits.Configuration], Proven = false },

        // PHP tells no code of the program that it calls. Where other mail gets through, the message has a few tries, because nobody will ever say that it is refused for good.
        new("php-without-mail", FailureDecision.Suspend) { Exits = [PhpExit.NoMail] },
        new("php-said-no-often", FailureDecision.Fail) { Exits = [PhpExit.SaidNo], Overtaken = true, Tries = 5 },
        new("php-said-no", FailureDecision.Defer) { Exits = [PhpExit.SaidNo], Overtaken = true },
        new("program-said-no", FailureDecision.TryElsewhere) { SessionStood = true, Stages = [TransportStage.Program], Permanent = false },

        // One recipient.
        new("too-many-recipients", FailureDecision.SendAgain) { Stages = [TransportStage.Rcpt], Codes = [452, 552], Enhanced = ["4.5.3", "5.5.3"], OthersAccepted = true },
        new("too-many-recipients-bare", FailureDecision.SendAgain) { Stages = [TransportStage.Rcpt], Codes = [452, 552], Enhanced = [""], OthersAccepted = true },
        new("relay-denied-here", FailureDecision.Defer) { Stages = [TransportStage.Rcpt], Permanent = true, Says = RelayDenied, AllRefused = true, Proven = true },
        new("relay-denied", FailureDecision.Suspend) { Stages = [TransportStage.Rcpt], Permanent = true, Says = RelayDenied, AllRefused = true },

        // Our own address in disrepute, or a sender that the login may not use: said of every message alike, so it is no verdict on this one
        // while nothing has got through yet.
        new("host-in-disrepute", FailureDecision.Suspend) { SessionStood = true, Stages = [TransportStage.Mail], Permanent = true, Says = Disrepute, Proven = false },
        new("host-in-disrepute", FailureDecision.Suspend) { SessionStood = true, Stages = [TransportStage.Rcpt], Permanent = true, Says = Disrepute, AllRefused = true, Proven = false },
        new("sender-not-allowed", FailureDecision.Suspend) { SessionStood = true, Stages = [TransportStage.Mail], Permanent = true, Says = SenderNotAllowed, Proven = false },

        new("no-such-address", FailureDecision.FailAndSuppress) { SessionStood = true, Stages = [TransportStage.Rcpt], Permanent = true, Enhanced = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"] },
        new("greylisted", FailureDecision.DeferShortly) { Stages = [TransportStage.Rcpt, TransportStage.Data], Permanent = false, Codes = [450, 451], Says = Greylisted },
        new("recipient-refused", FailureDecision.Fail) { SessionStood = true, Stages = [TransportStage.Rcpt], Permanent = true },

        // The message.
        new("message-refused", FailureDecision.Fail) { SessionStood = true, Stages = [TransportStage.Mail, TransportStage.Data, TransportStage.Content, TransportStage.Program], Permanent = true },

        new("for-now", FailureDecision.Defer),
    ];

    public static FailureRule Decide(Failure failure) => Table.First(rule => rule.Fits(failure));

    static bool RelayDenied(string text) =>
        text.Contains("relay", StringComparison.OrdinalIgnoreCase)
        && (text.Contains("denied", StringComparison.OrdinalIgnoreCase) || text.Contains("not permitted", StringComparison.OrdinalIgnoreCase)
            || text.Contains("prohibited", StringComparison.OrdinalIgnoreCase) || text.Contains("not allowed", StringComparison.OrdinalIgnoreCase));

    static bool Disrepute(string text) => SaysOne(text, "blocklist", "block list", "blacklist", "spamhaus", "dnsbl", "reputation");

    static bool SenderNotAllowed(string text) => SaysOne(text, "not owned by", "send as", "sender address rejected", "from address", "mail from must", "sender not allowed");

    static bool SaysOne(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    static bool Greylisted(string text) =>
        text.Contains("greylist", StringComparison.OrdinalIgnoreCase) || text.Contains("graylist", StringComparison.OrdinalIgnoreCase)
        || text.Contains("try again in", StringComparison.OrdinalIgnoreCase) || text.Contains("grey list", StringComparison.OrdinalIgnoreCase);
}
