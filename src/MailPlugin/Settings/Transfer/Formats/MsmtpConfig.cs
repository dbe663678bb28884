using System.Text;
using System.Text.RegularExpressions;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>msmtp's configuration: every account becomes a transport, the default one first. Commands in it are not executed, files it names are not read.</summary>
internal static partial class MsmtpConfig
{
    public static bool Looks(string text) => Account().IsMatch(text) && Host().IsMatch(text);

    public static ImportedSettings Read(string text, ImportReport report)
    {
        var accounts = Accounts(text, report);
        var settings = new ImportedSettings();
        foreach (var (name, values) in accounts)
        {
            if (values.GetValueOrDefault("host") is { Length: > 0 } host)
            {
                settings.Transports.Add(RelayDraft.Of(Relay(name, host, values, report), report));
            }
        }

        if (settings.Transports.FirstOrDefault()?["from"]?["address"]?.ToString() is { } from)
        {
            settings.SetFrom(from);
        }

        return settings;
    }

    /// <summary>Accounts with what they inherit. <c>account default : name</c> brings that one to the front.</summary>
    static List<(string Name, Dictionary<string, string> Values)> Accounts(string text, ImportReport report)
    {
        var accounts = new OrderedDictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        Dictionary<string, string> defaults = [];
        var current = defaults;
        var number = 0;
        foreach (var raw in text.EnumerateLines())
        {
            number++;
            var line = raw.Trim().ToString();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var (command, rest) = Split(line);
            switch (command)
            {
                case "defaults":
                    current = defaults = [];
                    break;
                case "account":
                    current = Open(rest, accounts, defaults);
                    break;
                default:
                    if (!Take(current, command, rest, report))
                    {
                        report.IgnoreLine(number, Ignored.NotUnderstood);
                    }

                    break;
            }
        }

        return DefaultFirst([.. accounts.Select(pair => (pair.Key, pair.Value))]);
    }

    /// <summary>Where the default one is only another name for an account, that account keeps its own.</summary>
    static List<(string Name, Dictionary<string, string> Values)> DefaultFirst(List<(string Name, Dictionary<string, string> Values)> accounts)
    {
        if (accounts.Find(account => account.Name == "default") is not { Name: not null } first)
        {
            return accounts;
        }

        var named = accounts.Find(account => account.Name != "default" && account.Values.Count == first.Values.Count && !account.Values.Except(first.Values).Any());
        var chosen = named.Name is null ? first : named;
        return [chosen, .. accounts.Where(account => account.Name != chosen.Name && account.Name != "default")];
    }

    static Dictionary<string, string> Open(string rest, OrderedDictionary<string, Dictionary<string, string>> accounts, Dictionary<string, string> defaults)
    {
        var (name, bases) = rest.Split(':', 2) is [var own, var others] ? (own.Trim(), others) : (rest.Trim(), "");
        var values = new Dictionary<string, string>(defaults, StringComparer.Ordinal);
        foreach (var inherited in bases.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            foreach (var (key, value) in accounts.GetValueOrDefault(inherited) ?? [])
            {
                values[key] = value;
            }
        }

        return accounts[name] = values;
    }

    /// <summary>Notes a command; false when it is none.</summary>
    static bool Take(Dictionary<string, string> values, string command, string value, ImportReport report)
    {
        switch (command)
        {
            case "host" or "port" or "from" or "user" or "password" or "auth" or "tls" or "tls_starttls" or "tls_fingerprint" or "timeout" or "connect_timeout" or "domain" or "source_ip"
                or "proxy_host" or "proxy_port":
                values[command] = value;
                report.Recognise(command);
                return true;
            case "passwordeval" or "eval":
                report.Ignore(command, Ignored.Computed);
                report.Warn("The password comes from a command, which is not executed here: type it before you save.", "密码来自命令，导入不会执行该命令：保存前请手动输入。");
                return true;
            case "tls_certcheck" or "tls_min_dh_prime_bits" or "tls_priorities":
                report.Ignore(command, Ignored.ChecksStayOn);
                return true;
            case "tls_trust_file" or "tls_crl_file" or "tls_key_file" or "tls_cert_file" or "aliases":
                report.Ignore(command, Ignored.FileNotRead);
                return true;
        }

        var isCommand = Command().IsMatch(command);
        if (isCommand)
        {
            report.Ignore(command, Ignored.Unknown);
        }

        return isCommand;
    }

    static ImportedRelay Relay(string name, string host, Dictionary<string, string> values, ImportReport report)
    {
        // "on" alone is implied where a value is left out, as msmtp has it.
        var tls = values.GetValueOrDefault("tls") is { } text && IsOn(text);
        var startTls = values.GetValueOrDefault("tls_starttls") is not { } form || IsOn(form);
        var auth = values.GetValueOrDefault("auth");
        var method = auth is null ? null : ImportedText.Auth(auth.Length == 0 ? "on" : auth);
        var signsIn = auth is not null && !auth.Equals("off", StringComparison.OrdinalIgnoreCase);
        if (signsIn && method is null)
        {
            report.Warn("The login method is not one that works here: the best that the server offers is taken.", "该认证方式在此不可用：将采用服务器提供的最佳方式。");
        }

        return new()
        {
            Label = name,
            Host = host,
            Port = values.GetValueOrDefault("port") is { } port ? ImportedText.Number(port) : null,
            DefaultPort = tls && !startTls ? 465 : 25,
            Tls = !values.ContainsKey("tls") ? ImportedTls.None : tls ? startTls ? ImportedTls.StartTls : ImportedTls.Implicit : ImportedTls.None,
            SignsIn = signsIn,
            Auth = method ?? SmtpAuthChoice.Auto,
            Username = values.GetValueOrDefault("user"),
            Password = values.GetValueOrDefault("password"),
            TimeoutSeconds = values.GetValueOrDefault("timeout") is { } timeout ? ImportedText.Number(timeout) : null,
            EhloName = values.GetValueOrDefault("domain"),
            LocalAddress = values.GetValueOrDefault("source_ip"),
            Pin = Pin(values, report),
            From = values.GetValueOrDefault("from"),
            Proxy = values.GetValueOrDefault("proxy_host") is { Length: > 0 } proxy ? new(ProxyKind.Socks5, proxy, ImportedText.Number(values.GetValueOrDefault("proxy_port", "")) ?? 1080, null, null) : null,
        };
    }

    /// <summary>Only SHA-256 names a certificate for sure: msmtp also takes older sums.</summary>
    static string? Pin(Dictionary<string, string> values, ImportReport report)
    {
        if (values.GetValueOrDefault("tls_fingerprint") is not { Length: > 0 } text)
        {
            return null;
        }

        var digits = text.Replace(":", "", StringComparison.Ordinal);
        if (digits.Length == 64)
        {
            return digits;
        }

        report.Warn("tls_fingerprint is no SHA-256 and is not taken over: pin the certificate by its SHA-256.", "tls_fingerprint 不是 SHA-256，未采用：请用 SHA-256 固定证书。");
        return null;
    }

    static bool IsOn(string text) => text.Length == 0 || text.Equals("on", StringComparison.OrdinalIgnoreCase);

    static (string Command, string Value) Split(string line)
    {
        var gap = line.AsSpan().IndexOfAny(' ', '\t');
        return gap < 0 ? (line, "") : (line[..gap], Unquoted(line[(gap + 1)..].Trim()));
    }

    /// <summary>A value may stand in quotes, with backslashes before quotes in it.</summary>
    static string Unquoted(string text)
    {
        if (text is not ['"', ..])
        {
            return text;
        }

        var value = new StringBuilder();
        for (var at = 1; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at]);
        }

        return value.ToString();
    }

    [GeneratedRegex(@"^[ \t]*(?:account[ \t]+\S|defaults\b)", RegexOptions.Multiline)]
    private static partial Regex Account();

    [GeneratedRegex(@"^[ \t]*host[ \t]+\S", RegexOptions.Multiline)]
    private static partial Regex Host();

    [GeneratedRegex(@"^[a-z][a-z_]{1,31}\z")]
    private static partial Regex Command();
}
