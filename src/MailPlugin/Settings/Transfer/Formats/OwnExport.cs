using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>Settings of this product: the file of <c>GET /settings/export</c>, or what <c>GET /settings</c> answered.</summary>
internal static partial class OwnExport
{
    const int MostProperties = 64;

    /// <summary>What answers say of settings, and settings do not say.</summary>
    static readonly string[] Said = ["version", "updatedAt", "updatedBy", "locked", "warnings"];

    static readonly string[] Known = ["enabled", "from", "replyTo", "envelopeFrom", "forceFrom", "subjectPrefix", "adminAddress", "transports", "dkim"];

    public static bool Looks(JsonObject json) => json["format"]?.ToString() == ExportSettings.Mark || json["transports"] is JsonArray;

    public static ImportedSettings Read(JsonObject json, ImportReport report)
    {
        var root = Plain(json["settings"] as JsonObject ?? json, report);
        var settings = new ImportedSettings { IsWhole = true };
        foreach (var (name, value) in root)
        {
            if (Said.Contains(name))
            {
                continue;
            }

            if (!Known.Contains(name))
            {
                report.Ignore(name, Ignored.Unknown);
                continue;
            }

            report.Recognise(name);
            if (name == "transports" && value is JsonArray transports)
            {
                settings.Transports.AddRange(transports.OfType<JsonObject>().Select(transport => transport.DeepClone().AsObject()));
            }
            else
            {
                settings.Values[name] = value?.DeepClone();
            }
        }

        foreach (var transport in settings.Transports)
        {
            TellMissing(transport, report);
        }

        return settings;
    }

    /// <summary>A copy without properties whose names no property of ours has, and to which no path would lead; nor more of them than there could be.</summary>
    static JsonObject Plain(JsonObject json, ImportReport report)
    {
        var plain = new JsonObject();
        foreach (var (name, value) in json)
        {
            if (PropertyName().IsMatch(name) && plain.Count < MostProperties)
            {
                plain[name] = PlainValue(value, report);
            }
            else
            {
                report.Ignore(name, Ignored.Unknown);
            }
        }

        return plain;
    }

    static JsonNode? PlainValue(JsonNode? value, ImportReport report) => value switch
    {
        JsonObject json => Plain(json, report),
        JsonArray list => new JsonArray([.. list.Select(item => PlainValue(item, report))]),
        _ => value?.DeepClone(),
    };

    /// <summary>An export holds no secrets; where there was one, somebody has to type it.</summary>
    static void TellMissing(JsonObject transport, ImportReport report)
    {
        if (transport["smtp"] is JsonObject smtp && smtp["hasPassword"]?.ToString() == "true" && !smtp.ContainsKey("password"))
        {
            report.Warn("An export holds no secrets: those of a relay that is not in force here have to be typed.", "导出文件不含密钥：若服务器与当前设置不同，需重新输入密钥。");
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,39}\\z")]
    private static partial Regex PropertyName();
}
