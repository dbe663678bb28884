using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Diagnostics.Fixes;

/// <summary>Changes of settings that may cure a cause, the best first. Each is tried before anybody hears of it (<see cref="FixSearch"/>).</summary>
internal static class FixCandidates
{
    const int ImplicitTlsPort = 465;

    /// <param name="target">The settings that failed.</param>
    /// <param name="cause">Why.</param>
    /// <param name="seen">What was seen.</param>
    /// <param name="ports">What speaks at the relay's other ports, as far as it is known.</param>
    public static IEnumerable<CauseFix> Of(TestTarget target, Cause cause, Evidence seen, IReadOnlyList<PortSight> ports)
    {
        if (target.Transport.Smtp is not { } smtp)
        {
            return [];
        }

        var path = $"transports[id={target.Transport.Id}].smtp";
        return cause.Id switch
        {
            "tls-expected" => [Security(SmtpSecurityChoice.ImplicitTls)],
            "plain-text-expected" => [Security(SmtpSecurityChoice.StartTls), .. OnThisHost(), .. OtherPorts()],
            "tls-needed" or "auth-needs-tls" => [Security(SmtpSecurityChoice.StartTls)],
            "starttls-not-offered" or "starttls-stripped" or "starttls-refused" => [.. OtherPorts(), .. OnThisHost()],
            "tls-too-old" => smtp.MinimumTls == "1.2" ? OtherPorts() : [Fix(("minimumTls", "1.2")), .. OtherPorts()],
            "tls-handshake" or "connection-refused" or "connect-timeout" or "greeting-timeout" or "not-smtp" => OtherPorts(),
            "certificate-name" or "certificate-self-signed" or "certificate-expired" => Pin(seen),
            "certificate-unknown-issuer" => smtp.Certificate.Trust == CertificateTrustChoice.CustomCa ? [TrustSystem(), .. Pin(seen)] : Pin(seen),
            "certificate-pin-mismatch" => [TrustSystem(), .. Pin(seen)],
            "plaintext-auth-not-allowed" => [Security(SmtpSecurityChoice.StartTls), Security(SmtpSecurityChoice.ImplicitTls), .. OtherPorts(), .. PlaintextOnThisHost()],
            "auth-method-not-offered" => [Fix(("auth", "auto")), Fix(("auth", "ntlm"))],
            "auth-not-offered" => [.. OtherPorts(), Fix(("auth", "none"))],
            "login-needed" when smtp is { Username: not null, Auth: SmtpAuthChoice.None } => [Fix(("auth", "auto"))],
            "sender-not-allowed" or "sender-refused" or "sender-not-verified" => FromLogin(target, smtp),
            "helo-refused" when smtp.EhloName is not null => [Fix(("ehloName", null))],
            "local-address-wrong" => [Fix(("localAddress", null))],
            _ => [],
        };

        CauseFix Fix(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
        {
            var value = new JsonObject();
            foreach (var (name, part) in members)
            {
                value[name] = part;
            }

            return new(path, value);
        }

        CauseFix Security(SmtpSecurityChoice security) => Fix(("security", EnumText.Of(security)));

        CauseFix TrustSystem() => new($"{path}.certificate", new JsonObject { ["trust"] = "system", ["sha256"] = null, ["caPem"] = null });

        IEnumerable<CauseFix> Pin(Evidence evidence) => evidence.Sight.Certificate is { Sha256.Length: > 0 } shown ? [PinFix(path, shown.Sha256)] : [];

        // What never leaves this machine needs no TLS.
        IEnumerable<CauseFix> OnThisHost() => RelaySecurity.IsLoopback(smtp.Host) && !target.SignsIn ? [Security(SmtpSecurityChoice.StartTlsIfOffered)] : [];

        IEnumerable<CauseFix> PlaintextOnThisHost() => RelaySecurity.IsLoopback(smtp.Host) ? [Fix(("allowPlaintextAuth", true))] : [];

        IEnumerable<CauseFix> OtherPorts() => ports
            .Where(port => port.SpeaksSmtp && (!target.SignsIn || (port.Sight.Tls is not null && port.Sight.Offered!.CanLogIn(Smtp.SmtpAuth.Auto, isToken: smtp.OAuth is not null))))
            .OrderBy(port => port.Port switch { ImplicitTlsPort => 0, 587 => 1, 2525 => 2, _ => 3 })
            .Select(port => Fix(("port", port.Port), ("security", EnumText.Of(
                port.Port == ImplicitTlsPort ? SmtpSecurityChoice.ImplicitTls : port.Sight.Tls is null ? SmtpSecurityChoice.StartTlsIfOffered : SmtpSecurityChoice.StartTls))));
    }

    public static CauseFix PinFix(string smtpPath, string sha256) =>
        new($"{smtpPath}.certificate", new JsonObject { ["trust"] = "pinned", ["sha256"] = sha256.ToLowerInvariant() });

    /// <summary>The same change, with trust in exactly one certificate.</summary>
    public static CauseFix WithPin(CauseFix fix, string sha256)
    {
        if (fix.Path.EndsWith(".certificate", StringComparison.Ordinal))
        {
            return PinFix(fix.Path[..^".certificate".Length], sha256);
        }

        var value = fix.Value.DeepClone().AsObject();
        value["certificate"] = new JsonObject { ["trust"] = "pinned", ["sha256"] = sha256.ToLowerInvariant() };
        return new(fix.Path, value);
    }

    static IEnumerable<CauseFix> FromLogin(TestTarget target, SmtpSettings smtp)
    {
        if (!MailboxAddress.TryParse(smtp.Username, out var login, out _))
        {
            return [];
        }

        var value = new JsonObject { ["from"] = new JsonObject { ["address"] = login.Address, ["name"] = target.From?.Name } };
        if ((target.Transport.EnvelopeFrom ?? target.Settings.EnvelopeFrom) is not null)
        {
            value["envelopeFrom"] = login.Address;
        }

        return [new($"transports[id={target.Transport.Id}]", value)];
    }
}
