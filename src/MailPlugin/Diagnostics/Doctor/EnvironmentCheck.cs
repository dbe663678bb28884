using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>What this host brings along, whatever the relay does: its clock, its TLS library, the authorities that it trusts.</summary>
internal sealed class EnvironmentCheck(TimeProvider clock)
{
    /// <summary>A clock is right to within this, as far as a certificate's dates are concerned.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    static readonly TimeSpan OldBundle = TimeSpan.FromDays(3 * 365);

    public void Run(Findings findings)
    {
        Clock(findings);
        TlsLibrary(findings);
        Authorities(findings);
    }

    /// <summary>Whether the clock can be right: nothing on this host is from the future.</summary>
    public bool ClockIsBehind() => NewestKnownTime() is { } known && clock.GetUtcNow() < known - Grace;

    /// <summary>Whether this host trusts nobody at all.</summary>
    public static bool TrustsNobody() => CountAuthorities() == 0;

    void Clock(Findings findings)
    {
        var mark = findings.Mark();
        var now = TimeText.Of(clock.GetUtcNow());
        var behind = ClockIsBehind();
        findings.Add(StepName.Environment, "clock", behind ? StepOutcome.Failed : StepOutcome.Ok, mark, behind
            ? new($"This host's clock says {now}: earlier than files that it has.", $"本机时钟为 {now}：早于本机已有文件的时间。")
            : new($"This host's clock says {now}.", $"本机时钟为 {now}。"));
    }

    static void TlsLibrary(Findings findings)
    {
        var mark = findings.Mark();
        var library = LibraryName();
        findings.Add(StepName.Environment, "tls", StepOutcome.Ok, mark, new($"TLS by {library}; versions 1.2 and 1.3 are spoken.", $"TLS 由 {library} 提供，使用 1.2 和 1.3 版本。"));
    }

    void Authorities(Findings findings)
    {
        var mark = findings.Mark();
        var count = CountAuthorities();
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
        var old = bundle is not null && clock.GetUtcNow() - bundle.LastWriteTimeUtc > OldBundle;
        findings.Add(StepName.Environment, "authorities", old ? StepOutcome.Warning : StepOutcome.Ok, mark, new(
            $"{count} certification authorities are trusted{where}{(old ? ": that is old, newer ones are unknown here" : "")}.",
            $"信任 {count} 个证书颁发机构{whereChinese}{(old ? "：文件较旧，不认识较新的机构" : "")}。"), data);
    }

    static int CountAuthorities()
    {
        try
        {
            using var roots = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            using var own = new X509Store(StoreName.Root, StoreLocation.CurrentUser, OpenFlags.ReadOnly);
            return roots.Certificates.Union(own.Certificates).Count();
        }
        catch (CryptographicException)
        {
            // A store that cannot be opened trusts nobody.
            return 0;
        }
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

    static DateTimeOffset? NewestKnownTime()
    {
        var own = typeof(EnvironmentCheck).Assembly.Location is { Length: > 0 } place ? new FileInfo(place) : null;
        return own is { Exists: true } ? own.LastWriteTimeUtc : null;
    }
}
