using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>
/// Addresses such as <c>smtps://user:password@host:465</c>, one or several: the first is tried first. Passwords with an at sign or a slash
/// that nobody encoded are read as they were meant.
/// </summary>
internal static partial class SmtpUrl
{
    public static bool Looks(string text) => Several().IsMatch(text);

    public static ImportedSettings Read(string text, ImportReport report)
    {
        var settings = new ImportedSettings();
        foreach (var (word, index) in text.Split((char[])[' ', '\t', '\r', '\n', '"', '\'', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries).Select((word, index) => (word, index)))
        {
            if (Transport(word, report, settings) is { } transport)
            {
                settings.Transports.Add(transport);
                report.Recognise("url");
            }
            else if (word is not ("failover" or "roundrobin" or "||" or "&&"))
            {
                report.Ignore($"part {index + 1}", Ignored.NotUnderstood);
            }
        }

        return settings;
    }

    /// <summary>The transport that an address means; null when it is none.</summary>
    /// <param name="url">The address.</param>
    /// <param name="report">Takes what was made of it.</param>
    /// <param name="settings">Takes a From address that stands in it.</param>
    public static JsonObject? Transport(string url, ImportReport report, ImportedSettings settings)
    {
        if (Start().Match(url) is not { Success: true } match)
        {
            return null;
        }

        var scheme = match.Groups["scheme"].Value.ToLowerInvariant();
        var rest = url[match.Length..];
        if (scheme is "sendmail" or "native")
        {
            return new() { ["id"] = "sendmail", ["name"] = "sendmail", ["mode"] = "sendmail", ["sendmail"] = new JsonObject() };
        }

        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var at = question < 0 ? rest.LastIndexOf('@') : rest.LastIndexOf('@', question) is >= 0 and var before ? before : rest.LastIndexOf('@');
        var user = at < 0 ? "" : rest[..at];
        var behind = rest[(at + 1)..];
        var end = behind.IndexOfAny(['/', '?', '#']);
        var (host, port) = ImportedText.HostAndPort(end < 0 ? behind : behind[..end]);
        if (host.Length == 0)
        {
            return null;
        }

        var relay = new ImportedRelay
        {
            Host = host,
            Port = port,
            Tls = scheme switch
            {
                "smtps" or "submissions" or "smtp+ssl" => ImportedTls.Implicit,
                "smtp+tls" or "smtp+starttls" => ImportedTls.StartTls,
                _ => ImportedTls.Unsaid,
            },
            DefaultPort = scheme is "smtps" or "submissions" ? 465 : scheme == "submission" ? 587 : null,
            Username = user.Length == 0 ? null : Uri.UnescapeDataString(Before(user)),
            Password = user.Contains(':', StringComparison.Ordinal) ? Uri.UnescapeDataString(user[(user.IndexOf(':', StringComparison.Ordinal) + 1)..]) : null,
        };
        return RelayDraft.Of(Query(relay, behind.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? behind[(query + 1)..] : "", report, settings), report);
    }

    static ImportedRelay Query(ImportedRelay relay, string query, ImportReport report, ImportedSettings settings)
    {
        foreach (var pair in query.Split('#')[0].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right.Replace('+', ' '))) : (pair, "");
            var before = relay;
            switch (name.ToLowerInvariant())
            {
                case "encryption" or "tls" or "ssl" or "secure" or "starttls":
                    relay = relay with { Tls = TlsOf(name, value) ?? relay.Tls };
                    break;
                case "timeout":
                    relay = relay with { TimeoutSeconds = ImportedText.Number(value) };
                    break;
                case "local_domain" or "name" or "helo" or "ehlo":
                    relay = relay with { EhloName = value };
                    break;
                case "auth" or "auth_mode" or "authmethod":
                    relay = relay with { Auth = ImportedText.Auth(value) ?? relay.Auth };
                    break;
                case "from" or "sender":
                    settings.SetFrom(value);
                    report.Recognise(name);
                    continue;
                case "verify_peer" or "rejectunauthorized" or "insecure" or "skipverify" or "peer_fingerprint":
                    report.Ignore(name, Ignored.ChecksStayOn);
                    continue;
            }

            if (relay == before)
            {
                report.Ignore(name, Ignored.Unknown);
            }
            else
            {
                report.Recognise(name);
            }
        }

        return relay;
    }

    /// <summary>Of a parameter that may say how or only whether.</summary>
    public static ImportedTls? TlsOf(string name, string value) => (name.ToLowerInvariant(), value.Trim().ToLowerInvariant()) switch
    {
        (_, "ssl" or "smtps" or "implicit" or "force_tls") => ImportedTls.Implicit,
        (_, "tls" or "starttls" or "required") => ImportedTls.StartTls,
        (_, "opportunistic") => ImportedTls.IfOffered,
        (var what, var flag) when ImportedText.Flag(flag) is { } on => !on ? ImportedTls.None : what is "ssl" or "secure" ? ImportedTls.Implicit : ImportedTls.StartTls,
        _ => null,
    };

    static string Before(string user) => user.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? user[..colon] : user;

    [GeneratedRegex(@"^(?<scheme>smtps?|submissions?|smtp\+(?:ssl|tls|starttls)|sendmail|native)://", RegexOptions.IgnoreCase)]
    private static partial Regex Start();

    /// <summary>The first word of the text, Symfony's way to name several included.</summary>
    [GeneratedRegex(@"^[\s""']*(?:(?:failover|roundrobin)\(\s*)?(?:smtps?|submissions?|smtp\+(?:ssl|tls|starttls)|sendmail|native)://", RegexOptions.IgnoreCase)]
    private static partial Regex Several();
}
