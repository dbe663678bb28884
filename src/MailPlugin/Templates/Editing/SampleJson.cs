using System.Text.Json.Nodes;

namespace MailPlugin.Templates.Editing;

/// <summary>A model as JSON again.</summary>
internal static class SampleJson
{
    public static JsonObject Write(IReadOnlyDictionary<string, object?> model)
    {
        var json = new JsonObject();
        foreach (var (name, value) in model)
        {
            json[name] = Node(value);
        }

        return json;
    }

    static JsonNode? Node(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> map => Write(map),
        IEnumerable<object?> list => new JsonArray([.. list.Select(Node)]),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        long whole => JsonValue.Create(whole),
        decimal exact => JsonValue.Create(exact),
        double number => JsonValue.Create(number),
        _ => null,
    };
}
