using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings;

/// <summary><c>GET /settings</c>.</summary>
internal static class GetSettings
{
    public static IResult Handle(HttpContext context, ISettingsSource settings) => SettingsAnswer.Ok(context, settings.Current);
}
