using System.Text.Json.Nodes;
using MailPlugin.Http.Problems;

namespace MailPlugin.Http.OpenApi;

/// <summary>An example of every problem type, taken from the catalog that the answers come from.</summary>
internal static class ProblemExamples
{
    /// <summary>The examples' types begin with the base path that an API has unless told otherwise.</summary>
    const string BasePath = "/api/mail";

    public static void AddTo(JsonObject components)
    {
        var examples = new JsonObject();
        foreach (var type in ProblemCatalog.Types)
        {
            examples[type.Slug] = new JsonObject
            {
                ["summary"] = type.Title.English,
                ["value"] = new ProblemResult(type, null).ToJson(BasePath, Language.English),
            };
        }

        components["examples"] = examples;
    }

    public static JsonObject Of(ProblemType type) => new() { ["$ref"] = $"#/components/examples/{type.Slug}" };
}
