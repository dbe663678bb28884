using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Settings.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings.Versions;

/// <summary><c>GET /settings/versions/{n}</c>: what was saved, and what it changed of the version before or of another one.</summary>
internal static class GetVersion
{
    public static async Task<IResult> HandleAsync(string n, HttpContext context, SettingsRegister register)
    {
        if (VersionNumber.Parse(n) is not { } number || await register.FindAsync(number, context.RequestAborted) is not { } version)
        {
            return Problem.NotFound();
        }

        var (against, problem) = await AgainstAsync(version.Version, context, register);
        if (problem is not null)
        {
            return problem;
        }

        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new JsonObject
            {
                ["version"] = version.Version,
                ["updatedAt"] = TimeText.Of(version.UpdatedAt),
                ["updatedBy"] = version.UpdatedBy,
                ["settings"] = SettingsDocument.Write(version.Settings),
                ["locked"] = version.Document[SavedSettings.LockedProperty]?.DeepClone() ?? new JsonObject(),
                ["against"] = against?.Version,
                ["diff"] = new JsonArray([.. (against is null ? [] : SettingsDiff.Between(against.Settings, version.Settings)).Select(change => change.ToJson())]),
            },
            SettingsDocument.Json);
    }

    /// <summary>The version to compare with. Of the version before, when it is not kept any more, there is nothing to tell.</summary>
    static async Task<(SavedSettings? Against, ProblemResult? Problem)> AgainstAsync(int version, HttpContext context, SettingsRegister register)
    {
        var text = context.Request.Query["against"].ToString();
        if (text.Length == 0)
        {
            return (version == 1 ? SavedSettings.None : await register.FindAsync(version - 1, context.RequestAborted), null);
        }

        if (text == "0")
        {
            return (SavedSettings.None, null);
        }

        if (VersionNumber.Parse(text) is { } number && await register.FindAsync(number, context.RequestAborted) is { } other)
        {
            return (other, null);
        }

        var faults = new Faults();
        faults.Add("against", "must be the number of a version that is kept");
        return (null, Problem.Invalid("invalid-request", faults));
    }
}
