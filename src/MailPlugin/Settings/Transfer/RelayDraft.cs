using System.Globalization;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Settings.Reading;

namespace MailPlugin.Settings.Transfer;

/// <summary>A transport as a draft has it, of a relay as a text describes it. Where the text leaves something open the choice is told.</summary>
internal static class RelayDraft
{
    public static JsonObject Of(ImportedRelay relay, ImportReport report)
    {
        var signsIn = relay.SignsIn ?? relay.Username is not null;
        var security = Security(relay, signsIn, report);
        var smtp = new JsonObject
        {
            ["host"] = relay.Host,
            ["port"] = relay.Port ?? DefaultPort(relay, signsIn, report),
            ["security"] = EnumText.Of(security),
            ["auth"] = EnumText.Of(signsIn ? relay.Auth : SmtpAuthChoice.None),
            ["timeoutSeconds"] = relay.TimeoutSeconds,
        };
        if (signsIn)
        {
            smtp["username"] = relay.Username;
            smtp["password"] = relay.Password;
        }

        AddRest(smtp, relay);
        var label = relay.Label ?? (IsHost(relay.Host) ? relay.Host : null);
        var transport = new JsonObject { ["id"] = label, ["name"] = label, ["mode"] = "smtp" };
        if (relay.From is { } from)
        {
            transport["from"] = new JsonObject { ["address"] = from };
        }

        transport["smtp"] = smtp;
        Leave(smtp);
        return transport;
    }

    static void AddRest(JsonObject smtp, ImportedRelay relay)
    {
        smtp["minimumTls"] = relay.MinimumTls;
        smtp["ehloName"] = relay.EhloName;
        smtp["localAddress"] = relay.LocalAddress;
        if (relay.Pin is { } pin)
        {
            smtp["certificate"] = new JsonObject { ["trust"] = "pinned", ["sha256"] = pin };
        }

        if (relay.Proxy is { } proxy)
        {
            smtp["proxy"] = new JsonObject { ["type"] = EnumText.Of(proxy.Type), ["host"] = proxy.Host, ["port"] = proxy.Port, ["username"] = proxy.Username, ["password"] = proxy.Password };
        }
    }

    /// <summary>What is no host may be anything, a password among others: no id is made of it, as ids stand in warnings.</summary>
    static bool IsHost(string? text) => text is not null && (HostRule.Address(text) is not null || HostRule.Name(text) is not null);

    /// <summary>What was not said is left out, so that defaults stay defaults.</summary>
    static void Leave(JsonObject smtp)
    {
        foreach (var name in smtp.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList())
        {
            smtp.Remove(name);
        }
    }

    static SmtpSecurityChoice Security(ImportedRelay relay, bool signsIn, ImportReport report)
    {
        switch (relay.Tls)
        {
            case ImportedTls.Implicit:
                if (relay.Port is 25 or 587)
                {
                    report.Warn($"The text wants TLS from the start on port {relay.Port}, where servers usually speak STARTTLS: check it.", $"文本要求在端口 {relay.Port} 上直接使用 TLS，而该端口通常使用 STARTTLS：请核对。");
                }

                return SmtpSecurityChoice.ImplicitTls;
            case ImportedTls.StartTls:
                if (relay.Port == 465)
                {
                    report.Warn("The text wants STARTTLS on port 465, where servers usually speak TLS from the start: check it.", "文本要求在端口 465 上使用 STARTTLS，而该端口通常直接使用 TLS：请核对。");
                }

                return SmtpSecurityChoice.StartTls;
        }

        if (relay.Port == 465)
        {
            report.Warn("Port 465 speaks TLS from the start: implicit TLS is chosen.", "端口 465 直接使用 TLS：已选择隐式 TLS。");
            return SmtpSecurityChoice.ImplicitTls;
        }

        if (!signsIn)
        {
            return SmtpSecurityChoice.StartTlsIfOffered;
        }

        if (relay.Tls == ImportedTls.Unsaid)
        {
            return SmtpSecurityChoice.Auto;
        }

        report.Warn(
            "The text sends the password without TLS being required. Here STARTTLS is required, so that nobody can read it; if the server has none, choose another security and allow the password in plain text.",
            "原配置不强制 TLS 就发送密码。此处已改为强制 STARTTLS，以免密码被窃取；若服务器不支持，请另选加密方式并允许明文发送密码。");
        return SmtpSecurityChoice.StartTls;
    }

    static int DefaultPort(ImportedRelay relay, bool signsIn, ImportReport report)
    {
        var port = relay.DefaultPort ?? (relay.Tls == ImportedTls.Implicit ? 465 : relay.Tls == ImportedTls.StartTls || signsIn ? 587 : 25);
        if (relay.DefaultPort is null)
        {
            report.Warn(
                string.Create(CultureInfo.InvariantCulture, $"The text names no port: {port} is taken."),
                string.Create(CultureInfo.InvariantCulture, $"文本未指定端口：采用 {port}。"));
        }

        return port;
    }
}
