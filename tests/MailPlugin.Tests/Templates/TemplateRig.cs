using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Http.OpenApi;

namespace MailPlugin.Tests.Templates;

/// <summary>Calls to the template routes; every answer is held to the description.</summary>
internal static class TemplateRig
{
    public static async Task<Answer> CallAsync(this PluginHost host, HttpMethod method, string path, JsonNode? body = null, string? etag = null, string? language = null)
    {
        var answer = await host.SendAsync(method, path, body, host.Key, request =>
        {
            if (etag is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", etag);
            }

            if (language is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept-Language", language);
            }
        });
        TheDocument.Answers.Check(method.Method, "/" + path, answer.Status, answer.Text);
        return answer;
    }

    public static Task<Answer> ReadAsync(this PluginHost host, string path) => host.CallAsync(HttpMethod.Get, path);

    /// <summary>Saves over whatever is there.</summary>
    public static Task<Answer> SaveAsync(this PluginHost host, string name, JsonObject text, string etag = "*") => host.CallAsync(HttpMethod.Put, $"templates/{name}", text, etag);

    public static Task<Answer> PreviewAsync(this PluginHost host, string name, JsonObject request) => host.CallAsync(HttpMethod.Post, $"templates/{name}/preview", request);

    public static JsonObject Text(string subject, string? text = null, string? html = null) => new() { ["subject"] = subject, ["text"] = text ?? (html is null ? "Hello" : null), ["html"] = html };

    public static JsonObject Draft(JsonObject draft, JsonObject? model = null) => new() { ["draft"] = draft, ["model"] = model ?? [] };

    public static string Message(this Answer answer) => answer["message"] ?? answer.Text;
}
