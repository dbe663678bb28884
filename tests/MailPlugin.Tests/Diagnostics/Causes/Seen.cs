using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Settings;
using MailPlugin.Smtp;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Transports;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Tests.Diagnostics.Causes;

/// <summary>Evidence in a line.</summary>
internal static class Seen
{
    static readonly SmtpCertificate Shown = new("CN=relay", ["relay.example"], "CN=CA", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(90), new string('A', 64));

    /// <summary>A reply at a stage, such as <c>550 5.1.1 no such user</c>.</summary>
    public static Evidence Reply(TransportStage stage, string reply, Action<JsonObject>? smtp = null, params SmtpEvent[] happened) =>
        new(Transport(smtp), Sight(happened), stage) { Reply = FromText(reply) };

    /// <summary>A session that failed by itself.</summary>
    public static Evidence Fault(TransportFaultKind kind, TransportStage stage, Action<JsonObject>? smtp = null, params SmtpEvent[] happened) =>
        Evidence.Of(new TransportFault(stage, kind, "detail"), Transport(smtp), Sight(happened));

    /// <summary>The provider gave no token, with these words.</summary>
    public static Evidence Token(TransportFaultKind kind, string words) => Evidence.Of(new TransportFault(TransportStage.Auth, kind, words), Transport(ByToken), Sight());

    /// <summary>Signs in by token.</summary>
    public static void ByToken(JsonObject smtp)
    {
        smtp.Remove("username");
        smtp.Remove("password");
        smtp["oauth"] = new JsonObject { ["provider"] = "microsoft", ["flow"] = "authorizationCode", ["clientId"] = "id", ["account"] = "a@example.com" };
    }

    public static Evidence Certificate(RefusedCertificateProblem problem, HostFacts? host = null, Action<JsonObject>? smtp = null, params SmtpEvent[] happened) =>
        Evidence.Of(
            new TransportFault(TransportStage.Tls, TransportFaultKind.CertificateRejected, "detail")
            {
                Certificate = new(Shown.Subject, Shown.Names, Shown.Issuer, Shown.NotBefore, Shown.NotAfter, Shown.Sha256, problem),
            },
            Transport(smtp), Sight(happened)) with
        { Host = host ?? HostFacts.Sound };

    /// <summary>A program that ended so.</summary>
    public static Evidence Ran(ProgramEnd end, int? exit = null, TransportFaultKind? fault = null, string mode = "sendmail", string style = "pipe") =>
        new(Bodies.Stored(Bodies.Program(mode, style)).Transports[0], new(), TransportStage.Program)
        {
            Program = new("/usr/sbin/sendmail", end, exit, "") { Signal = end == ProgramEnd.Killed ? 9 : null },
            Fault = fault is { } kind ? new(TransportStage.Program, kind, "detail") : null,
        };

    public static TransportSettings Transport(Action<JsonObject>? smtp = null) => Bodies.Stored(Bodies.Smtp(smtp)).Transports[0];

    public static SessionSight Sight(params ReadOnlySpan<SmtpEvent> happened)
    {
        var sight = new SessionSight();
        foreach (var one in happened)
        {
            sight.Observe(one);
        }

        return sight;
    }

    // What can happen.
    public static SmtpEvent Connected { get; } = new SmtpEvent.Connected(new(IPAddress.Loopback, 25));

    public static SmtpEvent CertificateAsked { get; } = new SmtpEvent.ClientCertificateAsked();

    public static SmtpEvent Secured { get; } = new SmtpEvent.Secured(new(System.Security.Authentication.SslProtocols.Tls13, System.Net.Security.TlsCipherSuite.TLS_AES_128_GCM_SHA256, Shown));

    public static SmtpEvent SignedIn { get; } = new SmtpEvent.LoginAnswered("PLAIN", Said("235 2.7.0 welcome"));

    public static SmtpEvent Network(SocketError error) => new SmtpEvent.NetworkFailed(error);

    public static SmtpEvent Proxy(SmtpProxyAnswer answer) => new SmtpEvent.ProxyAnswered(answer);

    public static SmtpEvent Heard(SmtpPortSpeech speech, string text = "") => new SmtpEvent.Overheard(speech, text);

    public static SmtpEvent Greeted(string reply) => new SmtpEvent.Greeted(Said(reply));

    public static SmtpEvent Handshake(int? alert = null, int? version = null) => new SmtpEvent.HandshakeFailed(alert, version);

    /// <summary>The answer to EHLO.</summary>
    public static SmtpEvent Offered(params string[] keywords) => new SmtpEvent.Offered(Capabilities(keywords), Tls: false);

    public static SmtpEvent OfferedUnderTls(params string[] keywords) => new SmtpEvent.Offered(Capabilities(keywords), Tls: true);

    public static TransportReply FromText(string reply)
    {
        var said = Said(reply);
        return new(said.Code, said.EnhancedStatus, said.Text);
    }

    static SmtpReply Said(string reply) => SmtpReply.Parse(Encoding.UTF8.GetBytes(reply + "\r\n"));

    static SmtpCapabilities Capabilities(string[] keywords)
    {
        var lines = keywords.Prepend("relay.example").ToList();
        var text = string.Concat(lines.Select((line, at) => string.Create(CultureInfo.InvariantCulture, $"250{(at < lines.Count - 1 ? '-' : ' ')}{line}\r\n")));
        return SmtpCapabilities.Parse(SmtpReply.Parse(Encoding.UTF8.GetBytes(text)));
    }
}
