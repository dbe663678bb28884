using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>The mail settings of ownCloud's and Nextcloud's <c>config.php</c>, whole or a fragment.</summary>
internal static class OwncloudConfig
{
    /// <summary>What ownCloud takes when no port is named.</summary>
    const int StandardPort = 25;

    const string Mode = "mail_smtpmode";
    const string Host = "mail_smtphost";
    const string Port = "mail_smtpport";
    const string Timeout = "mail_smtptimeout";
    const string Secure = "mail_smtpsecure";
    const string Auth = "mail_smtpauth";
    const string AuthType = "mail_smtpauthtype";
    const string User = "mail_smtpname";
    const string Password = "mail_smtppassword";
    const string FromName = "mail_from_address";
    const string Domain = "mail_domain";

    static readonly string[] Known = [Mode, Host, Port, Timeout, Secure, Auth, AuthType, User, Password, FromName, Domain, "mail_sendmailmode"];
    static readonly string[] OfRelays = [Host, Port, Timeout, Secure, Auth, AuthType, User, Password];

    public static bool Looks(string text) => text.Contains("mail_smtp", StringComparison.Ordinal) && (text.Contains("=>", StringComparison.Ordinal) || text.Contains("=&gt;", StringComparison.Ordinal));

    public static ImportedSettings Read(string text, ImportReport report)
    {
        // As the source of a page has it.
        var entries = PhpArray.Read(text.Contains("=&gt;", StringComparison.Ordinal) ? WebUtility.HtmlDecode(text) : text);
        var values = Plain(entries, report);
        var settings = new ImportedSettings();
        SetFrom(settings, values, report);
        var mode = values.GetValueOrDefault(Mode)?.ToLowerInvariant();
        switch (mode)
        {
            case "sendmail" or "php" or "qmail":
                settings.Transports.Add(Program(mode, values));
                foreach (var name in OfRelays.Where(values.ContainsKey))
                {
                    report.Ignore(name, Ignored.OtherMode(mode));
                }

                Recognise(report, values, Mode, "mail_sendmailmode");
                break;
            case "null":
                settings.Values["enabled"] = false;
                report.Warn("The text switches mail off (mail_smtpmode null): so does this draft.", "文本关闭了邮件（mail_smtpmode 为 null）：此草稿同样关闭。");
                Recognise(report, values, Mode);
                break;
            case "smtp" or "smtpauth" or null or "":
                AddRelays(settings, values, report);
                break;
            default:
                report.Ignore(Mode, Ignored.Wrong("must be smtp, php, sendmail or qmail"));
                break;
        }

        return settings;
    }

    /// <summary>Mail settings by name, the last where one stands twice, as PHP has it.</summary>
    static Dictionary<string, string> Plain(IReadOnlyList<PhpEntry> entries, ImportReport report)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!entry.Key.StartsWith("mail_", StringComparison.Ordinal))
            {
                report.Ignore(entry.Key, Ignored.NotMail);
            }
            else if (entry.Key == "mail_smtpdebug")
            {
                report.Ignore(entry.Key, Ignored.Debug);
            }
            else if (entry.Key == "mail_smtpstreamoptions")
            {
                report.Ignore(entry.Key, Ignored.ChecksStayOn);
            }
            else if (!Known.Contains(entry.Key))
            {
                report.Ignore(entry.Key, Ignored.Unknown);
            }
            else if (entry.Kind is PhpKind.Computed or PhpKind.Array)
            {
                report.Ignore(entry.Key, Ignored.Computed);
            }
            else
            {
                values[entry.Key] = entry.Kind switch { PhpKind.True => "true", PhpKind.False => "false", PhpKind.Null => "", _ => entry.Text };
            }
        }

        return values;
    }

    static void SetFrom(ImportedSettings settings, Dictionary<string, string> values, ImportReport report)
    {
        var (name, domain) = (values.GetValueOrDefault(FromName), values.GetValueOrDefault(Domain));
        if (name is { Length: > 0 } && (domain is { Length: > 0 } || name.Contains('@', StringComparison.Ordinal)))
        {
            settings.SetFrom(name.Contains('@', StringComparison.Ordinal) ? name : $"{name}@{domain}");
            Recognise(report, values, FromName, Domain);
        }
        else if (!string.IsNullOrEmpty(name) || !string.IsNullOrEmpty(domain))
        {
            report.Warn("The From address needs mail_from_address and mail_domain; one of them is missing, so it is left open.", "发件人地址需要 mail_from_address 和 mail_domain；缺少其一，因此未设置。");
        }
    }

    static JsonObject Program(string mode, Dictionary<string, string> values)
    {
        var block = mode switch
        {
            "sendmail" => new JsonObject { ["path"] = "/usr/sbin/sendmail", ["style"] = values.GetValueOrDefault("mail_sendmailmode") == "smtp" ? "smtp" : "pipe" },
            "qmail" => new JsonObject { ["path"] = "/var/qmail/bin/sendmail" },
            _ => [],
        };
        return new() { ["id"] = mode, ["name"] = mode == "php" ? "PHP mail" : mode, ["mode"] = mode, [mode] = block };
    }

    static void AddRelays(ImportedSettings settings, Dictionary<string, string> values, ImportReport report)
    {
        if (values.GetValueOrDefault(Host) is not { Length: > 0 } hosts)
        {
            if (values.ContainsKey(Mode) || OfRelays.Any(values.ContainsKey))
            {
                report.Warn("mail_smtphost is missing: without it there is no transport.", "缺少 mail_smtphost：没有它就无法建立发送通道。");
            }

            return;
        }

        if (!values.ContainsKey(Mode))
        {
            report.Warn("mail_smtpmode is missing: smtp is taken, because a server is named.", "缺少 mail_smtpmode：因指定了服务器，按 smtp 处理。");
        }

        var relay = Relay(values, report);
        foreach (var part in hosts.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            settings.Transports.Add(RelayDraft.Of(At(relay, part, values, report), report));
        }

        Recognise(report, values, Mode, Host, Port, Timeout, Secure, Auth);
    }

    /// <summary>What all servers of the list have in common.</summary>
    static ImportedRelay Relay(Dictionary<string, string> values, ImportReport report)
    {
        var signsIn = ImportedText.Flag(values.GetValueOrDefault(Auth, "false")) == true;
        var relay = new ImportedRelay
        {
            SignsIn = signsIn,
            Tls = values.GetValueOrDefault(Secure, "").ToLowerInvariant() switch { "ssl" => ImportedTls.Implicit, "tls" => ImportedTls.StartTls, _ => ImportedTls.None },
            TimeoutSeconds = TimeoutOf(values, report),
        };
        if (!signsIn)
        {
            foreach (var name in (string[])[AuthType, User, Password])
            {
                if (values.ContainsKey(name))
                {
                    report.Ignore(name, Ignored.NoLogin);
                }
            }

            return relay;
        }

        Recognise(report, values, AuthType, User, Password);
        return relay with { Username = values.GetValueOrDefault(User), Password = values.GetValueOrDefault(Password), Auth = Method(values, report) };
    }

    static SmtpAuthChoice Method(Dictionary<string, string> values, ImportReport report)
    {
        if (values.GetValueOrDefault(AuthType) is not { Length: > 0 } text)
        {
            return SmtpAuthChoice.Auto;
        }

        if (ImportedText.Auth(text) is { } method)
        {
            return method;
        }

        report.Warn("The login method of mail_smtpauthtype is not known: the best that the server offers is taken.", "mail_smtpauthtype 的认证方式未知：将采用服务器提供的最佳方式。");
        return SmtpAuthChoice.Auto;
    }

    static int? TimeoutOf(Dictionary<string, string> values, ImportReport report)
    {
        if (values.GetValueOrDefault(Timeout) is not { Length: > 0 } text || ImportedText.Number(text) is not { } seconds)
        {
            return null;
        }

        if (seconds < 30)
        {
            report.Warn("A timeout of less than 30 seconds is short for a server that scans mail.", "若服务器会扫描邮件，小于 30 秒的超时偏短。");
        }

        return seconds;
    }

    /// <summary>One server of the list: its own port, and a scheme before it as PHPMailer takes it.</summary>
    static ImportedRelay At(ImportedRelay relay, string part, Dictionary<string, string> values, ImportReport report)
    {
        foreach (var (scheme, tls) in new[] { ("ssl://", ImportedTls.Implicit), ("tls://", ImportedTls.StartTls) })
        {
            if (part.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                (relay, part) = (relay with { Tls = tls }, part[scheme.Length..]);
            }
        }

        var (host, own) = ImportedText.HostAndPort(part);
        var port = own ?? (values.GetValueOrDefault(Port) is { Length: > 0 } text ? ImportedText.Number(text) : null);
        if (port is null && relay.Tls == ImportedTls.Implicit)
        {
            return relay with { Host = host };
        }

        return relay with { Host = host, Port = port, DefaultPort = StandardPort };
    }

    static void Recognise(ImportReport report, Dictionary<string, string> values, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.ContainsKey(name))
            {
                report.Recognise(name);
            }
        }
    }
}
