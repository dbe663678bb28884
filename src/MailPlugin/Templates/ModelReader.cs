using System.Text.Json;
using MailPlugin.Http.Binding;

namespace MailPlugin.Templates;

/// <summary>Turns a template's model into plain values: strings, numbers, booleans, lists and dictionaries.</summary>
internal static class ModelReader
{
    public static IReadOnlyDictionary<string, object?>? Read(JsonObjectReader json, string name)
    {
        if (!json.TryGetValue(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            json.Fault(name, "must be an object");
            return null;
        }

        try
        {
            return Read(value);
        }
        catch (InvalidOperationException)
        {
            json.Fault(name, "must be valid Unicode throughout");
            return null;
        }
    }

    /// <exception cref="InvalidOperationException">It has texts that are no Unicode.</exception>
    public static IReadOnlyDictionary<string, object?> Read(JsonElement value) => Dictionary(value);

    static Dictionary<string, object?> Dictionary(JsonElement value)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            dictionary[property.Name] = Value(property.Value);
        }

        return dictionary;
    }

    static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Dictionary(value),
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDecimal(out var exact) ? exact : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
