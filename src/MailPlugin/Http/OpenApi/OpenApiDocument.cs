using System.Text.Json;
using System.Text.Json.Nodes;

namespace MailPlugin.Http.OpenApi;

/// <summary>Puts the fragments together. Two that define the same path and method, or the same component, are a fault of the build.</summary>
internal static class OpenApiDocument
{
    public static JsonElement Build(IReadOnlyList<JsonObject> fragments)
    {
        var document = new JsonObject();
        foreach (var fragment in fragments)
        {
            Merge(document, fragment, "");
        }

        document["info"]!["version"] = ProductVersion.Text;
        ProblemExamples.AddTo(document["components"]!.AsObject());
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                OperationDefaults.Complete(path, method, operation!.AsObject());
            }
        }

        return JsonSerializer.SerializeToElement(document);
    }

    static void Merge(JsonObject target, JsonObject source, string at)
    {
        foreach (var (name, value) in source)
        {
            switch (target[name], value)
            {
                case (null, _):
                    target[name] = value?.DeepClone();
                    break;
                case (JsonObject into, JsonObject from):
                    Merge(into, from, $"{at}/{name}");
                    break;
                case (JsonArray into, JsonArray from):
                    from.ToList().ForEach(item => into.Add(item?.DeepClone()));
                    break;
                default:
                    throw new InvalidOperationException($"Two fragments define {at}/{name}.");
            }
        }
    }
}
