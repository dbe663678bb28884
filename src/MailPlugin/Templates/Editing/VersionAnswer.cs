using System.Globalization;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Templates.Store;

namespace MailPlugin.Templates.Editing;

/// <summary>A version as the API shows it.</summary>
internal static class VersionAnswer
{
    /// <summary>Of the path; null when it can be none.</summary>
    public static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static JsonObject Head(TemplateVersion version) => new()
    {
        ["version"] = version.Number,
        ["locale"] = version.Locale.Length == 0 ? null : version.Locale,
        ["act"] = EnumText.Of(version.Act),
        ["updatedAt"] = TimeText.Of(version.UpdatedAt),
        ["updatedBy"] = version.UpdatedBy,
    };

    public static JsonObject Whole(TemplateVersion version, JsonObject? before)
    {
        var json = Head(version);
        var now = Parse(version.Document);
        json["content"] = now?.DeepClone();
        json["diff"] = new JsonObject((now ?? before ?? []).Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Diff(Text(before?[pair.Key]), Text(now?[pair.Key])))));
        return json;
    }

    public static JsonObject? Parse(string? document) => document is null ? null : JsonNode.Parse(document)!.AsObject();

    static JsonArray Diff(string? before, string? now) =>
        new([.. LineDiff.Of(before, now).Select(change => new JsonObject { ["op"] = EnumText.Of(change.Op), ["text"] = change.Text })]);

    static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString();
}
