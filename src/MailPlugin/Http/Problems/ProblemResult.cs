using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Pipeline;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.Problems;

/// <summary>An answer of <c>application/problem+json</c> (RFC 9457) in the caller's language.</summary>
internal sealed record ProblemResult(ProblemType Type, LocalizedText? Detail) : IResult
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Members beyond the standard ones, written as they are.</summary>
    public Action<JsonObject, Language>? Extend { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var language = RequestLanguage.Of(httpContext);
        var response = httpContext.Response;
        response.StatusCode = Type.Status;
        response.ContentType = "application/problem+json; charset=utf-8";
        response.Headers.ContentLanguage = language == Language.Chinese ? "zh-CN" : "en";
        if (Type.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await response.WriteAsync(ToJson(MountPoint.BasePathOf(httpContext), language).ToJsonString(Json), httpContext.RequestAborted);
    }

    public JsonObject ToJson(string basePath, Language language)
    {
        var json = new JsonObject
        {
            ["type"] = $"{basePath}/problems/{Type.Slug}",
            ["title"] = Type.Title.In(language),
            ["status"] = Type.Status,
            ["detail"] = (Detail ?? Type.Explanation).In(language),
        };
        if (Errors is not null)
        {
            json["errors"] = JsonSerializer.SerializeToNode(Errors.ToDictionary(error => error.Key, error => error.Value.Select(message => FaultTexts.In(language, message))), Json);
        }

        Extend?.Invoke(json, language);
        return json;
    }
}
