using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http.Binding;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>What this host brings along, whatever the relay does: its clock, its TLS library, the authorities that it trusts.</summary>
internal sealed class EnvironmentCheck(TimeProvider clock)
{
    static readonly TimeSpan OldBundle = TimeSpan.FromDays(3 * 365);

    public HostFacts Run(Findings findings)
    {
        var mark = findings.Mark();
        var facts = HostFacts.Read(clock);
        Clock(findings, facts, mark);
        TlsLibrary(findings);
        Authorities(findings, facts, mark);
        return facts;
    }

    static void Clock(Findings findings, HostFacts facts, long mark)
    {
        var now = TimeText.Of(facts.Now);
        findings.Add(StepName.Environment, "clock", facts.ClockIsBehind ? StepOutcome.Failed : StepOutcome.Ok, mark, facts.ClockIsBehind
            ? new($"This host's clock says {now}: earlier than files that it has.", $"本机时钟为 {now}：早于本机已有文件的时间。")
            : new($"This host's clock says {now}.", $"本机时钟为 {now}。"));
    }

    static void TlsLibrary(Findings findings)
    {
        var mark = findings.Mark();
        var library = LibraryName();
        findings.Add(StepName.Environment, "tls", StepOutcome.Ok, mark, new($"TLS by {library}; versions 1.2 and 1.3 are spoken.", $"TLS 由 {library} 提供，使用 1.2 和 1.3 版本。"));
    }

    static void Authorities(Findings findings, HostFacts facts, long mark)
    {
        var count = facts.Authorities;
        var bundle = FindBundle();
        var date = bundle is null ? null : TimeText.Of(bundle.LastWriteTimeUtc)[..10];
        var data = new JsonObject { ["count"] = count, ["file"] = bundle?.FullName, ["date"] = date };
        if (count == 0)
        {
            findings.Add(StepName.Environment, "authorities", StepOutcome.Warning, mark, new(
                "This host trusts no certification authority: install the package ca-certificates.", "本机没有受信任的证书颁发机构：请安装 ca-certificates 软件包。"), data);
            return;
        }

        var (where, whereChinese) = bundle is null ? ("", "") : ($", {bundle.FullName} of {date}", $"，文件 {bundle.FullName}，日期 {date}");
        var old = bundle is not null && facts.Now - bundle.LastWriteTimeUtc > OldBundle;
        findings.Add(StepName.Environment, "authorities", old ? StepOutcome.Warning : StepOutcome.Ok, mark, new(
            $"{count} certification authorities are trusted{where}{(old ? ": that is old, newer ones are unknown here" : "")}.",
            $"信任 {count} 个证书颁发机构{whereChinese}{(old ? "：文件较旧，不认识较新的机构" : "")}。"), data);
    }

    static string LibraryName()
    {
        if (OperatingSystem.IsWindows())
        {
            return $"Schannel ({Environment.OSVersion.VersionString})";
        }

        if (OperatingSystem.IsMacOS() || OperatingSystem.IsIOS())
        {
            return "Secure Transport";
        }

        var version = SafeEvpPKeyHandle.OpenSslVersion;
        var patch = version >> 28 >= 3 ? (version >> 4) & 0xff : (version >> 12) & 0xff;
        return string.Create(CultureInfo.InvariantCulture, $"OpenSSL {version >> 28}.{(version >> 20) & 0xff}.{patch}");
    }

    /// <summary>The file that the TLS library reads, where the system has one.</summary>
    static FileInfo? FindBundle()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("SSL_CERT_FILE"),
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem",
        ];
        return places.OfType<string>().Where(place => place.Length > 0).Select(place => new FileInfo(place)).FirstOrDefault(file => file.Exists);
    }
}
