using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;

namespace MailPlugin.Settings.Transfer;

/// <summary>JSON as people paste it: with comments and trailing commas; where a name stands twice the last one holds, what is no text is left out.</summary>
internal static class LooseJson
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static JsonObject? Parse(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return Copy(document.RootElement) as JsonObject;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            // The second is a lone surrogate: JSON is UTF-8, and that is none.
            return null;
        }
    }

    static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    if (JsonText.NameOf(property) is { } name)
                    {
                        json[name] = Copy(property.Value);
                    }
                }

                return json;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.String:
                return JsonText.Of(element) is { } text ? JsonValue.Create(text) : null;
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
