using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>The steps of a diagnosis, a closed list.</summary>
internal static class StepName
{
    public const string Start = "start";
    public const string Environment = "environment";
    public const string Resolve = "resolve";
    public const string Connect = "connect";
    public const string Proxy = "proxy";
    public const string Greeting = "greeting";
    public const string Ehlo = "ehlo";
    public const string StartTls = "startTls";
    public const string Tls = "tls";
    public const string Certificate = "certificate";
    public const string Capabilities = "capabilities";
    public const string AuthOffers = "authOffers";
    public const string Auth = "auth";
    public const string Mail = "mail";
    public const string Rcpt = "rcpt";
    public const string Ports = "ports";
    public const string Program = "program";
    public const string Fix = "fix";
    public const string Verdict = "verdict";

    public static IReadOnlyList<string> All { get; } =
        [Start, Environment, Resolve, Connect, Proxy, Greeting, Ehlo, StartTls, Tls, Certificate, Capabilities, AuthOffers, Auth, Mail, Rcpt, Ports, Program, Fix, Verdict];

    public static string Of(TransportStage stage) => stage switch
    {
        TransportStage.Resolve => Resolve,
        TransportStage.Connect => Connect,
        TransportStage.Tls => Tls,
        TransportStage.Greeting => Greeting,
        TransportStage.Ehlo => Ehlo,
        TransportStage.StartTls => StartTls,
        TransportStage.Auth => Auth,
        TransportStage.Mail => Mail,
        TransportStage.Program => Program,
        _ => Rcpt,
    };
}
