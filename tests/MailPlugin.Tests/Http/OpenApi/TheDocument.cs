using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.OpenApi;
using MailPlugin.TestBed.OpenApi;

namespace MailPlugin.Tests.Http.OpenApi;

/// <summary>The document that this build serves.</summary>
internal static class TheDocument
{
    static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    public static JsonElement Root { get; } = JsonDocument.Parse(GetOpenApi.Write("/api/mail")).RootElement;

    public static JsonSchema Schemas { get; } = new(Root);

    public static OpenApiAnswers Answers { get; } = new(Root);

    public static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations { get; } =
        [.. Root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => (operation.Name, path.Name, operation.Value)))];

    public static bool IsMethod(string name) => Methods.Contains(name);

    /// <summary>Slugs that problem responses of operations name.</summary>
    public static IReadOnlySet<string> Slugs(JsonElement root) => root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
        .SelectMany(operation => operation.Value.GetProperty("responses").EnumerateObject())
        .SelectMany(response => response.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out var problem)
            ? problem.GetProperty("examples").EnumerateObject().Select(example => example.Name) : [])
        .ToHashSet();

    /// <summary>Every object below, itself included, with its path.</summary>
    public static IEnumerable<(string Path, JsonElement Value)> Walk(JsonElement element, string path = "#")
    {
        yield return (path, element);
        var inner = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Walk(property.Value, $"{path}/{property.Name}")),
            JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => Walk(item, $"{path}/{index}")),
            _ => [],
        };
        foreach (var item in inner)
        {
            yield return item;
        }
    }

    public static JsonElement Of(JsonNode node) => JsonSerializer.SerializeToElement(node);
}
