using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.Fixtures;

/// <summary>Sound settings in which every property that a caller may send stands at least once, and the places in them.</summary>
internal static class EverySetting
{
    static readonly string Key = PrivateKey();

    public static JsonObject Draft()
    {
        var draft = Bodies.Full();
        foreach (var answered in (string[])["version", "updatedAt", "updatedBy", "locked", "warnings"])
        {
            draft.Remove(answered);
        }

        draft["replyTo"]!["name"] = "Answers";
        var relay = draft["transports"]![0]!["smtp"]!.AsObject();
        relay.Remove("hasPassword");
        relay["oauth"] = null;
        relay["proxy"]!.AsObject().Remove("hasPassword");
        relay["certificate"] = new JsonObject
        {
            ["trust"] = "customCa",
            ["sha256"] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            ["caPem"] = TestCertificates.Shared.AuthorityPem,
            ["clientCertificate"] = TestCertificates.Shared.Client.ChainPem,
            ["clientKey"] = TestCertificates.Shared.Client.KeyPem,
        };
        draft["dkim"]![0]!.AsObject().Remove("hasKey");
        draft["dkim"]![0]!["privateKey"] = Key;
        foreach (var (id, mode, block) in Others())
        {
            draft["transports"]!.AsArray().Add(new JsonObject { ["id"] = id, ["mode"] = mode, [mode] = block });
        }

        return draft;
    }

    /// <summary>Every value, lists and objects included, with its path as faults name it.</summary>
    public static IEnumerable<(string Path, JsonNode Node)> Places(JsonNode node, string path = "")
    {
        var parts = node switch
        {
            JsonObject holder => holder.Select(pair => (path.Length == 0 ? pair.Key : $"{path}.{pair.Key}", pair.Value)),
            JsonArray list => list.Select((item, index) => ($"{path}[{((item as JsonObject)?["id"] is { } id ? $"id={id}" : index)}]", item)),
            _ => [],
        };
        foreach (var (place, value) in parts.Where(part => part.Item2 is not null))
        {
            yield return (place, value!);
            foreach (var below in value is JsonValue ? [] : Places(value!, place))
            {
                yield return below;
            }
        }
    }

    /// <summary>The settings with a value, as it stands in JSON, in the place of another.</summary>
    public static string With(string path, string raw)
    {
        const string Mark = "@@here@@";
        var draft = Draft();
        Places(draft).Single(place => place.Path == path).Node.ReplaceWith(Mark);
        return draft.ToJsonString().Replace($"\"{Mark}\"", raw, StringComparison.Ordinal);
    }

    /// <summary>The properties of a draft as the API's description has them; items of lists have no number.</summary>
    public static IEnumerable<string> Described(JsonElement root, JsonElement schema, string path = "")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        var inner = new[] { "anyOf", "oneOf", "allOf" }.Where(name => schema.TryGetProperty(name, out _)).SelectMany(name => schema.GetProperty(name).EnumerateArray()).SelectMany(part => Described(root, part, path));
        if (schema.TryGetProperty("items", out var items))
        {
            inner = inner.Concat(Described(root, items, $"{path}[]"));
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            inner = inner.Concat(properties.EnumerateObject().Where(property => !(property.Value.TryGetProperty("description", out var text) && text.GetString() == "Ignored.")).SelectMany(property =>
            {
                var place = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                return Described(root, property.Value, place).Prepend(place);
            }));
        }

        return inner;
    }

    static IEnumerable<(string Id, string Mode, JsonObject Block)> Others() =>
    [
        ("program", "sendmail", new() { ["path"] = "/usr/sbin/sendmail", ["style"] = "smtp", ["timeoutSeconds"] = 61 }),
        ("q", "qmail", new() { ["path"] = "/var/qmail/bin/sendmail" }),
        ("php", "php", new() { ["path"] = "/usr/bin/php", ["iniFile"] = "/etc/php.ini" }),
        ("kept", "capture", new() { ["allowRecipients"] = new JsonArray("a@example.com"), ["redirectTo"] = "b@example.com" }),
        ("token", "smtp", new()
        {
            ["host"] = "smtp.example.com", ["auth"] = "xoauth2",
            ["oauth"] = new JsonObject
            {
                ["provider"] = "custom", ["flow"] = "authorizationCode", ["tokenUrl"] = "https://id.example.com/token", ["authorizeUrl"] = "https://id.example.com/authorize",
                ["deviceUrl"] = "https://id.example.com/device", ["revokeUrl"] = "https://id.example.com/revoke", ["clientId"] = "client", ["clientSecret"] = "s3cret", ["privateKey"] = Key,
                ["refreshToken"] = "r3fresh", ["scopes"] = new JsonArray("mail"), ["caPem"] = TestCertificates.Shared.AuthorityPem, ["account"] = "someone@example.com",
            },
        }),
    ];

    static string PrivateKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
