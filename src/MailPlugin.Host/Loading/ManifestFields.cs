using System.Text.Json;

namespace MailPlugin.Host.Loading;

/// <summary>Takes the properties of one JSON object by name, and notes each fault instead of stopping at the first.</summary>
internal sealed class ManifestFields
{
    readonly Dictionary<string, JsonElement> _rest = new(StringComparer.Ordinal);
    readonly string _prefix;
    readonly List<string> _faults;
    readonly bool _isObject;

    public ManifestFields(JsonElement element, string prefix, List<string> faults)
    {
        _prefix = prefix;
        _faults = faults;
        _isObject = element.ValueKind == JsonValueKind.Object;
        if (!_isObject)
        {
            faults.Add(prefix.Length == 0 ? "must be an object" : $"{prefix.TrimEnd('.')}: must be an object");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            _rest[property.Name] = property.Value;
        }
    }

    /// <summary>The text, or an empty one when a fault was noted.</summary>
    public string Text(string name, ManifestRule rule)
    {
        if (!_rest.Remove(name, out var value))
        {
            return Fault(name, "is missing");
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Fault(name, "must be a text");
        }

        var text = value.GetString()!;
        return rule.Accepts(text) ? text : Fault(name, rule.Demand);
    }

    public IEnumerable<(JsonElement Element, string Path)> OptionalList(string name)
    {
        if (!_rest.Remove(name, out var value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(name, "must be a list");
            return [];
        }

        return value.EnumerateArray().Select((element, index) => (element, $"{_prefix}{name}[{index}]"));
    }

    /// <summary>To be called last: whatever nobody asked for is unknown.</summary>
    public void RefuseTheRest()
    {
        foreach (var name in _rest.Keys)
        {
            Fault(name, "is not a known property");
        }
    }

    string Fault(string name, string what)
    {
        if (_isObject)
        {
            _faults.Add($"{_prefix}{name}: {what}");
        }

        return "";
    }
}
