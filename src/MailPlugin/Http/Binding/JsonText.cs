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
