using MailPlugin.Http;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings.Presets;

/// <summary><c>GET /presets</c>: name and warning in the caller's language, notes and steps in both.</summary>
internal static class ListPresets
{
    public static IResult Handle(HttpContext context, TimeProvider clock)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var language = RequestLanguage.Of(context);
        context.Response.Headers.Vary = "Accept-Language";
        return Results.Ok(new { items = PresetCatalog.All.Select(preset => View(preset, today, language)) });
    }

    static object View(Preset preset, DateOnly today, Language language) => new
    {
        preset.Id,
        name = preset.Name.In(language),
        preset.Hosts,
        preset.Ports,
        preset.Username,
        preset.Credential,
        preset.From,
        preset.Domains,
        steps = new { en = preset.Steps.Select(step => step.English), zh = preset.Steps.Select(step => step.Chinese) },
        notes = new { en = preset.Notes.English, zh = preset.Notes.Chinese },
        preset.OfficialUrl,
        preset.Source,
        preset.CheckedOn,
        preset.Unverified,
        warning = preset.Warning(today)?.In(language),
    };
}
