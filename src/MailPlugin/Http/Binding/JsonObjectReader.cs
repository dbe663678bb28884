using System.Text.Json;
using System.Text.RegularExpressions;

namespace MailPlugin.Http.Binding;

/// <summary>
/// Reads one JSON object property by property and notes every fault with its path instead of stopping at the first, as the
/// framework's binding does. <see cref="Complete"/> then refuses what nobody asked for.
/// </summary>
/// <remarks>Values that are decided elsewhere can be laid over the object: they are read instead of its own.</remarks>
internal sealed partial class JsonObjectReader
{
    static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(new { });

    readonly JsonElement _element;
    readonly DecidedValues _decided;
    readonly Faults _faults;
    readonly Dictionary<string, JsonElement> _properties = new(StringComparer.Ordinal);
    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public JsonObjectReader(JsonElement element, string path, Faults faults, JsonElement decided = default)
    {
        Path = path;
        _faults = faults;
        _element = element;
        _decided = new(decided);
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(path, "must be an object");

            // What is no object has no parts: whatever its reader misses in it is not told.
            _element = default;
            _faults = new();
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (JsonText.NameOf(property) is { } name)
            {
                _properties[name] = property.Value;
            }
        }
    }

    public string Path { get; }

    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public void Fault(string name, string message) => _faults.Add(PathOf(name), message);

    public bool HasFault(string name) => _faults.At(PathOf(name));

    /// <summary>Whether the property is there, be it null.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>Properties that answers carry and requests may repeat.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _known.Add(name);
        }
    }

    public string? Text(string name, int maxLength = 998)
    {
        if (!TryGetValue(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Fault(name, "must be a string");
            return null;
        }

        if (JsonText.Of(value) is not { } text)
        {
            Fault(name, "must be valid Unicode");
            return null;
        }

        if (text.Length > maxLength)
        {
            Fault(name, $"must be at most {maxLength} characters long");
            return null;
        }

        return text;
    }

    /// <summary>A string on one line: what may stand in a header or a command.</summary>
    public string? Line(string name, int maxLength = 998)
    {
        var text = Text(name, maxLength);
        if (text is not null && text.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'))
        {
            Fault(name, "must not contain line breaks or other control characters");
            return null;
        }

        return text;
    }

    public int Number(string name, int defaultValue, int minimum, int maximum) =>
        OptionalNumber(name, minimum, maximum) ?? defaultValue;

    public int? OptionalNumber(string name, int minimum, int maximum)
    {
        if (!TryGetValue(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            Fault(name, $"must be a whole number between {minimum} and {maximum}");
            return null;
        }

        if (number < minimum || number > maximum)
        {
            Fault(name, $"must be between {minimum} and {maximum}");
            return null;
        }

        return number;
    }

    public bool Flag(string name, bool defaultValue)
    {
        if (!TryGetValue(name, out var value))
        {
            return defaultValue;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Fault(name, "must be true or false");
        return defaultValue;
    }

    public DateTimeOffset? Time(string name)
    {
        if (!TryGetValue(name, out var value))
        {
            return null;
        }

        // Without an offset the reader would take the host's own.
        if (JsonText.Of(value) is { } text && Offset().IsMatch(text) && value.TryGetDateTimeOffset(out var time))
        {
            return time.ToUniversalTime();
        }

        Fault(name, "must be a time such as 2026-11-21T08:00:00Z (RFC 3339)");
        return null;
    }

    /// <summary>One of the enum's values, written in camelCase.</summary>
    public T Choice<T>(string name, T defaultValue)
        where T : struct, Enum => OptionalChoice<T>(name) ?? defaultValue;

    public T? OptionalChoice<T>(string name)
        where T : struct, Enum
    {
        if (!TryGetValue(name, out var value))
        {
            return null;
        }

        if (JsonText.Of(value) is { } text && EnumText.TryParse<T>(text, out var parsed))
        {
            return parsed;
        }

        Fault(name, $"must be one of {EnumText.List<T>()}");
        return null;
    }

    public JsonObjectReader? Object(string name)
    {
        var decided = _decided.Part(name, JsonValueKind.Object);
        if (!TryGetValue(name, out var value))
        {
            return decided is null ? null : new JsonObjectReader(Nothing, PathOf(name), _faults, decided.Value);
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new JsonObjectReader(value, PathOf(name), _faults, decided ?? default);
        }

        Fault(name, "must be an object");
        return null;
    }

    /// <summary>The items of an array; an absent or null one is empty.</summary>
    public IReadOnlyList<JsonElement> Items(string name, int maxCount)
    {
        if (!TryGetValue(name, out var value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(name, "must be a list");
            return [];
        }

        if (value.GetArrayLength() > maxCount)
        {
            Fault(name, $"must have at most {maxCount} items");
            return [];
        }

        return [.. value.EnumerateArray()];
    }

    /// <summary>Objects of an array, each with the path <c>name[index]</c>.</summary>
    public IEnumerable<JsonObjectReader> Objects(string name, int maxCount, Func<JsonElement, string?>? idOf = null) =>
        Objects(name, maxCount, idOf, static _ => null, static _ => false);

    /// <summary>Objects of an array, to which decided ones are laid that have the same key; of the others those that can stand alone come last.</summary>
    public IEnumerable<JsonObjectReader> Objects(
        string name, int maxCount, Func<JsonElement, string?>? idOf, Func<JsonElement, string?> keyOf, Func<JsonElement, bool> standsAlone)
    {
        var decided = _decided.Part(name, JsonValueKind.Array)?.EnumerateArray().ToDictionary(item => keyOf(item) ?? "") ?? [];
        var index = 0;
        foreach (var item in Items(name, maxCount))
        {
            JsonElement over = default;
            if (keyOf(item) is { } key)
            {
                decided.Remove(key, out over);
            }

            yield return Item(item, item, over);
        }

        foreach (var item in decided.Values.Where(standsAlone))
        {
            yield return Item(item, Nothing, item);
        }

        JsonObjectReader Item(JsonElement named, JsonElement own, JsonElement over)
        {
            var selector = idOf?.Invoke(named) is { } id ? $"id={id}" : index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            index++;
            return new(own, $"{PathOf(name)}[{selector}]", _faults, over);
        }
    }

    /// <summary>The raw value, for what is read by someone else. False when absent or null.</summary>
    public bool TryGetValue(string name, out JsonElement value) =>
        TryGet(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Refuses properties that were not read, and names that stand twice.</summary>
    public void Complete()
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in _element.EnumerateObject())
        {
            if (JsonText.NameOf(property) is not { } name)
            {
                _faults.Add(Path, "has a property whose name is not valid Unicode");
            }
            else if (!_known.Contains(name))
            {
                Fault(Faults.Shortened(name), "is not known here");
            }
            else if (!seen.Add(name))
            {
                Fault(name, "must stand only once");
            }
        }
    }

    bool TryGet(string name, out JsonElement value)
    {
        _known.Add(name);
        return _decided.TryGet(name, out value) || _properties.TryGetValue(name, out value);
    }

    [GeneratedRegex("T.*(Z|[+-][0-9]{2}:[0-9]{2})\\z")]
    private static partial Regex Offset();
}
