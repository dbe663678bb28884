using System.Text.Json.Nodes;

namespace MailPlugin.Http.OpenApi;

/// <summary>The document's parts, one file for each slice of the API, embedded in the assembly. <c>base.json</c> comes first.</summary>
internal static class OpenApiFragments
{
    const string Prefix = "openapi/";

    public static IReadOnlyList<JsonObject> Read()
    {
        var assembly = typeof(OpenApiFragments).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(name => name == Prefix + "base.json" ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal)
            .Select(name => Parse(assembly.GetManifestResourceStream(name)!))];
    }

    static JsonObject Parse(Stream stream)
    {
        using (stream)
        {
            return JsonNode.Parse(stream)!.AsObject();
        }
    }
}
