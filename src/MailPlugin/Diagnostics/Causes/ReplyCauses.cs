using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Settings;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>
/// Why a reply refused: what the knowledge base knows of its words, else by the rules of RFC 5321, 3463 and 4954, the first row that fits. Rows that cannot be sure say so.
/// </summary>
internal static class ReplyCauses
{
    const string NoOffer = "–";

    static readonly string[] OfPasswords = ["login-refused", "app-password-needed"];
    static readonly TransportStage[] Opening = [TransportStage.Greeting, TransportStage.Ehlo];
    static readonly TransportStage[] Envelope = [TransportStage.Mail, TransportStage.Rcpt];
    static readonly string[] Disrepute = ["blocked using", "blocklist", "block list", "blacklist", "black list", "dnsbl", "spamhaus", "barracuda", "reputation"];
    static readonly string[] TooMany = ["too many connections", "too many concurrent", "concurrent connections", "connection limit", "connections from your", "max connections"];
    static readonly string[] WantsLogin =
        ["authentication required", "authentication is required", "auth required", "not logged in", "must authenticate", "authenticate first", "need to authenticate", "log in first", "login required", "requires authentication"];

    static readonly string[] WantsTls = ["starttls", "encryption required", "tls required", "requires tls", "encrypted connection"];
    static readonly string[] NotYourSender = ["not owned by", "send as", "be same as auth", "must equal auth", "not allowed to send", "does not match auth", "sender not allowed"];
    static readonly string[] BadSender = ["sender address rejected", "sender rejected", "sender verify", "from address", "sender denied"];
    static readonly string[] NotThisHost = ["client host rejected", "client address", "your ip", "host not allowed"];
    static readonly string[] BadName = ["helo command rejected", "ehlo command rejected", "invalid helo", "helo name", "ehlo name", "helo/ehlo", "fully-qualified hostname"];

    static readonly IReadOnlyList<ReplyRule> Table =
    [
        // Signing in. A temporary refusal says nothing about the password.
        new(_ => CauseCatalog.LoginUnavailable()) { Stages = [TransportStage.Auth], Permanent = false },
        new(_ => CauseCatalog.TlsNeeded()) { Stages = [TransportStage.Auth], Codes = [530, 538], When = WithoutTls },
        new(seen => CauseCatalog.AuthMethodNotOffered(Offered(seen))) { Stages = [TransportStage.Auth], Codes = [504] },
        new(seen => CauseCatalog.TokenNotTaken(seen.Transport.Smtp!.Login ?? "")) { Stages = [TransportStage.Auth], Permanent = true, When = ByToken },
        new(_ => CauseCatalog.PasswordMissing()) { Stages = [TransportStage.Auth], Permanent = true, When = WithoutPassword },
        new(_ => CauseCatalog.LoginRefused()) { Stages = [TransportStage.Auth], Codes = [534, 535] },
        new(_ => CauseCatalog.LoginRefused() with { Confidence = Confidence.Medium }) { Stages = [TransportStage.Auth], Permanent = true },

        new(_ => CauseCatalog.ClientCertificateNeeded()) { Says = ["client certificate"], When = WithoutCertificate },

        // The greeting, and our name.
        new(_ => CauseCatalog.TooManyConnections()) { Permanent = false, Says = TooMany },
        new(_ => CauseCatalog.Blocklisted() with { Confidence = Confidence.Medium }) { Stages = Opening, Says = Disrepute },
        new(_ => CauseCatalog.ServerBusy()) { Stages = Opening, Codes = [421] },
        new(_ => CauseCatalog.TemporarilyRefused()) { Stages = Opening, Permanent = false },
        new(_ => CauseCatalog.GreetingRefused()) { Stages = [TransportStage.Greeting] },
        new(_ => CauseCatalog.NotSmtp("EHLO: 500") with { Confidence = Confidence.Medium }) { Stages = [TransportStage.Ehlo], Codes = [500, 502] },
        new(seen => CauseCatalog.HeloRefused(NameOf(seen))) { Stages = [TransportStage.Ehlo], Says = ["helo", "ehlo", "hostname", "host name", "fully"] },
        new(_ => CauseCatalog.GreetingRefused() with { Confidence = Confidence.Medium }) { Stages = [TransportStage.Ehlo] },
        new(seen => CauseCatalog.HeloRefused(NameOf(seen))) { Says = BadName },

        new(_ => CauseCatalog.StartTlsRefused()) { Stages = [TransportStage.StartTls] },

        // What has to come first. RFC 3207 4 and RFC 4954 6 share 530.
        new(_ => CauseCatalog.TlsNeeded()) { Says = WantsTls, When = WithoutTls },
        new(_ => CauseCatalog.LoginNeeded()) { Says = WantsLogin, When = WithoutLogin },
        new(_ => CauseCatalog.LoginNeeded()) { Codes = [530], When = WithoutLogin },

        // The message and its mailbox, wherever they are judged.
        new(_ => CauseCatalog.SmtpUtf8NotOffered()) { Enhanced = ["5.6.7"] },
        new(_ => CauseCatalog.TooLarge()) { Enhanced = ["5.3.4", "5.2.3"] },
        new(_ => CauseCatalog.MailboxFull()) { Enhanced = ["5.2.2", "4.2.2"] },

        // For now.
        new(_ => CauseCatalog.Greylisted()) { Permanent = false, Says = ["greylist", "graylist", "grey list"] },
        new(_ => CauseCatalog.ServerBusy()) { Codes = [421] },
        new(_ => CauseCatalog.TemporarilyRefused()) { Permanent = false },

        // For good: whom the words blame, before what the stage suggests.
        new(_ => CauseCatalog.Blocklisted() with { Confidence = Confidence.Medium }) { Says = Disrepute },
        new(_ => CauseCatalog.SenderNotAllowed()) { Says = NotYourSender },
        new(_ => CauseCatalog.SenderRefused()) { Says = BadSender },
        new(_ => CauseCatalog.RecipientUnknown()) { Stages = [TransportStage.Rcpt], Enhanced = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"] },
        new(_ => CauseCatalog.RelayDenied()) { Stages = Envelope, Says = ["relay"] },
        new(_ => CauseCatalog.LoginNeeded() with { Confidence = Confidence.Medium }) { Stages = Envelope, Says = NotThisHost, When = seen => WithoutLogin(seen) && Offered(seen) != NoOffer },
        new(_ => CauseCatalog.HostNotAllowed() with { Confidence = Confidence.Medium }) { Stages = Envelope, Says = NotThisHost },
        new(_ => CauseCatalog.Unknown()) { Codes = [500, 502, 503, 504] },
        new(_ => CauseCatalog.SenderRefused()) { Stages = [TransportStage.Mail], Enhanced = ["5.1.7", "5.1.8"] },
        new(_ => CauseCatalog.PolicyRefused()) { Stages = Envelope, Enhanced = ["5.7."] },
        new(_ => CauseCatalog.SenderRefused() with { Confidence = Confidence.Medium }) { Stages = [TransportStage.Mail] },
        new(_ => CauseCatalog.RecipientRefused() with { Confidence = Confidence.Medium }) { Stages = [TransportStage.Rcpt] },
        new(_ => CauseCatalog.ContentRefused()) { Stages = [TransportStage.Data, TransportStage.Content] },
    ];

    /// <remarks>What is known of refused passwords does not hold for a token.</remarks>
    public static Cause Of(Evidence seen) =>
        (Known(seen) is { } known && !(ByToken(seen) && OfPasswords.Contains(known.Id)) ? known : null) ?? (seen.Reply is { Code: > 0 } reply ? Table.FirstOrDefault(rule => rule.Fits(seen, reply))?.Cause(seen) : null) ?? CauseCatalog.Unknown();

    /// <summary>What the knowledge base says of the words; null: nothing.</summary>
    public static Cause? Known(Evidence seen) => Observation.Of(seen) is not { } observed || KnowledgeBase.Shipped.Find(observed) is not { } entry ? null : new(entry.Cause, entry.Text, entry.Advice)
    {
        Who = entry.Who,
        Known = entry,

        // 535 is said of every wrong password, whatever else a provider may mean by it.
        Confidence = seen.Reply is { Code: 535 } && entry.Cause == "app-password-needed" ? Confidence.Medium : Confidence.High,
    };

    static bool WithoutTls(Evidence seen) => seen.Sight.Tls is null;

    static bool WithoutCertificate(Evidence seen) => seen.Sight.ClientCertificateAsked && seen.Transport.Smtp is { Certificate.ClientCertificate: null };

    static bool WithoutLogin(Evidence seen) => !seen.Sight.SignedIn;

    static bool ByToken(Evidence seen) => seen.Transport.Smtp is { OAuth: not null };

    static bool WithoutPassword(Evidence seen) => seen.Transport.Smtp is { Username: not null, Password: null };

    static string Offered(Evidence seen) => seen.Sight.Offered is { AuthMechanisms.Count: > 0 } offered ? string.Join(", ", offered.AuthMechanisms) : NoOffer;

    static string NameOf(Evidence seen) => seen.Transport.Smtp?.EhloName ?? "–";
}
