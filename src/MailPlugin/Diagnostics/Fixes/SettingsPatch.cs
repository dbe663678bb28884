using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Diagnostics.Fixes;

/// <summary>Settings as they would be with a fix applied, by the rules that hold for everybody: what the reader refuses is no fix, and a secret stays with the relay it is for.</summary>
internal static class SettingsPatch
{
    /// <returns>The changed settings; without the secrets that may not go along when <c>KeepsSecrets</c> is false; null when they are not valid.</returns>
    public static (MailSettings Settings, bool KeepsSecrets)? Apply(MailSettings settings, HostLayer host, CauseFix fix)
    {
        var json = SettingsDocument.Write(settings);
        if (!Merge(json, fix.Path, fix.Value))
        {
            return null;
        }

        var faults = new Faults();
        using var document = JsonDocument.Parse(json.ToJsonString());
        var draft = SettingsReader.Read(document.RootElement, faults, host);
        if (faults.Any || LockedSettings.Conflicts(document.RootElement, draft, host).Any)
        {
            return null;
        }

        var (filled, needed) = KeptSecrets.Fill(draft, settings);
        return needed.Count == 0 ? (filled, true) : (SettingsSecrets.Map(draft, _ => null), false);
    }

    /// <summary>Merges an object deeply into the object at the path; anything else replaces what is there.</summary>
    public static bool Merge(JsonObject settings, string path, JsonNode? value)
    {
        JsonNode? place = settings;
        var steps = path.Split('.');
        for (var i = 0; i < steps.Length - 1; i++)
        {
            place = Step(place, steps[i]);
        }

        var last = steps[^1];
        if (last.EndsWith(']'))
        {
            return Step(place, last) is JsonObject item && value is JsonObject parts && MergeInto(item, parts);
        }

        return place is JsonObject owner && Set(owner, last, value);
    }

    static bool MergeInto(JsonObject target, JsonObject parts) => parts.All(part => Set(target, part.Key, part.Value));

    static bool Set(JsonObject owner, string name, JsonNode? value)
    {
        if (value is JsonObject parts && owner[name] is JsonObject inner)
        {
            return MergeInto(inner, parts);
        }

        owner[name] = value?.DeepClone();
        return true;
    }

    /// <summary>A member, or with <c>list[id=x]</c> an item of a list.</summary>
    static JsonNode? Step(JsonNode? place, string step)
    {
        var bracket = step.IndexOf("[id=", StringComparison.Ordinal);
        return bracket < 0
            ? (place as JsonObject)?[step]
            : ((place as JsonObject)?[step[..bracket]] as JsonArray)?.FirstOrDefault(item => item?["id"]?.GetValue<string>() == step[(bracket + 4)..^1]);
    }
}
