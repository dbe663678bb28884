using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Tests.Fixtures;

/// <summary>Settings as callers send them, and what the reader says of them.</summary>
internal static class Bodies
{
    /// <summary>Settings that use every property.</summary>
    public static JsonObject Full() => JsonNode.Parse(
        """
        {
          "version": 7, "updatedAt": "2026-11-21T08:00:00Z", "updatedBy": "key:ops", "locked": {}, "warnings": [],
          "enabled": true,
          "from": { "address": "no-reply@example.com", "name": "Example" }, "replyTo": { "address": "reply@example.com" }, "envelopeFrom": "bounce@example.com",
          "forceFrom": true, "subjectPrefix": "[Example]", "adminAddress": "admin@example.com",
          "transports": [
            { "id": "primary", "name": "Primary relay", "mode": "smtp", "enabled": true, "from": { "address": "a@example.com", "name": "Ä" }, "envelopeFrom": "b@example.com",
              "smtp": { "host": "smtp.example.com", "port": 587, "security": "startTls", "minimumTls": "1.3",
                        "auth": "plain", "username": "user", "password": "p4ss", "hasPassword": true, "allowPlaintextAuth": false, "oauth": null,
                        "timeoutSeconds": 31, "finalReplyTimeoutSeconds": 601, "ehloName": "mail.example.com", "localAddress": "127.0.0.1",
                        "maxSessions": 5, "messagesPerSession": 101, "maxRecipients": 102, "ratePerMinute": 60,
                        "certificate": { "trust": "pinned", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "caPem": null, "hasClientKey": false },
                        "proxy": { "type": "socks5", "host": "proxy.example.com", "port": 1080, "username": "p", "password": "pp", "hasPassword": true } } },
            { "id": "second", "mode": "smtp", "smtp": { "host": "::1" } }
          ],
          "dkim": [{ "domain": "example.com", "selector": "s1", "hasKey": false }]
        }
        """)!.AsObject();

    /// <summary>One SMTP transport, changed as wanted.</summary>
    public static JsonObject Smtp(Action<JsonObject>? change = null)
    {
        var smtp = new JsonObject { ["host"] = "smtp.example.com", ["port"] = 587, ["username"] = "user", ["password"] = "p4ss" };
        change?.Invoke(smtp);
        return new()
        {
            ["from"] = new JsonObject { ["address"] = "no-reply@example.com" },
            ["adminAddress"] = "admin@example.com",
            ["transports"] = new JsonArray(new JsonObject { ["id"] = "primary", ["mode"] = "smtp", ["smtp"] = smtp }),
        };
    }

    /// <summary>One transport by a program of this host.</summary>
    public static JsonObject Program(string mode, string style, string path = "/usr/sbin/sendmail")
    {
        var block = new JsonObject { ["path"] = path };
        if (mode == "sendmail")
        {
            block["style"] = style;
        }

        return new()
        {
            ["from"] = new JsonObject { ["address"] = "no-reply@example.com" },
            ["adminAddress"] = "admin@example.com",
            ["transports"] = new JsonArray(new JsonObject { ["id"] = "primary", ["mode"] = mode, [mode] = block }),
        };
    }

    public static (MailSettings Settings, IReadOnlyDictionary<string, string[]> Errors) Read(string json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = 32 });
        var faults = new Faults();
        return (SettingsReader.Read(document.RootElement, faults), faults.ToErrors());
    }

    public static (MailSettings Settings, IReadOnlyDictionary<string, string[]> Errors) Read(JsonNode json) => Read(json.ToJsonString());

    /// <summary>Settings that must be without a fault.</summary>
    public static MailSettings Sound(JsonNode json)
    {
        var (settings, errors) = Read(json);
        Assert.Empty(errors);
        return settings;
    }

    /// <summary>Settings as they are in force: what was left out is not there.</summary>
    public static MailSettings Stored(JsonNode json) => KeptSecrets.Fill(Sound(json), MailSettings.Empty).Settings;

    /// <summary>The paths at fault in a transport's smtp object, without what stands before.</summary>
    public static IEnumerable<string> SmtpFaults(Action<JsonObject> change) =>
        Read(Smtp(change)).Errors.Keys.Select(path => path.Replace("transports[id=primary].smtp.", "", StringComparison.Ordinal));
}
