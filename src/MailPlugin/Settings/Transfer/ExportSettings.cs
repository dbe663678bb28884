using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings.Transfer;

/// <summary><c>GET /settings/export</c>: the settings in force, without secrets, as a file that import takes.</summary>
internal static class ExportSettings
{
    /// <summary>Says what the file is, and in which form.</summary>
    public const string Mark = "mailplugin-settings";

    public static IResult Handle(HttpContext context, ISettingsSource settings, TimeProvider clock)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"mail-settings.json\"";
        return Results.Json(
            new JsonObject
            {
                ["format"] = Mark,
                ["product"] = ProductVersion.Text,
                ["exportedAt"] = TimeText.Of(clock.GetUtcNow()),
                ["settings"] = SettingsDocument.Write(settings.Current.Settings),
            },
            SettingsDocument.Json);
    }
}
