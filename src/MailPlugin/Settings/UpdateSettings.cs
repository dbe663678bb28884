using System.Globalization;
using System.Security.Claims;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings.Store;
using MailPlugin.Settings.Versions;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Settings;

/// <summary><c>PUT /settings</c>: replaces the whole, if it is still what the caller saw.</summary>
internal static class UpdateSettings
{
    public const int MaxBytes = 256 * 1024;

    public static async Task<IResult> HandleAsync(HttpContext context, ClaimsPrincipal caller, SettingsRegister register, IAuditLog audit)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var (current, refused) = await SettingsPrecondition.CheckAsync(context, register);
        if (refused is not null)
        {
            return refused;
        }

        var (settings, invalid) = SettingsDraft.Read(body.Root, current, "");
        if (settings is null)
        {
            return invalid!;
        }

        if (await register.SaveAsync(settings, current, caller.Name(), context.RequestAborted) is not { } saved)
        {
            return SettingsAnswer.Stale(register.Current);
        }

        var changes = SettingsDiff.Summary(SettingsDiff.Between(current.Settings, saved.Settings));
        await audit.WriteAsync(caller.Name(), "settings saved", string.Create(CultureInfo.InvariantCulture, $"version {saved.Version}"), changes, context.RequestAborted);
        return SettingsAnswer.Ok(context, saved);
    }
}
