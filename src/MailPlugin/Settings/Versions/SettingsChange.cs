using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Versions;

/// <summary>A difference between two versions.</summary>
/// <param name="Path">As errors name it.</param>
/// <param name="Kind">Of a secret it is never told more than that it changed.</param>
/// <param name="Before">Null where there was nothing, and for a secret.</param>
/// <param name="After">Null where there is nothing, and for a secret.</param>
/// <param name="IsSecret">Whether values are left out.</param>
internal sealed record SettingsChange(string Path, SettingsChangeKind Kind, JsonNode? Before, JsonNode? After, bool IsSecret = false)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["path"] = Path, ["change"] = EnumText.Of(Kind) };
        if (!IsSecret)
        {
            json["before"] = Before?.DeepClone();
            json["after"] = After?.DeepClone();
        }

        return json;
    }
}

internal enum SettingsChangeKind
{
    Added,
    Removed,
    Changed,
}
