using System.Text.Json.Nodes;
using MailPlugin.Http.OpenApi;

namespace MailPlugin.Settings.FromHost;

/// <summary>
/// Names and types of what a draft may hold, taken from the API's own description of it: a key of the host's configuration is known
/// exactly when the API knows the property.
/// </summary>
internal sealed record SettingsShape(string Name, ShapeKind Kind)
{
    const string Reference = "#/components/schemas/";

    /// <summary>Beyond this many characters a text may stand in a file: certificates do.</summary>
    const int LongText = 4096;

    static readonly Lazy<SettingsShape> Whole = new(Read);

    /// <summary>The settings.</summary>
    public static SettingsShape Root => Whole.Value;

    /// <summary>By name, whatever its case: configuration makes no difference.</summary>
    public IReadOnlyDictionary<string, SettingsShape> Properties { get; private init; } = new Dictionary<string, SettingsShape>();

    /// <summary>What a list holds.</summary>
    public SettingsShape? Item { get; private init; }

    /// <summary>What a choice allows.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    public bool IsSecret { get; private init; }

    /// <summary>Whether <c>…File</c> may name a file that holds it.</summary>
    public bool MayBeFile { get; private init; }

    static SettingsShape Read()
    {
        var schemas = new JsonObject();
        foreach (var (name, schema) in OpenApiFragments.Read().SelectMany(fragment => fragment["components"]?["schemas"]?.AsObject() ?? []))
        {
            schemas[name] = schema!.DeepClone();
        }

        return Of("settings", schemas["SettingsDraft"]!.AsObject(), schemas) ?? throw new InvalidOperationException("SettingsDraft is not described.");
    }

    /// <summary>Null for what only answers carry.</summary>
    static SettingsShape? Of(string name, JsonObject described, JsonObject schemas)
    {
        var schema = Resolve(described, schemas);
        if (schema["enum"] is JsonArray choices)
        {
            return new(name, ShapeKind.Choice) { Choices = [.. choices.OfType<JsonNode>().Select(choice => choice.ToString())] };
        }

        return TypeOf(schema) switch
        {
            "object" => new(name, ShapeKind.Object)
            {
                Properties = schema["properties"]!.AsObject()
                    .Select(property => Of(property.Key, property.Value!.AsObject(), schemas)).OfType<SettingsShape>()
                    .ToDictionary(shape => shape.Name, StringComparer.OrdinalIgnoreCase),
            },
            "array" => new(name, ShapeKind.List) { Item = Of(name, schema["items"]!.AsObject(), schemas) },
            "boolean" => new(name, ShapeKind.Flag),
            "integer" => new(name, ShapeKind.Number),
            "string" => new(name, ShapeKind.Text)
            {
                IsSecret = IsWriteOnly(described) || IsWriteOnly(schema),
                MayBeFile = IsWriteOnly(described) || IsWriteOnly(schema) || schema["maxLength"]?.GetValue<int>() > LongText,
            },
            _ => null,
        };
    }

    /// <summary>Follows references, and of alternatives takes the one that is not null.</summary>
    static JsonObject Resolve(JsonObject schema, JsonObject schemas)
    {
        while (true)
        {
            if (schema["$ref"]?.ToString() is { } reference)
            {
                schema = schemas[reference[Reference.Length..]]!.AsObject();
            }
            else if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray alternatives)
            {
                schema = alternatives.OfType<JsonObject>().First(alternative => alternative["type"]?.ToString() != "null");
            }
            else
            {
                return schema;
            }
        }
    }

    static string? TypeOf(JsonObject schema) =>
        schema["type"] is JsonArray types ? types.Select(type => type!.ToString()).First(type => type != "null") : schema["type"]?.ToString();

    static bool IsWriteOnly(JsonObject schema) => schema["writeOnly"]?.GetValue<bool>() == true;
}

internal enum ShapeKind
{
    Object,
    List,
    Text,
    Number,
    Flag,
    Choice,
}
