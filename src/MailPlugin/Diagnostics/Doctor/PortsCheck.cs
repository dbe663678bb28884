using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;
using MailPlugin.Security.Outbound;
using MailPlugin.Smtp;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>Looks at the other ports for submission that the same relay may have: whether a mail server speaks there, and how it would protect. No sign-in is tried.</summary>
internal sealed class PortsCheck(OutboundPolicy policy, TimeProvider clock)
{
    const int ImplicitTlsPort = 465;
    static readonly int[] Submission = [25, ImplicitTlsPort, 587, 2525];
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyList<PortSight>> RunAsync(SmtpRelay relay, Evidence? evidence, Findings findings, CancellationToken cancellationToken)
    {
        if (relay.Proxy is not null)
        {
            findings.Skip(StepName.Ports, null, new("Not looked at: the relay is behind a proxy.", "未检查：邮件服务器在代理之后。"));
            return [];
        }

        if (evidence?.Fault?.Kind is Transports.TransportFaultKind.NameNotResolved or Transports.TransportFaultKind.DestinationNotAllowed)
        {
            findings.Skip(StepName.Ports, null, new("Not looked at: there is no address to go to.", "未检查：没有可连接的地址。"));
            return [];
        }

        var others = Submission.Where(port => port != relay.Port).ToList();
        foreach (var forbidden in others.Where(port => !policy.AllowsPort(port)))
        {
            findings.Skip(StepName.Ports, HostPort.Of(relay.Host, forbidden), new("Outbound:Ports does not allow it.", "Outbound:Ports 不允许该端口。"));
        }

        return await Task.WhenAll(others.Where(policy.AllowsPort).Select(port => LookAsync(relay, port, findings, cancellationToken)));
    }

    async Task<PortSight> LookAsync(SmtpRelay relay, int port, Findings findings, CancellationToken cancellationToken)
    {
        var mark = findings.Mark();
        var watch = new QuietWatch();
        var fault = default(SmtpException);
        try
        {
            await using var session = await SmtpSession.ConnectAsync(Like(relay, port), watch, clock, cancellationToken);
            await session.QuitAsync(cancellationToken);
        }
        catch (SmtpException refused)
        {
            fault = refused;
        }

        var seen = new PortSight(port, watch.Sight, fault);
        Tell(seen, relay, findings, mark);
        return seen;
    }

    static SmtpRelay Like(SmtpRelay relay, int port) => relay with
    {
        Port = port,
        Security = port == ImplicitTlsPort ? SmtpSecurity.ImplicitTls : SmtpSecurity.StartTlsIfOffered,
        Credentials = null,
        Timeouts = relay.Timeouts with { Connect = Patience, Tls = Patience, Greeting = Patience, Command = Patience, Silence = null },
    };

    static void Tell(PortSight seen, SmtpRelay relay, Findings findings, long mark)
    {
        var offered = seen.Sight.Offered;
        var data = new JsonObject
        {
            ["port"] = seen.Port,
            ["speaksSmtp"] = seen.SpeaksSmtp,
            ["tls"] = seen.Sight.Tls?.ToString(),
            ["certificateProblem"] = seen.Sight.Certificate?.Problem is { } problem ? Http.Binding.EnumText.Of(problem) : null,
            ["auth"] = new JsonArray([.. (offered?.AuthMechanisms ?? []).Select(name => JsonValue.Create(name))]),
        };
        findings.Add(StepName.Ports, HostPort.Of(relay.Host, seen.Port), seen.SpeaksSmtp ? StepOutcome.Ok : StepOutcome.Skipped, mark, Describe(seen), data);
    }

    static string InChinese(SmtpException fault) => fault.Fault switch
    {
        SmtpFault.ConnectionRefused => "该端口上没有服务。",
        SmtpFault.Timeout => "未在时限内应答。",
        SmtpFault.Unreachable => "无法到达。",
        SmtpFault.ConnectionLost or SmtpFault.ServiceClosing => "连接被关闭。",
        _ => fault.Message,
    };

    static LocalizedText Describe(PortSight seen)
    {
        if (!seen.SpeaksSmtp)
        {
            return seen.Fault is { } fault ? new($"Not to be used: {fault.Message}", $"不可用：{InChinese(fault)}") : new("Not to be used.", "不可用。");
        }

        var tls = seen.Sight.Tls?.ToString() ?? "–";
        var auth = seen.Sight.Offered is { AuthMechanisms.Count: > 0 } offered ? string.Join(", ", offered.AuthMechanisms) : "–";
        return new($"A mail server speaks there. TLS: {tls}. Sign-in: {auth}.", $"有邮件服务器响应。TLS：{tls}。登录方式：{auth}。");
    }
}

/// <summary>What was seen at another port.</summary>
internal sealed record PortSight(int Port, SessionSight Sight, SmtpException? Fault)
{
    public bool SpeaksSmtp => Sight.Offered is not null;
}
