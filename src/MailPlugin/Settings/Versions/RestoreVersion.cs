using System.Globalization;
using System.Security.Claims;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings.Versions;

/// <summary><c>POST /settings/versions/{n}/restore</c>: saves what a version said as a new one, by the rules of today.</summary>
internal static class RestoreVersion
{
    public static async Task<IResult> HandleAsync(string n, HttpContext context, ClaimsPrincipal caller, SettingsRegister register, IAuditLog audit)
    {
        if (VersionNumber.Parse(n) is not { } number || await register.FindAsync(number, context.RequestAborted) is not { } version)
        {
            return Problem.NotFound();
        }

        var (current, refused) = await SettingsPrecondition.CheckAsync(context, register);
        if (refused is not null)
        {
            return refused;
        }

        var (settings, invalid) = SettingsDraft.OfVersion(version, current);
        if (settings is null)
        {
            return invalid!;
        }

        if (await register.SaveAsync(settings, current, caller.Name(), context.RequestAborted) is not { } saved)
        {
            return SettingsAnswer.Stale(register.Current);
        }

        var changes = SettingsDiff.Summary(SettingsDiff.Between(current.Settings, saved.Settings));
        await audit.WriteAsync(
            caller.Name(), "settings restored", string.Create(CultureInfo.InvariantCulture, $"version {saved.Version}"),
            string.Create(CultureInfo.InvariantCulture, $"from version {number}: {changes}"), context.RequestAborted);
        return SettingsAnswer.Ok(context, saved);
    }
}
