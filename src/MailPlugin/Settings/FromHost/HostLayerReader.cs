using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Options;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings.Reading;
using Microsoft.Extensions.Configuration;

namespace MailPlugin.Settings.FromHost;

/// <summary>Reads <c>MailPlugin:Settings</c> into a layer of values. What is not known or wrong is an <see cref="InvalidOptionException"/> that names the key.</summary>
/// <param name="configuration">The host's whole configuration.</param>
/// <param name="root">Where relative paths begin.</param>
internal sealed class HostLayerReader(IConfiguration configuration, string root)
{
    const string Section = "Settings";

    readonly List<HostValue> _values = [];
    readonly Dictionary<string, HostOrder> _order = new(StringComparer.Ordinal);
    readonly HashSet<string> _files = new(StringComparer.Ordinal);

    public HostLayer Read()
    {
        var section = configuration.GetSection($"{MailPluginOptions.Section}:{Section}");
        if (!IsSet(section))
        {
            return HostLayer.Empty;
        }

        var draft = JsonSerializer.SerializeToElement(Object(section, SettingsShape.Root, new(null, null, "", Section)));
        var layer = new HostLayer { Draft = draft, Values = _values, Order = _order, Files = _files };
        return HostLayerCheck.Of(layer);
    }

    JsonObject Object(IConfigurationSection section, SettingsShape shape, Place place)
    {
        if (section.Value is { Length: > 0 })
        {
            throw new InvalidOptionException(place.Key, $"must be given part by part, as in {place.Key}:{Capital(shape.Properties.Keys.First())}");
        }

        var json = new JsonObject();
        foreach (var child in section.GetChildren().Where(IsSet))
        {
            if (shape.Properties.TryGetValue(child.Key, out var property) && !(place.IsTransport && property.Name == "id"))
            {
                Add(json, property, place, child, Read(child, property, place.Below(property.Name, child.Key)));
            }
            else if (FileOf(child.Key, shape) is { } held)
            {
                Add(json, held, place, child, FromFile(child, held, place.Below(held.Name, child.Key)));
            }
            else if (place.IsTransport && child.Key.Equals("Order", StringComparison.OrdinalIgnoreCase))
            {
                _order[place.Transport!] = new(Number(child, place.Below("order", child.Key)), Origin(child));
            }
            else
            {
                throw new InvalidOptionException(
                    $"{place.Key}:{child.Key}", place.IsTransport && child.Key.Equals("Id", StringComparison.OrdinalIgnoreCase)
                        ? $"is not known: a transport's id is its key, as in {Section}:Transports:primary" : "is not known");
            }
        }

        return json;
    }

    JsonNode? Read(IConfigurationSection section, SettingsShape shape, Place place)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Object:
                return Object(section, shape, place);
            case ShapeKind.List when shape.Item!.Kind == ShapeKind.Object:
                return shape.Item.Properties.ContainsKey("id") ? Transports(section, shape.Item, place) : Dkim(section, shape.Item, place);
            case ShapeKind.List:
                return Note(section, place, Texts(section));
            default:
                return section.GetChildren().Any() ? throw new InvalidOptionException(place.Key, "must be one value") : Note(section, place, Value(section, shape, place), shape.IsSecret);
        }
    }

    static JsonValue? Value(IConfigurationSection section, SettingsShape shape, Place place) => shape.Kind switch
    {
        ShapeKind.Number => JsonValue.Create(Number(section, place)),
        ShapeKind.Flag => bool.TryParse(section.Value, out var flag) ? JsonValue.Create(flag) : throw new InvalidOptionException(place.Key, "must be true or false"),
        ShapeKind.Choice => shape.Choices.FirstOrDefault(choice => choice.Equals(section.Value, StringComparison.OrdinalIgnoreCase)) is { } choice
            ? JsonValue.Create(choice)
            : throw new InvalidOptionException(place.Key, $"must be one of {string.Join(", ", shape.Choices)}"),
        _ => JsonValue.Create(section.Value),
    };

    JsonArray Transports(IConfigurationSection section, SettingsShape shape, Place place)
    {
        var transports = new JsonArray();
        foreach (var child in section.GetChildren().Where(IsSet))
        {
            var id = child.Key.ToLowerInvariant();
            var key = $"{place.Key}:{child.Key}";
            if (TransportReader.ValidId(JsonSerializer.SerializeToElement(new { id })) is null)
            {
                throw new InvalidOptionException(key, "must have an id of 1 to 64 of a-z, 0-9 and - as its key");
            }

            var transport = new JsonObject { ["id"] = id };
            foreach (var (name, value) in Object(child, shape, new(id, null, "", key)).ToList())
            {
                transport[name] = value?.DeepClone();
            }

            ImplyMode(transport, id);
            transports.Add(transport);
        }

        return transports;
    }

    /// <summary>Whoever says how a mode works has chosen it.</summary>
    void ImplyMode(JsonObject transport, string id)
    {
        if (transport["mode"] is null && transport.FirstOrDefault(pair => pair.Value is JsonObject && EnumText.TryParse<TransportMode>(pair.Key, out _)).Key is { } mode)
        {
            transport["mode"] = mode;
            var reason = _values.First(value => value.Transport == id && value.Property.StartsWith(mode + ".", StringComparison.Ordinal));
            _values.Add(reason with { Property = "mode", Secret = null, IsImplied = true });
        }
    }

    JsonArray Dkim(IConfigurationSection section, SettingsShape shape, Place place)
    {
        var keys = new JsonArray();
        foreach (var child in section.GetChildren().Where(IsSet))
        {
            var key = $"{place.Key}:{child.Key}";
            if (child["Domain"] is not { Length: > 0 } domain || child["Selector"] is not { Length: > 0 } selector)
            {
                throw new InvalidOptionException(key, "needs Domain and Selector");
            }

            if (_values.Exists(value => value.Dkim == DkimReader.KeyOf(domain, selector)))
            {
                throw new InvalidOptionException($"{key}:Selector", "must be unique for its domain");
            }

            keys.Add(Object(child, shape, new(null, DkimReader.KeyOf(domain, selector), "", key)));
        }

        return keys;
    }

    JsonValue FromFile(IConfigurationSection section, SettingsShape held, Place place)
    {
        var path = section.Value is { Length: > 0 } text ? SecretFile.PathOf(text.Trim(), root, place.Key) : throw new InvalidOptionException(place.Key, "must be a path");
        var value = SecretFile.Read(path, place.Key);
        _files.Add(path);
        NoteFile(Origin(section, note: false));
        _values.Add(new(place.Transport, place.Dkim, place.Property, place.Key, $"file {path}") { Secret = held.IsSecret ? new Secret(value) : null });
        return JsonValue.Create(value);
    }

    JsonNode? Note(IConfigurationSection section, Place place, JsonNode? value, bool isSecret = false)
    {
        _values.Add(new(place.Transport, place.Dkim, place.Property, place.Key, Origin(section)) { Secret = isSecret ? new Secret(section.Value!) : null });
        return value;
    }

    string Origin(IConfigurationSection section) => Origin(section, note: true).Text;

    SettingOrigin Origin(IConfigurationSection section, bool note)
    {
        var origin = SettingOrigin.Of(configuration, section.Path);

        // A list has no value of its own: its first item says where it comes from.
        if (section.Value is null && section.GetChildren().FirstOrDefault() is { } first)
        {
            origin = SettingOrigin.Of(configuration, first.Path);
        }

        if (note)
        {
            NoteFile(origin);
        }

        return origin;
    }

    void NoteFile(SettingOrigin origin)
    {
        if (origin.File is { } file)
        {
            _files.Add(file);
        }
    }

    static void Add(JsonObject json, SettingsShape property, Place place, IConfigurationSection child, JsonNode? value)
    {
        if (json.ContainsKey(property.Name))
        {
            throw new InvalidOptionException($"{place.Key}:{child.Key}", $"stands beside {Capital(property.Name)}: only one of the two");
        }

        json[property.Name] = value;
    }

    static SettingsShape? FileOf(string key, SettingsShape shape) =>
        key.EndsWith("File", StringComparison.OrdinalIgnoreCase) && shape.Properties.TryGetValue(key[..^4], out var held) && held.MayBeFile ? held : null;

    static JsonArray Texts(IConfigurationSection section) => section.Value is { } list
        ? [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => JsonValue.Create(text))]
        : [.. section.GetChildren().Select(item => item.Value).OfType<string>().Select(text => JsonValue.Create(text))];

    static int Number(IConfigurationSection section, Place place) =>
        int.TryParse(section.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOptionException(place.Key, "must be a whole number");

    /// <summary>An empty value is none: so a variable can be blanked.</summary>
    static bool IsSet(IConfigurationSection section) => section.Value is { Length: > 0 } || section.GetChildren().Any(IsSet);

    static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>Where the reader is: in the settings, and in the configuration.</summary>
    sealed record Place(string? Transport, string? Dkim, string Property, string Key)
    {
        public bool IsTransport => Transport is not null && Property.Length == 0;

        public Place Below(string name, string key) => this with { Property = Property.Length == 0 ? name : $"{Property}.{name}", Key = $"{Key}:{key}" };
    }
}
