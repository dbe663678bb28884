using System.Globalization;
using System.Text.Json;

namespace MailPlugin.TestBed.OpenApi;

/// <summary>Holds real answers of the API against its OpenAPI document.</summary>
/// <param name="document">What <c>GET /openapi.json</c> answered.</param>
public sealed class OpenApiAnswers(JsonElement document)
{
    readonly JsonSchema _schemas = new(document);

    /// <summary>Throws unless the document describes this answer.</summary>
    /// <param name="method">Such as <c>GET</c>.</param>
    /// <param name="path">As it was called, below the base path, such as <c>/keys/k_1</c>; a query does no harm.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="json">The answer's body; null when it has none.</param>
    /// <exception cref="OpenApiMismatchException">Path, method or status is not described, or the body is not as described.</exception>
    public void Check(string method, string path, int status, JsonElement? json)
    {
        var call = $"{method} {path} {status}";
        var response = ResponseOf(method, path, status) ?? throw new OpenApiMismatchException($"{call}: is not described");
        var content = response.TryGetProperty("content", out var described) ? described : (JsonElement?)null;
        if (json is not { } body)
        {
            if (content is not null)
            {
                throw new OpenApiMismatchException($"{call}: has no body, and one is described");
            }

            return;
        }

        var isProblem = status >= 400 && body.ValueKind == JsonValueKind.Object && body.TryGetProperty("type", out _);
        var type = isProblem ? "application/problem+json" : "application/json";
        if (content is not { } types || !types.TryGetProperty(type, out var media))
        {
            throw new OpenApiMismatchException($"{call}: has a body of {type}, and none is described");
        }

        var faults = _schemas.Check(media.GetProperty("schema"), body);
        if (faults.Count > 0)
        {
            throw new OpenApiMismatchException($"{call}: {string.Join("\n", faults)}");
        }
    }

    /// <summary>The same for a body as text; an empty one is none.</summary>
    public void Check(string method, string path, int status, string text)
    {
        if (text.Length == 0)
        {
            Check(method, path, status, (JsonElement?)null);
            return;
        }

        using var json = JsonDocument.Parse(text);
        Check(method, path, status, json.RootElement);
    }

    /// <summary>The same for one line of an answer that comes in lines, or the data of one event.</summary>
    public void CheckLine(string method, string path, string line, string mediaType = "application/x-ndjson")
    {
        var call = $"{method} {path}, {line}";
        var response = ResponseOf(method, path, 200) ?? throw new OpenApiMismatchException($"{call}: is not described");
        if (!response.GetProperty("content").TryGetProperty(mediaType, out var media))
        {
            throw new OpenApiMismatchException($"{call}: lines are not described");
        }

        using var json = JsonDocument.Parse(line);
        var faults = _schemas.Check(media.GetProperty("schema"), json.RootElement);
        if (faults.Count > 0)
        {
            throw new OpenApiMismatchException($"{call}: {string.Join("\n", faults)}");
        }
    }

    JsonElement? ResponseOf(string method, string path, int status)
    {
        var segments = path.Split('?')[0].Split('/');
        foreach (var template in document.GetProperty("paths").EnumerateObject().Where(item => Fits(item.Name.Split('/'), segments)).OrderBy(item => item.Name.Count(c => c == '{')))
        {
            if (template.Value.TryGetProperty(method.ToLowerInvariant(), out var operation)
                && operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var response))
            {
                return response;
            }
        }

        return null;
    }

    static bool Fits(string[] template, string[] path) =>
        template.Length == path.Length && template.Zip(path).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
}

/// <summary>An answer is not as the document says.</summary>
public sealed class OpenApiMismatchException(string message) : Exception(message);
