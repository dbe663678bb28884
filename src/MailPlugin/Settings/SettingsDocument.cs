using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings;

/// <summary>Settings as JSON, without secrets: what the API answers and what the store keeps.</summary>
internal static class SettingsDocument
{
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Write(MailSettings settings) => new()
    {
        ["enabled"] = settings.Enabled,
        ["from"] = Mailbox(settings.From),
        ["replyTo"] = Mailbox(settings.ReplyTo),
        ["envelopeFrom"] = settings.EnvelopeFrom,
        ["forceFrom"] = settings.ForceFrom,
        ["subjectPrefix"] = settings.SubjectPrefix,
        ["adminAddress"] = settings.AdminAddress,
        ["transports"] = new JsonArray([.. settings.Transports.Select(Transport)]),
        ["dkim"] = new JsonArray([.. settings.Dkim.Select(dkim => new JsonObject
        {
            ["domain"] = dkim.Domain,
            ["selector"] = dkim.Selector,
            ["hasKey"] = dkim.PrivateKey is not null,
        })]),
    };

    static JsonObject? Mailbox(MailAddress? address) =>
        address is null ? null : new() { ["address"] = address.Address, ["name"] = address.Name };

    static JsonObject Transport(TransportSettings transport)
    {
        var json = new JsonObject
        {
            ["id"] = transport.Id,
            ["name"] = transport.Name,
            ["mode"] = EnumText.Of(transport.Mode),
            ["enabled"] = transport.Enabled,
            ["from"] = Mailbox(transport.From),
            ["envelopeFrom"] = transport.EnvelopeFrom,
        };
        if (transport.Smtp is { } smtp)
        {
            json["smtp"] = Smtp(smtp);
        }

        if (transport.Sendmail is { } sendmail)
        {
            json["sendmail"] = new JsonObject
            {
                ["path"] = sendmail.Path,
                ["style"] = EnumText.Of(sendmail.Style),
                ["timeoutSeconds"] = (int)sendmail.Timeout.TotalSeconds,
            };
        }

        if (transport.Qmail is { } qmail)
        {
            json["qmail"] = new JsonObject { ["path"] = qmail.Path };
        }

        if (transport.Php is { } php)
        {
            json["php"] = new JsonObject { ["path"] = php.Path, ["iniFile"] = php.IniFile };
        }

        if (transport.Capture is { } capture)
        {
            json["capture"] = new JsonObject
            {
                ["allowRecipients"] = new JsonArray([.. capture.AllowRecipients.Select(address => JsonValue.Create(address))]),
                ["redirectTo"] = capture.RedirectTo,
            };
        }

        return json;
    }

    static JsonObject OAuth(OAuthSettings oauth) => new()
    {
        ["provider"] = oauth.Provider,
        ["flow"] = EnumText.Of(oauth.Flow),
        ["tokenUrl"] = oauth.TokenUrl.AbsoluteUri,
        ["authorizeUrl"] = oauth.AuthorizeUrl?.AbsoluteUri,
        ["deviceUrl"] = oauth.DeviceUrl?.AbsoluteUri,
        ["revokeUrl"] = oauth.RevokeUrl?.AbsoluteUri,
        ["clientId"] = oauth.ClientId,
        ["hasClientSecret"] = oauth.ClientSecret is not null,
        ["hasPrivateKey"] = oauth.PrivateKey is not null,
        ["hasRefreshToken"] = oauth.RefreshToken is not null,
        ["scopes"] = new JsonArray([.. oauth.Scopes.Select(scope => JsonValue.Create(scope))]),
        ["account"] = oauth.Account,
        ["caPem"] = oauth.CaPem,
    };

    static JsonObject Smtp(SmtpSettings smtp) => new()
    {
        ["host"] = smtp.Host,
        ["port"] = smtp.Port,
        ["security"] = EnumText.Of(smtp.Security),
        ["minimumTls"] = smtp.MinimumTls,
        ["auth"] = EnumText.Of(smtp.Auth),
        ["username"] = smtp.Username,
        ["hasPassword"] = smtp.Password is not null,
        ["allowPlaintextAuth"] = smtp.AllowPlaintextAuth,
        ["oauth"] = smtp.OAuth is { } oauth ? OAuth(oauth) : null,
        ["timeoutSeconds"] = (int)smtp.Timeout.TotalSeconds,
        ["finalReplyTimeoutSeconds"] = (int)smtp.FinalReplyTimeout.TotalSeconds,
        ["ehloName"] = smtp.EhloName,
        ["localAddress"] = smtp.LocalAddress,
        ["maxSessions"] = smtp.MaxSessions,
        ["messagesPerSession"] = smtp.MessagesPerSession,
        ["maxRecipients"] = smtp.MaxRecipients,
        ["ratePerMinute"] = smtp.RatePerMinute,
        ["certificate"] = new JsonObject
        {
            ["trust"] = EnumText.Of(smtp.Certificate.Trust),
            ["sha256"] = smtp.Certificate.Sha256,
            ["caPem"] = smtp.Certificate.CaPem,
            ["clientCertificate"] = smtp.Certificate.ClientCertificate,
            ["hasClientKey"] = smtp.Certificate.ClientKey is not null,
        },
        ["proxy"] = smtp.Proxy is not { } proxy ? null : new JsonObject
        {
            ["type"] = EnumText.Of(proxy.Type),
            ["host"] = proxy.Host,
            ["port"] = proxy.Port,
            ["username"] = proxy.Username,
            ["hasPassword"] = proxy.Password is not null,
        },
    };
}
