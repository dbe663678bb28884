using System.Text.Json.Nodes;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>ThingsBoard's settings <c>mail</c> as its API answers them, with or without what stands around their <c>jsonValue</c>.</summary>
internal static class ThingsboardMail
{
    static readonly string[] OfOAuth =
    [
        "enableOauth2", "providerId", "clientId", "clientSecret", "providerTenantId", "authUri", "tokenUri", "scope", "redirectUri", "refreshToken", "refreshTokenExpires",
        "tokenGenerated",
    ];

    public static bool Looks(JsonObject json) => json["jsonValue"] is JsonObject || json.ContainsKey("smtpHost") || json.ContainsKey("mailFrom");

    public static ImportedSettings Read(JsonObject json, ImportReport report)
    {
        var mail = json["jsonValue"] as JsonObject ?? json;
        var settings = new ImportedSettings();
        var values = mail.Where(pair => pair.Value is JsonValue).ToDictionary(pair => pair.Key, pair => pair.Value!.ToString(), StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        if (Take("mailFrom") is { } from)
        {
            settings.SetFrom(from);
        }

        var relay = new ImportedRelay
        {
            Host = Take("smtpHost"),
            Port = Number("smtpPort"),
            Tls = Tls(Take("smtpProtocol"), Take("enableTls")),
            MinimumTls = Take("tlsVersion") == "TLSv1.3" ? "1.3" : null,
            TimeoutSeconds = Number("timeout") is { } milliseconds ? Math.Max(1, (int)Math.Ceiling(milliseconds / 1000.0)) : null,
            Username = Take("username"),
            Password = Take("password"),
            Proxy = Proxy(),
        };
        if (relay.Host is not null)
        {
            settings.Transports.Add(RelayDraft.Of(relay, report));
        }
        else
        {
            report.Warn("smtpHost is missing: without it there is no transport.", "缺少 smtpHost：没有它就无法建立发送通道。");
        }

        if (ImportedText.Flag(Take("enableOauth2") ?? "") == true)
        {
            report.Warn("The text signs in by OAuth 2.0: set it up here, its tokens do not move.", "原配置使用 OAuth 2.0 登录：请在此重新设置，令牌无法迁移。");
        }

        foreach (var name in mail.Select(pair => pair.Key).Where(name => !used.Contains(name)))
        {
            report.Ignore(name, OfOAuth.Contains(name) || mail[name] is JsonObject or JsonArray ? Ignored.Unknown : values.GetValueOrDefault(name) is "" or null ? Ignored.Empty : Ignored.Unknown);
        }

        return settings;

        string? Take(string name)
        {
            if (!values.TryGetValue(name, out var value) || value.Length == 0)
            {
                return null;
            }

            used.Add(name);
            report.Recognise(name);
            return value;
        }

        int? Number(string name)
        {
            if (Take(name) is not { } text)
            {
                return null;
            }

            if (ImportedText.Number(text) is { } number)
            {
                return number;
            }

            report.Ignore(name, Ignored.Wrong("must be a whole number"));
            return null;
        }

        ImportedProxy? Proxy() =>
            ImportedText.Flag(Take("enableProxy") ?? "") == true && Take("proxyHost") is { } host && Number("proxyPort") is { } port
                ? new(ProxyKind.Http, host, port, Take("proxyUser"), Take("proxyPassword"))
                : null;
    }

    static ImportedTls Tls(string? protocol, string? enable) =>
        protocol?.Equals("smtps", StringComparison.OrdinalIgnoreCase) == true ? ImportedTls.Implicit
        : enable is null ? ImportedTls.Unsaid
        : ImportedText.Flag(enable) == true ? ImportedTls.StartTls : ImportedTls.None;
}
