using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MailPlugin.TestBed.OpenApi;

/// <summary>
/// Checks JSON against the part of JSON Schema 2020-12 that the API's document uses. A keyword that it does not know is a fault of the
/// schema (<see cref="FaultsOf"/>), so that nothing a schema says goes unchecked.
/// </summary>
public sealed class JsonSchema(JsonElement document)
{
    static readonly string[] Types = ["object", "array", "string", "integer", "number", "boolean", "null"];

    /// <summary>For people, or checked elsewhere.</summary>
    static readonly string[] Annotations = ["description", "example", "default", "format", "writeOnly"];

    /// <summary>What is wrong with a value, each with its path; empty when it fits.</summary>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults;
    }

    /// <summary>What is wrong with a schema, those below it included; references are followed once.</summary>
    public IReadOnlyList<string> FaultsOf(JsonElement schema)
    {
        var faults = new List<string>();
        CheckSchema(schema, "#", faults, []);
        return faults;
    }

    /// <summary>What a reference such as <c>#/components/schemas/Problem</c> leads to; null when it leads nowhere.</summary>
    public JsonElement? Resolve(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        var place = document;
        foreach (var segment in reference[2..].Split('/'))
        {
            var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(name, out place))
            {
                return null;
            }
        }

        return place;
    }

    void Check(JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var rule = keyword.Value;
            switch (keyword.Name)
            {
                case "$ref":
                    Check(Resolve(rule.GetString()!) ?? throw new InvalidOperationException($"{rule} leads nowhere."), value, path, faults);
                    break;
                case "type" when !TypesOf(rule).Any(type => Is(value, type)):
                    faults.Add($"{path}: is {value.ValueKind}, not {string.Join(" or ", TypesOf(rule))}");
                    break;
                case "enum" when !rule.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)):
                    faults.Add($"{path}: {value.GetRawText()} is none of {rule.GetRawText()}");
                    break;
                case "const" when !JsonElement.DeepEquals(rule, value):
                    faults.Add($"{path}: {value.GetRawText()} is not {rule.GetRawText()}");
                    break;
                case "allOf":
                    rule.EnumerateArray().ToList().ForEach(part => Check(part, value, path, faults));
                    break;
                case "oneOf":
                    CheckOneOf(rule, value, path, faults);
                    break;
                default:
                    CheckByKind(keyword, schema, value, path, faults);
                    break;
            }
        }
    }

    void CheckOneOf(JsonElement choices, JsonElement value, string path, List<string> faults)
    {
        var tried = choices.EnumerateArray().Select(choice => Tried(choice, value, path)).ToList();
        if (tried.Count(found => found.Count == 0) != 1)
        {
            faults.Add($"{path}: fits {tried.Count(found => found.Count == 0)} of {tried.Count} choices ({string.Join("; ", tried.SelectMany(found => found))})");
        }
    }

    List<string> Tried(JsonElement schema, JsonElement value, string path)
    {
        var faults = new List<string>();
        Check(schema, value, path, faults);
        return faults;
    }

    /// <summary>Keywords that speak of one kind of value and leave the others alone.</summary>
    void CheckByKind(JsonProperty keyword, JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(keyword, schema, value, path, faults);
                break;
            case JsonValueKind.Array:
                CheckArray(keyword, value, path, faults);
                break;
            case JsonValueKind.String:
                CheckText(keyword, value.GetString()!, path, faults);
                break;
            case JsonValueKind.Number:
                CheckNumber(keyword, value.GetDouble(), path, faults);
                break;
        }
    }

    void CheckObject(JsonProperty keyword, JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        switch (keyword.Name)
        {
            case "required":
                faults.AddRange(keyword.Value.EnumerateArray().Select(name => name.GetString()!)
                    .Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}: {name} is missing"));
                break;
            case "properties":
                foreach (var property in keyword.Value.EnumerateObject())
                {
                    if (value.TryGetProperty(property.Name, out var inner))
                    {
                        Check(property.Value, inner, $"{path}.{property.Name}", faults);
                    }
                }

                break;
            case "additionalProperties":
                foreach (var extra in value.EnumerateObject().Where(extra => !IsDeclared(schema, extra.Name)))
                {
                    if (keyword.Value.ValueKind == JsonValueKind.False)
                    {
                        faults.Add($"{path}: {extra.Name} is not described");
                    }
                    else if (keyword.Value.ValueKind == JsonValueKind.Object)
                    {
                        Check(keyword.Value, extra.Value, $"{path}.{extra.Name}", faults);
                    }
                }

                break;
        }
    }

    void CheckArray(JsonProperty keyword, JsonElement value, string path, List<string> faults)
    {
        var count = value.GetArrayLength();
        switch (keyword.Name)
        {
            case "items":
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Check(keyword.Value, item, $"{path}[{index++}]", faults);
                }

                break;
            case "minItems" when count < keyword.Value.GetInt32():
            case "maxItems" when count > keyword.Value.GetInt32():
                faults.Add($"{path}: has {count} items, {keyword.Name} is {keyword.Value}");
                break;
        }
    }

    static void CheckText(JsonProperty keyword, string text, string path, List<string> faults)
    {
        switch (keyword.Name)
        {
            case "minLength" when text.Length < keyword.Value.GetInt32():
            case "maxLength" when text.Length > keyword.Value.GetInt32():
                faults.Add($"{path}: has {text.Length} characters, {keyword.Name} is {keyword.Value}");
                break;
            case "pattern" when !Regex.IsMatch(text, keyword.Value.GetString()!, RegexOptions.ECMAScript | RegexOptions.CultureInvariant):
                faults.Add($"{path}: \"{text}\" does not match {keyword.Value}");
                break;
        }
    }

    static void CheckNumber(JsonProperty keyword, double number, string path, List<string> faults)
    {
        switch (keyword.Name)
        {
            case "minimum" when number < keyword.Value.GetDouble():
            case "maximum" when number > keyword.Value.GetDouble():
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {number}, {keyword.Name} is {keyword.Value}"));
                break;
        }
    }

    void CheckSchema(JsonElement schema, string path, List<string> faults, HashSet<string> seen)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{path}: a schema is an object");
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var (name, value, at) = (keyword.Name, keyword.Value, $"{path}/{keyword.Name}");
            switch (name)
            {
                case "$ref":
                    CheckReference(value, at, faults, seen);
                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    value.EnumerateObject().ToList().ForEach(property => CheckSchema(property.Value, $"{at}/{property.Name}", faults, seen));
                    break;
                case "items":
                case "additionalProperties" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
                    CheckSchema(value, at, faults, seen);
                    break;
                case "oneOf" or "allOf" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 1:
                    value.EnumerateArray().ToList().ForEach(part => CheckSchema(part, at, faults, seen));
                    break;
                default:
                    if (!Annotations.Contains(name) && !IsWellFormed(name, value))
                    {
                        faults.Add($"{at}: {value.GetRawText()} cannot stand here");
                    }

                    break;
            }
        }

        if (schema.TryGetProperty("example", out var example))
        {
            faults.AddRange(Check(schema, example).Select(fault => $"{path}/example: {fault}"));
        }
    }

    void CheckReference(JsonElement reference, string path, List<string> faults, HashSet<string> seen)
    {
        if (reference.ValueKind != JsonValueKind.String || Resolve(reference.GetString()!) is not { } target)
        {
            faults.Add($"{path}: {reference.GetRawText()} leads nowhere");
        }
        else if (seen.Add(reference.GetString()!))
        {
            CheckSchema(target, reference.GetString()!, faults, seen);
        }
    }

    static bool IsWellFormed(string keyword, JsonElement value) => keyword switch
    {
        "type" => TypesOf(value) is { Count: > 0 } types && types.All(type => Types.Contains(type)),
        "enum" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0,
        "required" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String),
        "const" => true,
        "pattern" => value.ValueKind == JsonValueKind.String,
        "minimum" or "maximum" => value.ValueKind == JsonValueKind.Number,
        "minLength" or "maxLength" or "minItems" or "maxItems" => value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out _),
        "additionalProperties" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => false,
    };

    static IReadOnlyList<string?> TypesOf(JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.String => [type.GetString()],
        JsonValueKind.Array => [.. type.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)],
        _ => [],
    };

    static bool Is(JsonElement value, string? type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };

    static bool IsDeclared(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);
}
