using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings;

/// <summary>Settings as <c>GET</c> and <c>PUT /settings</c> answer them, with their ETag.</summary>
internal static class SettingsAnswer
{
    public static IResult Ok(HttpContext context, VersionedSettings settings)
    {
        context.Response.Headers.ETag = Tag(settings.Version);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(Body(settings, RequestLanguage.Of(context)), SettingsDocument.Json);
    }

    /// <summary>Someone else saved in between: the version in force goes with the refusal.</summary>
    public static ProblemResult Stale(VersionedSettings current) => Problem.Of("stale-version") with
    {
        Extend = (json, language) => json["current"] = Body(current, language),
    };

    public static string Tag(int version) => $"\"{version.ToString(System.Globalization.CultureInfo.InvariantCulture)}\"";

    public static JsonObject Body(VersionedSettings settings, Language language)
    {
        var json = new JsonObject
        {
            ["version"] = settings.Version,
            ["updatedAt"] = settings.UpdatedAt is { } at ? TimeText.Of(at) : null,
            ["updatedBy"] = settings.UpdatedBy,
        };
        foreach (var (name, value) in SettingsDocument.Write(settings.Settings))
        {
            json[name] = value?.DeepClone();
        }

        json["locked"] = new JsonObject(settings.Host.Locked(settings.Settings).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        json["warnings"] = new JsonArray([.. settings.Notices.Select(notice => (notice.Path, notice.Text)).Concat(SettingsWarnings.Of(settings.Settings))
            .Select(warning => new JsonObject { ["path"] = warning.Path, ["text"] = warning.Text.In(language) })]);
        return json;
    }
}
