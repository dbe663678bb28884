using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings;

/// <summary>Finds what a path names, such as <c>transports[id=primary].smtp.host</c> or <c>dkim[0].privateKey</c>.</summary>
internal static partial class SettingsPath
{
    /// <summary>False when the value, or what it stands in, was left out. What stands in a null is null.</summary>
    public static bool TryFind(JsonElement root, string path, out JsonElement value)
    {
        value = root;
        foreach (Match step in Step().Matches(path))
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                return true;
            }

            if (!JsonText.TryGet(value, step.Groups["name"].Value, out value) || !TryItem(ref value, step))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a value out of a document of ours; what is not there is no fault.</summary>
    public static void Remove(JsonObject root, string path)
    {
        var (holder, name) = Holder(root, path);
        holder?.Remove(name);
    }

    /// <summary>Puts a value into a document of ours, if what it belongs to is there.</summary>
    public static void Set(JsonObject root, string path, JsonNode? value)
    {
        var (holder, name) = Holder(root, path);
        if (holder is not null)
        {
            holder[name] = value;
        }
    }

    static (JsonObject? Holder, string Name) Holder(JsonObject root, string path)
    {
        var steps = Step().Matches(path);
        JsonNode? holder = root;
        for (var index = 0; index < steps.Count - 1 && holder is JsonObject at; index++)
        {
            holder = Item(at[steps[index].Groups["name"].Value], steps[index]);
        }

        return (holder as JsonObject, steps[^1].Groups["name"].Value);
    }

    static bool TryItem(ref JsonElement value, Match step)
    {
        if (!step.Groups["id"].Success && !step.Groups["index"].Success)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return value.ValueKind == JsonValueKind.Null;
        }

        var found = step.Groups["id"].Success
            ? value.EnumerateArray().Where(item => JsonText.TryGet(item, "id", out var id) && JsonText.Of(id) == step.Groups["id"].Value)
            : value.EnumerateArray().Skip(Index(step));
        foreach (var item in found)
        {
            value = item;
            return true;
        }

        return false;
    }

    static JsonNode? Item(JsonNode? value, Match step) =>
        step.Groups["id"].Success ? (value as JsonArray)?.FirstOrDefault(item => item?["id"]?.ToString() == step.Groups["id"].Value)
        : step.Groups["index"].Success ? (value as JsonArray)?.ElementAtOrDefault(Index(step))
        : value;

    static int Index(Match step) => int.Parse(step.Groups["index"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<name>[^.\[\]]+)(?:\[(?:id=(?<id>[a-z0-9-]+)|(?<index>[0-9]{1,4}))\])?(?:\.|$)")]
    private static partial Regex Step();
}
