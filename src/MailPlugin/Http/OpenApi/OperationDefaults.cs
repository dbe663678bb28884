using System.Globalization;
using System.Text.Json.Nodes;
using MailPlugin.Http.Problems;
using MailPlugin.Security;

namespace MailPlugin.Http.OpenApi;

/// <summary>
/// Writes out what operations have in common, so that a fragment says only what is its own: who may call (<c>x-scope</c>: a scope, <c>any</c>
/// or <c>open</c>) and which problems are its own (<c>x-problems</c>, slugs). Both are gone from the finished document.
/// </summary>
internal static class OperationDefaults
{
    const string Open = "open";
    const string MediaType = "application/problem+json";

    public static void Complete(string path, string method, JsonObject operation)
    {
        var scope = Take(operation, "x-scope")?.GetValue<string>() ?? throw new InvalidOperationException($"{method} {path} does not say who may call it.");
        var slugs = Take(operation, "x-problems")?.AsArray().Select(slug => slug!.GetValue<string>()).ToList() ?? [];
        var changes = method is not "get";
        if (changes)
        {
            Add(operation, "parameters", new JsonObject { ["$ref"] = "#/components/parameters/CsrfToken" });
        }

        operation["security"] ??= Security(scope);
        AddProblems(operation, slugs.Concat(Common(scope, changes, operation.ContainsKey("requestBody"))));
    }

    static JsonArray Security(string scope)
    {
        if (scope == Open)
        {
            return [];
        }

        JsonArray roles = scope == Scopes.Any ? [] : [scope];
        return [new JsonObject { ["bearer"] = roles }, new JsonObject { ["signIn"] = roles.DeepClone() }];
    }

    /// <summary>What can happen to every call of this kind.</summary>
    static IEnumerable<string> Common(string scope, bool changes, bool hasBody)
    {
        if (hasBody)
        {
            yield return "invalid-json";
            yield return "too-large";
            yield return "unsupported-media-type";
        }

        if (scope != Open)
        {
            yield return "unauthenticated";
            yield return "rate-limited";
        }

        if (scope is not (Open or Scopes.Any))
        {
            yield return "forbidden";
        }

        if (changes)
        {
            yield return "csrf-invalid";
        }

        yield return "internal";
        yield return "queue-unavailable";
    }

    static void AddProblems(JsonObject operation, IEnumerable<string> slugs)
    {
        var responses = operation["responses"]!.AsObject();
        foreach (var status in slugs.Distinct().Select(ProblemCatalog.Get).GroupBy(type => type.Status).OrderBy(group => group.Key))
        {
            var name = status.Key.ToString(CultureInfo.InvariantCulture);
            var response = responses[name]?.AsObject() ?? [];
            responses[name] ??= response;
            Describe(response, [.. status]);
        }
    }

    /// <summary>A problem response; a schema that the fragment gives stays, and its types are narrowed to those that can occur here.</summary>
    static void Describe(JsonObject response, IReadOnlyList<ProblemType> types)
    {
        if (response["content"] is JsonObject other && !other.ContainsKey(MediaType))
        {
            // The fragment says that this status is no problem here.
            return;
        }

        response["description"] ??= string.Join(". ", types.Select(type => type.Title.English)) + ".";
        AddHeaders(response, types[0].Status);
        var content = (response["content"] ??= new JsonObject { [MediaType] = new JsonObject() })[MediaType]!.AsObject();
        var schema = Take(content, "schema") ?? new JsonObject { ["$ref"] = "#/components/schemas/Problem" };
        content["schema"] = new JsonObject
        {
            ["allOf"] = new JsonArray(schema, new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["type"] = new JsonObject { ["pattern"] = $"/problems/({string.Join('|', types.Select(type => type.Slug))})$" },
                    ["status"] = new JsonObject { ["const"] = types[0].Status },
                },
            }),
        };
        content["examples"] = new JsonObject(types.Select(type => KeyValuePair.Create<string, JsonNode?>(type.Slug, ProblemExamples.Of(type))));
    }

    static void AddHeaders(JsonObject response, int status)
    {
        var header = status switch
        {
            401 => "WWW-Authenticate",
            429 or 503 => "Retry-After",
            _ => null,
        };
        if (header is not null)
        {
            response["headers"] = new JsonObject { [header] = new JsonObject { ["$ref"] = $"#/components/headers/{header}" } };
        }
    }

    static void Add(JsonObject operation, string list, JsonObject item) => (operation[list] ??= new JsonArray()).AsArray().Add(item);

    static JsonNode? Take(JsonObject json, string name)
    {
        var value = json[name];
        json.Remove(name);
        return value;
    }
}
