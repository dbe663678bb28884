using System.Text.Json;

namespace MailPlugin.Http.Binding;

/// <summary>Strings of JSON that may not be strings: a lone surrogate escaped as <c>\ud800</c> parses, but cannot be read.</summary>
internal static class JsonText
{
    public static string? Of(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What a string says in base64; null where it is neither.</summary>
    public static byte[]? Bytes(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String && element.TryGetBytesFromBase64(out var bytes) ? bytes : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A property by its name; the last one where it stands twice. The framework's own search throws at a name that is none.</summary>
    public static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        var found = false;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (NameOf(property) == name)
                {
                    (value, found) = (property.Value, true);
                }
            }
        }

        return found;
    }

    public static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
